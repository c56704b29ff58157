package scenario

import (
	"errors"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// set takes one option of a scenario.
func (s *Scenario) set(key, value string) error {
	o := &s.Options
	switch key {
	case "kinds":
		s.Kinds = strings.Fields(value)
	case "fields":
		s.Fields = strings.Fields(value)
	case "ids":
		s.IDs = strings.Fields(value)
	case "checkout":
		s.URLs = append(s.URLs, value)
		o.Checkouts = append(o.Checkouts, convert.Checkout{URL: value, FS: s.Checkout()})
	case "source-url":
		given, err := convert.ParseSourceURL(value)
		o.SourceURLs = append(o.SourceURLs, given)
		return err
	default:
		return setField(o, key, value)
	}
	return nil
}

// setField takes an option that is a field of the conversion's.
func setField(o *convert.Options, key, value string) error {
	switches := map[string]*bool{
		"expand-only": &o.ExpandOnly, "allow-blocking": &o.AllowBlocking, "collapse": &o.Collapse,
		"substitute": &o.Substitute, "redact-secrets": &o.RedactSecrets, "preserve": &o.Preserve,
	}
	texts := map[string]*string{
		"to": (*string)(&o.To), "converted-path": &o.ConvertedPath, "appset": (*string)(&o.AppSet),
		"namespace": &o.Namespace, "default-branch": &o.DefaultBranch, "ref-values": (*string)(&o.RefValues),
		"placement": (*string)(&o.Placement), "flux-version": &o.FluxVersion,
	}
	switch {
	case switches[key] != nil:
		*switches[key] = value == "true"
	case texts[key] != nil:
		*texts[key] = value
	default:
		return errors.New("there is none of this name")
	}
	return nil
}

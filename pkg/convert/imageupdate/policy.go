package imageupdate

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// A Policy is what an ImagePolicy and its ImageRepository have to say.
type Policy struct {
	// Range is that of a semantic version; empty for the alphabetical order.
	Range string
	// Pattern is a regular expression of tags, or empty.
	Pattern string
	// Digest tells that the digest behind the tag is followed.
	Digest bool
	// Exclude are regular expressions of tags to leave out.
	Exclude []string
}

// Without a constraint, Argo CD Image Updater takes any version, those before a release
// included (registry-scanner pkg/image/version.go GetNewestVersionFromTags). To both tools,
// "*" are released ones only (Masterminds/semver).
const (
	anyVersion = ">=0.0.0-0"
	released   = ">=0.0.0"
)

// Signatures is what an ImageRepository leaves out by default.
const Signatures = `^.*\.sig$`

// maxExclude is the limit of ImageRepository.spec.exclusionList.
const maxExclude = 25

// Policy returns what Flux has to do for the image, or why it cannot.
func (i *Image) Policy() (p Policy, why string) {
	switch i.Settings[Strategy] {
	case "latest", "newest-build":
		return p, "Flux does not know when an image was built: write the time into the tag, and an ImagePolicy that sorts by it"
	case "alphabetical", "name":
	case "digest":
		if i.Constraint == "" {
			return p, "the strategy digest needs a tag, which the list does not name"
		}
		p.Digest, p.Pattern = true, "^"+regexp.QuoteMeta(i.Constraint)+"$"
	default: // update.go ParseUpdateStrategy: what is not known is semver
		p.Range = i.Constraint
		if p.Range == "" {
			p.Range = anyVersion
		}
		if _, err := semver.NewConstraint(p.Range); err != nil {
			return p, "what stands behind the colon is no range of versions, as the strategy semver needs it: Argo CD Image Updater does nothing here"
		}
	}
	if !p.Digest {
		p.Pattern, why = pattern(i.Settings[AllowTags])
	}
	p.Exclude = excluded(i.Settings[IgnoreTags])
	if len(p.Exclude) > maxExclude {
		why = "ignore-tags has more patterns than an ImageRepository takes"
	}
	return p, why
}

// pattern reads allow-tags (registry-scanner/pkg/image/options.go ParseMatch).
func pattern(allow string) (pattern, why string) {
	if allow == "" || strings.EqualFold(allow, "any") {
		return "", ""
	}
	kind, text, _ := strings.Cut(allow, ":")
	if kind != "regexp" {
		return "", "allow-tags is neither any nor regexp:PATTERN, so that no tag matches"
	}
	if _, err := regexp.Compile(text); err != nil {
		return "", "the regular expression of allow-tags is broken"
	}
	return text, ""
}

// excluded turns the globs of ignore-tags (image/version.go IsTagIgnored, which is
// path/filepath.Match; a tag has no slash) into regular expressions.
func excluded(ignore string) (all []string) {
	for glob := range strings.SplitSeq(ignore, ",") {
		if glob = strings.TrimSpace(glob); glob != "" {
			all = append(all, "^"+expression(glob)+"$")
		}
	}
	if len(all) > 0 {
		all = append([]string{Signatures}, all...)
	}
	return all
}

func expression(glob string) string {
	var b strings.Builder
	class := false
	for at := 0; at < len(glob); at++ {
		switch ch := glob[at]; {
		case ch == '\\' && at+1 < len(glob):
			at++
			b.WriteString(regexp.QuoteMeta(glob[at : at+1]))
		case class:
			b.WriteByte(ch)
			class = ch != ']'
		case ch == '*':
			b.WriteString(".*")
		case ch == '?':
			b.WriteByte('.')
		case ch == '[':
			b.WriteByte(ch)
			class = true
		default:
			b.WriteString(regexp.QuoteMeta(string(ch)))
		}
	}
	return b.String()
}

// globOf returns the glob that excluded turns into a regular expression.
func globOf(pattern string) (glob string, ok bool) {
	glob = strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "$")
	glob = globs.ReplaceAllStringFunc(glob, func(part string) string {
		switch {
		case part == ".*":
			return "*"
		case part == ".":
			return "?"
		case strings.Contains(`*?[\`, part[1:]):
			return part
		}
		return part[1:]
	})
	return glob, !strings.Contains(glob, ",") && "^"+expression(glob)+"$" == pattern
}

// globs are the parts of a regular expression that a glob writes otherwise.
var globs = regexp.MustCompile(`\\.|\.\*|\.`)

// Secret returns the name of the pull secret, or why it has none in the namespace
// (registry-scanner/pkg/image/credentials.go ParseCredentialSource).
func (i *Image) Secret(namespace string) (name, why string) {
	text := i.Settings[PullSecret]
	if text == "" {
		return "", ""
	}
	kind, ref, _ := strings.Cut(text, ":")
	in, name, ok := strings.Cut(ref, "/")
	switch {
	case !strings.EqualFold(kind, "pullsecret"):
		return "", "Flux reads registry credentials from a Secret of type kubernetes.io/dockerconfigjson only: make one, and name it in secretRef of the ImageRepository"
	case !ok:
		in, name = namespace, in
	}
	if in != namespace {
		return "", "the Secret is in another namespace: copy it, and name it in secretRef of the ImageRepository"
	}
	return name, ""
}

// A Marked is a field of Helm values that holds an image, or a part of it.
type Marked struct{ Key, Part string }

// The parts of an image that an ImagePolicy sets; Whole is name and tag.
const (
	Whole      = ""
	NamePart   = "name"
	TagPart    = "tag"
	DigestPart = "digest"
)

// Values are the fields of Helm values that take the image (pkg/argocd/argocd.go
// SetHelmImage).
func (i *Image) Values() []Marked {
	if spec := i.Settings[HelmSpec]; spec != "" {
		return []Marked{{spec, Whole}}
	}
	name, tag := i.Settings[HelmName], i.Settings[HelmTag]
	if name == "" {
		name = "image.name"
	}
	if tag == "" {
		tag = "image.tag"
	}
	return []Marked{{name, NamePart}, {tag, TagPart}}
}

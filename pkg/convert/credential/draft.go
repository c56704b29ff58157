package credential

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// A draft is a Secret of Flux before it has a name.
type draft struct {
	kind   string // of Secret
	fields []field
	// trusted are lines about servers, which no Secret of Argo CD holds.
	trusted []field
}

// A field is one key of a draft, and the keys of Argo CD's Secrets that it is made of.
type field struct {
	as, text string
	from     []origin
}

type origin struct {
	of  *credential
	key string
}

// take adds the value of a key, if there is one, as another.
func (d *draft) take(e effective, key, as string) {
	if c := e.with(key); c != nil {
		d.fields = append(d.fields, field{as, c.Text(key), []origin{{c, key}}})
	}
}

func (d *draft) trust(as, text string) {
	if text != "" {
		d.trusted = append(d.trusted, field{as: as, text: text})
	}
}

// owner is the credential whose document writes the Secret; nil where none has a part in
// it.
func (d *draft) owner() *credential {
	for _, f := range d.fields {
		for _, o := range f.from {
			return o.of
		}
	}
	return nil
}

// write makes the Secret, once for all needs of one key, and returns its name.
func (s *Store) write(d *draft, key writtenKey, names ...string) string {
	if o := s.written[key]; o != nil {
		return o.Name()
	}
	o := secret.New(key.namespace, "", d.kind)
	s.written[key] = o
	var known []*credential
	for _, f := range d.fields {
		path := secret.Put(o, f.as, f.text, s.masked)
		for _, from := range f.from {
			from.of.wrote(from.key, o, path)
			known = add(known, from.of)
		}
	}
	for _, c := range known {
		c.carriedBy(o)
	}
	for _, f := range d.trusted {
		path := secret.Put(o, f.as, f.text, s.masked)
		key.of.absent = append(key.of.absent, trusted(f.as, o, path))
	}
	s.rename(o, names...)
	key.of.made = append(key.of.made, o)
	return o.Name()
}

func add(all []*credential, c *credential) []*credential {
	for _, one := range all {
		if one == c {
			return all
		}
	}
	return append(all, c)
}

// trusted says that a ConfigMap of Argo CD filled a key.
func trusted(as string, o *object.Object, path string) absence {
	a := absence{path: path, to: []place{{o, path}}, rule: caFound}
	if as == "known_hosts" {
		a.rule = keysFound
	}
	return a
}

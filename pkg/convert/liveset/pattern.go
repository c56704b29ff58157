package liveset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// open tells whether the directory tells the input of a segment.
func (g segment) open() bool { return g.input != "" && g.fixed == "" }

// text is the pattern with something for each * of it.
func (p *pattern) text(open func(g segment) string) string {
	var names []string
	for _, g := range p.segments {
		switch {
		case g.open():
			names = append(names, g.before+open(g)+g.after)
		default:
			names = append(names, g.before+g.fixed)
		}
	}
	return strings.Join(names, "/")
}

// captured is what an ArtifactGenerator takes as a label and in the name of an object.
const captured = `([a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*)`

// fits tells whether an ArtifactGenerator finds a directory with a pattern, and as it is;
// and what stands for each * of the pattern.
func fits(glob, dir string) (labels []string, ok bool) {
	found := regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(glob), `\*`, captured) + "$").FindStringSubmatch(dir)
	if found == nil || slices.ContainsFunc(found[1:], func(text string) bool { return len(text) > 63 }) {
		return nil, false
	}
	return found[1:], true
}

// artifact is the name of what stands for a directory with labels.
func (p *pattern) artifact(labels []string) string {
	return strings.Join(append([]string{p.name}, labels...), ".")
}

// values returns what a directory that fits says for each input that is open.
func (p *pattern) values(dir string) map[string]string {
	names := strings.Split(dir, "/")
	values := map[string]string{}
	for i, g := range p.segments {
		if g.open() && i < len(names) {
			values[g.input] = strings.TrimSuffix(strings.TrimPrefix(names[i], g.before), g.after)
		}
	}
	return values
}

// reference finds a parameter (applicationset/generators/repo_path_utils.go).
func (p *pattern) reference(path, below []string) (phrase, bool) {
	field, ok := p.field(path)
	last := len(p.segments) - 1
	if index, err := strconv.Atoi(field); ok && err == nil && index >= 0 && index <= last {
		return p.phrase(p.segments[index:index+1], below), true
	}
	switch field {
	case "path":
		return p.phrase(p.segments, below), ok
	case "basename":
		return p.phrase(p.segments[last:], below), ok
	case "basenameNormalized":
		return p.phrase(p.segments[last:], below), ok && p.normal()
	}
	return nil, false
}

// field is the part of a parameter's name behind what all of a generator have: a number is
// that of a segment.
func (p *pattern) field(path []string) (string, bool) {
	prefix := node.Text(p.of.body, "pathParamPrefix")
	if node.True(p.of.root, "spec", "goTemplate") {
		if prefix != "" {
			if path[0] != prefix {
				return "", false
			}
			path = path[1:]
		}
		switch {
		case len(path) == 3 && path[0] == "path" && path[1] == "segments":
			return path[2], true
		case len(path) == 2 && path[0] == "path":
			return path[1], true
		}
		return "", false
	}
	name := path[0]
	if prefix != "" {
		var ok bool
		if name, ok = strings.CutPrefix(name, prefix+"."); !ok {
			return "", false
		}
	}
	if name == "path" {
		return name, len(path) == 1
	}
	rest, ok := strings.CutPrefix(name, "path")
	if segment, isIndex := strings.CutPrefix(rest, "["); isIndex {
		return strings.TrimSuffix(segment, "]"), ok && strings.HasSuffix(segment, "]") && len(path) == 1
	}
	rest, dotted := strings.CutPrefix(rest, ".")
	return rest, ok && dotted && rest != "path" && len(path) == 1
}

var normalized = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)

// normal tells whether the last segment is as normalising leaves it, whatever the input
// is, of which an ArtifactGenerator asks as much.
func (p *pattern) normal() bool {
	g := p.segments[len(p.segments)-1]
	return g.input == "" && normalized.MatchString(g.before) ||
		g.input != "" && normalized.MatchString(g.before+"x"+g.after) && (g.fixed == "" || normalized.MatchString(g.fixed))
}

func (p *pattern) phrase(segments []segment, below []string) (f phrase) {
	literal := ""
	for i, g := range segments {
		if i > 0 {
			literal += "/"
		}
		if literal += g.before; g.input != "" {
			if literal != "" {
				f = append(f, word{literal: literal})
			}
			f, literal = append(f, word{target: input(append(slices.Clone(below), g.input))}), g.after
		}
	}
	if literal != "" {
		f = append(f, word{literal: literal})
	}
	return f
}

// directories are samples: those of a checkout, or made-up ones. number is that of the
// provider, and keeps apart what two make up.
func (p *provider) directories(number int) (all []sample) {
	dirs := p.found.known
	if len(dirs) == 0 {
		dirs = p.found.examples(number)
	}
	for _, dir := range dirs {
		parameters, err := appset.DirectoryParameters(p.found.of.root, p.found.of.body, dir)
		if err != nil {
			continue // no value is a template that could fail
		}
		one := sample{parameters: node.FromValue(parameters), inputs: withValues(p.found.inputs(dir), p.values)}
		if p.element != nil {
			one.parameters = joined(one.parameters, p.element)
			node.Put(one.inputs, elementInput, node.Clone(p.element))
		}
		all = append(all, one)
	}
	return all
}

// examples are names that are easy to take for something else, such as a number.
func (p *pattern) examples(number int) (dirs []string) {
	if number > 0 {
		return []string{p.text(func(g segment) string { return "other-" + g.input + "-" + strconv.Itoa(number) })}
	}
	dirs = []string{p.text(func(g segment) string { return "shop-" + g.input }), p.text(func(segment) string { return "42" })}
	return slices.Compact(dirs)
}

// inputs are what the provider gives for a directory.
func (p *pattern) inputs(dir string) *yaml.Node {
	found := p.values(dir)
	inputs := node.Map()
	for _, g := range p.segments {
		if g.input != "" {
			value := g.fixed
			if g.open() {
				value = found[g.input]
			}
			node.Put(inputs, g.input, node.String(value))
		}
	}
	return inputs
}

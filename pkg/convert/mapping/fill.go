package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// scalarText writes a namespace as YAML that no reader takes for anything else.
func scalarText(text string) string {
	words := []string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
	if text[0] < 'a' || slices.Contains(words, text) {
		return strconv.Quote(text)
	}
	return text
}

// fill adds the patches that give objects without a namespace theirs. kustomize takes
// an empty namespace for "default" and selects an object also by the namespace that it
// had before a base or a patch set another one (api/resmap/reswrangler.go Select). So
// all that has a namespace by now is marked first and left out, unless a scan proves
// that nothing sets one but the manifests.
func (c *Cell) fill(p *Part, namespace string) (to []Target) {
	patch := "- op: add\n  path: /metadata/namespace\n  value: " + scalarText(namespace) + "\n"
	if p.placedByManifests() {
		return []Target{c.patch(p.Work, object.RankNamespace, node.Map("namespace", "default"), patch)}
	}
	mark := func(target *yaml.Node) {
		to = append(to, c.patch(p.Work, object.RankNamespace, target,
			"apiVersion: v1\nkind: any\nmetadata:\n  name: any\n  annotations:\n    "+placedMark+": \"true\"\n"))
	}
	mark(node.Map("namespace", notDefault))
	for _, o := range p.inDefault() {
		mark(node.Map("kind", o.Kind, "name", named(o.Own), "namespace", "default"))
	}
	return append(to,
		c.patch(p.Work, object.RankNamespace, node.Map("annotationSelector", "!"+placedMark, "namespace", "default"), patch),
		c.patch(p.Work, object.RankNamespace, node.Map("annotationSelector", placedMark),
			"- op: remove\n  path: /metadata/annotations/"+strings.ReplaceAll(placedMark, "/", "~1")+"\n"))
}

// placedByManifests tells whether a scan proves that no base, patch or manifest sets
// a namespace that the filling patch could take for none.
func (p *Part) placedByManifests() bool {
	return p.unseen() == "" && len(p.Scan.Namespaces) == 0 && len(p.moves()) == 0 && len(p.inDefault()) == 0
}

// inDefault lists what was seen to name the namespace "default" itself.
func (p *Part) inDefault() []checkout.Object {
	if p.Scan == nil {
		return nil
	}
	return p.Scan.InDefault()
}

// moves lists what may set namespaces that a scan does not follow.
func (p *Part) moves() (places []string) {
	for _, item := range node.Items(p.Source.Node, "kustomize", "patches") {
		if strings.Contains(node.Text(item, "patch"), "namespace") || node.Text(item, "path") != "" {
			places = append(places, p.Source.At+".kustomize.patches")
			break
		}
	}
	if p.Scan != nil {
		places = append(places, p.Scan.Moves...)
	}
	return places
}

// placedMark marks, inside of one build, objects that have a namespace.
const placedMark = "kubectl-gitops.io/placed"

// notDefault matches every namespace but "default", without the lookahead that Go's
// regular expressions lack.
const notDefault = ".{0,6}|.{8,}|[^d].{6}|.[^e].{5}|..[^f].{4}|.{3}[^a].{3}|.{4}[^u].{2}|.{5}[^l].|.{6}[^t]"

// dragged lists objects that name another of the namespace "default" which names no
// namespace itself: kustomize takes the two for one, and follows what it is moved to.
func (u *Unit) dragged() (names []string) {
	for _, p := range u.works() {
		if p.kustomization() == nil || p.Scan == nil {
			continue
		}
		for _, r := range p.Scan.ToDefault {
			moved := func(o checkout.Object) bool {
				return o.Kind == r.To.Kind && o.Own == r.To.Own && o.Namespace == ""
			}
			if slices.ContainsFunc(p.Scan.Objects, moved) {
				names = append(names, r.From.String())
			}
		}
	}
	return names
}

// fillNote says what becomes of an explicit "default", which no selector of kustomize
// tells from none: what was seen is left out by name.
func fillNote(u *Unit, namespace string) string {
	var stay, unseen, moves []string
	for _, p := range u.works() {
		if p.kustomization() == nil {
			continue
		}
		for _, o := range p.inDefault() {
			stay = append(stay, o.String())
		}
		if what := p.unseen(); what != "" && !slices.Contains(unseen, what) {
			unseen = append(unseen, what)
		}
		moves = append(moves, p.moves()...)
	}
	note := fmt.Sprintf("objects without a namespace go to %q", namespace)
	if len(stay) > 0 {
		note += `; these name "default" and stay there: ` + some(stay)
	}
	if len(unseen) > 0 {
		note += `; one that names "default" and was not seen moves too, as kustomize cannot tell it from one without (` + strings.Join(unseen, "; ") + ")"
	}
	if len(moves) > 0 {
		note += `; a "default" that patches set moves too (` + some(moves) + ")"
	}
	dragged := u.dragged()
	if len(dragged) > 0 {
		note += `; what names them in "default" is changed to name them there: ` + some(dragged)
	}
	if len(stay)+len(unseen)+len(moves)+len(dragged) == 0 {
		note += `; none names "default"`
	}
	return note
}

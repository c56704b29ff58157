package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// absent reports an object that one side lacks.
func (c *comparison) absent(id identity, left, right *group) {
	for _, o := range left.objects[id] {
		c.add(Difference{Kind: Absent, Left: describe(left.Side, o), Reason: right.why(id)}, o, nil)
	}
	for _, o := range right.objects[id] {
		c.add(Difference{Kind: Absent, Right: describe(right.Side, o), Reason: left.why(id)}, nil, o)
	}
}

// why says what a side has instead of an object that it lacks.
func (g *group) why(id identity) string {
	if o, ok := g.omitted[id]; ok {
		return fmt.Sprintf("%s does not apply it: %s", g.Tool, cmp.Or(steeredBy(o), "it is left out"))
	}
	id.namespace = ""
	if elsewhere := g.namespaces[id]; len(elsewhere) > 0 {
		if elsewhere[0] == "" {
			return string(g.Tool) + " has it without a namespace"
		}
		return fmt.Sprintf("%s has it in namespace %q", g.Tool, elsewhere[0])
	}
	return string(g.Tool) + " does not have it"
}

// steeredBy names the annotations and labels that tell a tool to leave an object out or to run
// it as a hook.
func steeredBy(o *manifest.Object) string {
	var found []string
	for _, pairs := range []map[string]string{o.GetAnnotations(), o.GetLabels()} {
		for _, key := range []string{hook.Annotation, hook.HelmAnnotation, fluxGroup + "reconcile", fluxGroup + "ssa"} {
			if value, ok := pairs[key]; ok {
				found = append(found, key+": "+value)
			}
		}
	}
	return strings.Join(found, ", ")
}

// repeated reports that the sides render an object a different number of times.
func (c *comparison) repeated(left, right []*manifest.Object) {
	last, other := left[len(left)-1], right[len(right)-1]
	c.add(Difference{
		Kind: Repeated, Left: times(len(left)), Right: times(len(right)),
		Reason: "of objects with one name, the order decides which stays",
	}, last, other)
}

func times(n int) string {
	if n == 1 {
		return "rendered once"
	}
	return fmt.Sprintf("rendered %d times", n)
}

// parts reports an object that is a hook on one side only, or runs in other phases.
// CRDs of a chart's crds directory are not told from others: both tools apply them,
// and what they do to them later is a matter of the sync policy.
func (c *comparison) parts(left, right *manifest.Object) {
	l, r := describe(c.left, left), describe(c.right, right)
	if l != r {
		c.add(Difference{Kind: Part, Left: l, Right: r, Reason: "a hook runs in its phase, and again with each sync; what is no hook is applied and kept"}, left, right)
	}
}

// describe says how a side applies an object.
func describe(side Side, o *manifest.Object) string {
	if o.Part != manifest.Hook {
		return "applied"
	}
	phases := hook.HelmPhases(o)
	if side.Tool == ArgoCD {
		phases, _ = hook.Phases(o)
	}
	if len(phases) == 0 {
		events := o.AnnotationList(hook.HelmAnnotation)
		slices.Sort(events)
		phases = events
	}
	return strings.TrimSpace("hook " + strings.Join(phases, ","))
}

package rbac

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Rule allows verbs on resources: of all groups with all names where these are empty
// (k8s.io/api/rbac/v1 PolicyRule).
type Rule struct{ Groups, Resources, Names, Verbs []string }

// Everything is the rule of the role cluster-admin.
var Everything = Rule{Groups: []string{Any}, Resources: []string{Any}, Verbs: []string{Any}}

// Rules reads the rules of a Role or ClusterRole. Those about URLs are none of resources.
func Rules(role *yaml.Node) (rules []Rule) {
	for _, item := range node.Items(role, "rules") {
		rules = append(rules, Rule{texts(item, "apiGroups"), texts(item, "resources"), texts(item, "resourceNames"), texts(item, "verbs")})
	}
	return rules
}

func texts(n *yaml.Node, key string) (all []string) {
	for _, item := range node.Items(n, key) {
		all = append(all, item.Value)
	}
	return all
}

// deploying are the verbs without which a tool cannot create, change and delete an object.
var deploying = []string{"create", "delete", "get", "patch", "update"}

// Deployable is what rules let one deploy: kinds in namespaces and kinds without. Lost are
// resources that can be written and that are of no known kind, or for some verbs only, or
// in namespaces for some names only, or of names that read as patterns, or roles and bindings
// that may give no more than one has oneself.
type Deployable struct {
	Namespaced, Cluster []Kind
	Lost                []string
	// inside and wide tell that roles and bindings may give anything.
	inside, wide bool
}

// subject is what a rule is about.
type subject struct{ group, resource, name string }

// Deploys tells what rules let one deploy.
func Deploys(rules []Rule) (d Deployable) {
	d.wide = escalates(rules, "clusterroles")
	d.inside = d.wide || escalates(rules, "roles")
	var seen []subject
	for _, r := range rules {
		for _, s := range r.subjects() {
			if !slices.Contains(seen, s) {
				seen = append(seen, s)
				d.take(s, verbs(rules, s))
			}
		}
	}
	d.Namespaced, d.Cluster = widest(d.Namespaced), widest(d.Cluster)
	return d
}

// subjects lists what a rule is about, but for subresources, which are not deployed.
func (r Rule) subjects() (all []subject) {
	names := r.Names
	if len(names) == 0 {
		names = []string{""}
	}
	for _, group := range r.Groups {
		for _, resource := range r.Resources {
			for _, name := range names {
				if !strings.Contains(resource, "/") {
					all = append(all, subject{group, resource, name})
				}
			}
		}
	}
	return all
}

// verbs are all that rules together allow on s.
func verbs(rules []Rule, s subject) (all []string) {
	for _, r := range rules {
		if holds(r.Groups, s.group) && holds(r.Resources, s.resource) && (len(r.Names) == 0 || s.name != "" && slices.Contains(r.Names, s.name)) {
			all = append(all, r.Verbs...)
		}
	}
	return all
}

// escalates tells whether rules let one give rights that one has not, by roles of a kind
// (kubernetes pkg/registry/rbac/escalation_check.go). Argo CD can give any.
func escalates(rules []Rule, roles string) bool {
	allowed := verbs(rules, subject{group: Group, resource: roles})
	return holds(allowed, "bind") && holds(allowed, "escalate")
}

// pattern tells whether a group or a name, which RBAC takes as it is, is a pattern to a
// project (Argo CD types.go isNamedResourceInList, Go's path/filepath Match).
func (s subject) pattern() bool {
	return s.group != Any && strings.ContainsAny(s.group, `*?[\`) || strings.ContainsAny(s.name, `*?[\`)
}

func holds(list []string, text string) bool {
	return slices.Contains(list, Any) || slices.Contains(list, text)
}

// take adds what can be deployed of s.
func (d *Deployable) take(s subject, verbs []string) {
	has := func(verb string) bool { return holds(verbs, verb) }
	full := !slices.ContainsFunc(deploying, func(verb string) bool { return !has(verb) })
	switch {
	case !full && (has("create") || has("delete") || has("patch") || has("update")):
		d.lose(s, "some verbs only")
	case !full:
	case s.pattern():
		d.lose(s, "which a project takes for a pattern")
	case s.resource == Any && s.name == "":
		d.all(s.group)
	case !d.named(s) && !builtinGroup(s.group):
		d.lose(s, "no known kind")
	}
}

// builtinGroup tells whether a group is of Kubernetes itself, which has no further kinds.
func builtinGroup(group string) bool {
	return slices.ContainsFunc(Builtin(), func(r Resource) bool { return r.Group == group })
}

func (d *Deployable) lose(s subject, why string) {
	text := strings.TrimSuffix(s.resource+"."+s.group, ".")
	if s.name != "" {
		text += " " + s.name
	}
	d.Lost = append(d.Lost, text+" ("+why+")")
}

func (d *Deployable) loseRoles() {
	if text := "roles and bindings (without bind and escalate)"; !slices.Contains(d.Lost, text) {
		d.Lost = append(d.Lost, text)
	}
}

// all adds all kinds of a group, in the lists where it has any.
func (d *Deployable) all(group string) {
	namespaced, cluster, known := false, false, false
	for _, r := range Builtin() {
		if r.Group == group {
			known, namespaced, cluster = true, namespaced || r.Namespaced, cluster || !r.Namespaced
		}
	}
	if group == Group && !(d.inside && d.wide) {
		d.loseRoles()
		namespaced, cluster = d.inside, d.wide
	}
	if namespaced || !known {
		d.Namespaced = append(d.Namespaced, Kind{group, Any, ""})
	}
	if cluster || !known {
		d.Cluster = append(d.Cluster, Kind{group, Any, ""})
	}
}

// named adds the built-in kinds of a resource, and tells whether there are any. Of one
// that has a namespace no name can be said.
func (d *Deployable) named(s subject) (found bool) {
	for _, r := range Builtin() {
		if s.group != Any && r.Group != s.group || r.Name != s.resource {
			continue
		}
		found = true
		switch k := (Kind{r.Group, r.Kind, s.name}); {
		case r.Group == Group && (r.Namespaced && !d.inside || !r.Namespaced && !d.wide):
			d.loseRoles()
		case !r.Namespaced:
			d.Cluster = append(d.Cluster, k)
		case s.name == "":
			d.Namespaced = append(d.Namespaced, k)
		default:
			d.lose(s, "for a name only")
		}
	}
	return found
}

// widest leaves out what others cover.
func widest(kinds []Kind) (left []Kind) {
	for i, k := range kinds {
		others := slices.Concat(left, kinds[i+1:])
		if !Covered(k, others) {
			left = append(left, k)
		}
	}
	return left
}

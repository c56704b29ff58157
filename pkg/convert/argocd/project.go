package argocd

import (
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/gobwas/glob"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Project is an AppProject: what its Applications may deploy, from where and to where
// (pkg/apis/application/v1alpha1/app_project_types.go).
type Project struct{ Root *yaml.Node }

// The lists of kinds of a project.
const (
	ClusterKinds       = "clusterResourceWhitelist"
	ClusterKindsDenied = "clusterResourceBlacklist"
	Kinds              = "namespaceResourceWhitelist"
	KindsDenied        = "namespaceResourceBlacklist"
)

// Name is the project's name.
func (p *Project) Name() string { return node.Text(p.Root, "metadata", "name") }

// Has tells whether the project sets a list, be it empty.
func (p *Project) Has(list string) bool { return !node.Null(node.At(p.Root, "spec", list)) }

// Unfinished tells that another tool completes the project, so that it says nothing yet:
// it lacks both lists without which nothing is permitted, or one holds a placeholder.
func (p *Project) Unfinished() bool {
	if !p.Has("sourceRepos") && !p.Has("destinations") {
		return true
	}
	open := func(text string) bool { return strings.Contains(text, "${") || strings.ContainsAny(text, "<>") }
	for _, item := range append(p.Items("sourceRepos"), p.Items("destinations")...) {
		if open(item.Value) || open(node.Text(item, "server")) || open(node.Text(item, "name")) || open(node.Text(item, "namespace")) {
			return true
		}
	}
	return false
}

// Everywhere tells whether the project excludes no namespace of a cluster, whatever it is
// called.
func (p *Project) Everywhere(server, name string) (everywhere bool) {
	for _, item := range p.Items("destinations") {
		for _, key := range []string{"server", "name", "namespace"} {
			if strings.HasPrefix(node.Text(item, key), "!") {
				return false
			}
		}
		if node.Text(item, "namespace") == "*" && (matches(node.Text(item, "server"), server) || matches(node.Text(item, "name"), name)) {
			everywhere = true
		}
	}
	return everywhere
}

// Items returns the items of a list of the project.
func (p *Project) Items(list string) []*yaml.Node { return node.Items(p.Root, "spec", list) }

// PermitsSource tells whether the project's Applications may deploy from a URL: one of
// sourceRepos must match, and none may exclude. A star stands for no slash, but alone for
// everything (IsSourcePermitted).
func (p *Project) PermitsSource(repoURL string) (permitted bool) {
	source := normalURL(repoURL)
	for _, item := range p.Items("sourceRepos") {
		rest, deny := strings.CutPrefix(item.Value, "!")
		matched := matches(normalURL(rest), source, '/') || rest == "*" && !deny
		switch {
		case matched != deny:
			permitted = true
		case deny:
			return false
		}
	}
	return permitted
}

// PermitsDestination tells whether the project's Applications may deploy into a namespace
// of a cluster (isDestinationMatched). Where only server or only name is known, what the
// project says of the other is taken to match: the answer is no only where it is certain.
func (p *Project) PermitsDestination(server, name, namespace string) (permitted bool) {
	for _, item := range p.Items("destinations") {
		inServer, notServer := fits(node.Text(item, "server"), server)
		inName, notName := fits(node.Text(item, "name"), name)
		inside := matchesOrDenies(node.Text(item, "namespace"), namespace)
		switch {
		case (inServer || inName) && inside:
			permitted = true
		case (notServer || notName) && inside, !inside && inServer && strings.HasPrefix(node.Text(item, "namespace"), "!"):
			return false
		}
	}
	return permitted
}

// Here tells whether an item of destinations is about the cluster that Argo CD runs in.
func Here(item *yaml.Node) bool {
	return matchesOrDenies(node.Text(item, "server"), InCluster) || matchesOrDenies(node.Text(item, "name"), InClusterName)
}

// fits tells whether a pattern fits a server or a name, and whether it excludes it.
func fits(pattern, text string) (inside, excluded bool) {
	if text == "" {
		return pattern != "", false
	}
	inside = matchesOrDenies(pattern, text)
	return inside, !inside && strings.HasPrefix(pattern, "!")
}

// PermitsNamespace tells whether Applications of a namespace that is not Argo CD's may be
// of the project: one of sourceNamespaces must match, a pattern or a regular expression
// between slashes (IsAppNamespacePermitted).
func (p *Project) PermitsNamespace(namespace string) bool {
	for _, item := range p.Items("sourceNamespaces") {
		text := item.Value
		if len(text) > 2 && strings.HasPrefix(text, "/") && strings.HasSuffix(text, "/") {
			if re, err := regexp.Compile(text[1 : len(text)-1]); err == nil && re.MatchString(namespace) {
				return true
			}
		}
		if matches(text, namespace) {
			return true
		}
	}
	return false
}

// PermitsKind tells whether the project's Applications may deploy objects of a kind and
// name. No list of kinds in namespaces allows all of them, no list of kinds without
// namespace none (IsGroupKindNamePermitted).
func (p *Project) PermitsKind(group, kind, name string, namespaced bool) bool {
	if namespaced {
		return (!p.Has(Kinds) || p.lists(Kinds, group, kind, "")) && !p.lists(KindsDenied, group, kind, "")
	}
	return p.lists(ClusterKinds, group, kind, name) && !p.lists(ClusterKindsDenied, group, kind, name)
}

// Denies tells whether a list of forbidden kinds is about a kind, be it for some names only.
func (p *Project) Denies(list, group, kind string) bool {
	for _, item := range p.Items(list) {
		if FileMatch(node.Text(item, "kind"), kind) && FileMatch(node.Text(item, "group"), group) {
			return true
		}
	}
	return false
}

// lists tells whether an item of a list of kinds matches (types.go isNamedResourceInList).
func (p *Project) lists(list, group, kind, name string) bool {
	for _, item := range p.Items(list) {
		if FileMatch(node.Text(item, "kind"), kind) && FileMatch(node.Text(item, "group"), group) &&
			(node.Text(item, "name") == "" || FileMatch(node.Text(item, "name"), name)) {
			return true
		}
	}
	return false
}

// FileMatch tells whether a pattern for kinds, groups and names of objects fits; a broken
// one fits nothing.
func FileMatch(pattern, text string) bool {
	ok, err := path.Match(pattern, text)
	return ok && err == nil
}

// matchesOrDenies is matches, and "!" stands for all but the rest (globMatch).
func matchesOrDenies(pattern, text string) bool {
	rest, deny := strings.CutPrefix(pattern, "!")
	return matches(rest, text) != deny
}

// matches tells whether a pattern fits (util/glob); a broken one fits nothing.
func matches(pattern, text string, separators ...rune) bool {
	g, err := glob.Compile(pattern, separators...)
	return err == nil && g.Match(text)
}

var sshURL = regexp.MustCompile("^(ssh://)?([^/:]*?)@[^@]+$")

// normalURL is a URL as Argo CD compares it (util/git/git.go NormalizeGitURL).
func normalURL(repoURL string) string {
	repoURL = strings.ToLower(strings.TrimSpace(repoURL))
	if sshURL.MatchString(repoURL) && !strings.HasPrefix(repoURL, "ssh://") {
		repoURL = "ssh://" + strings.Replace(repoURL, ":", "/", 1)
	}
	parsed, err := url.Parse(strings.TrimSuffix(repoURL, ".git"))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(parsed.String(), "ssh://")
}

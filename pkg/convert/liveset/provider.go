package liveset

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A provider is what a ResourceSetInputProvider says: it asks a service, or finds the
// directories of a pattern.
type provider struct {
	generator     string // the path of its generator
	kind, url     string
	includeBranch string
	secret        string
	seconds       int // between two looks
	labels        *yaml.Node
	values        *yaml.Node
	found         *pattern
	element       *yaml.Node // of the list that goes with the directories, or nil
	written       *object.Object
}

// asIs are fields of pullRequest that every service may go with.
var asIs = map[string]bool{"requeueAfterSeconds": true, "continueOnRepoNotFoundError": true, "values": true, "filters": true, "template": true}

// standardInterval is how often Argo CD looks for requests where nothing is said, in
// seconds (DefaultPullRequestRequeueAfter in applicationset/generators/pull_request.go).
const standardInterval = 30 * 60

// pullRequest takes a generator for pull requests as a provider of inputs.
func (s *Set) pullRequest(f *factor, body *yaml.Node, at string) *appset.Problem {
	p := &provider{generator: at, values: node.Get(body, "values")}
	var bad *appset.Problem
	if p.seconds, bad = seconds(body, at, standardInterval); bad != nil {
		return bad
	}
	if p.values != nil && holds(p.values, "{{") {
		return problem(p.values, at+".values", "values of a provider are the same for all requests, and a template makes them differ")
	}
	if bad := p.filter(node.Items(body, "filters"), at+".filters"); bad != nil {
		return bad
	}
	if bad := p.service(body, at); bad != nil {
		return bad
	}
	if p.labels != nil && holds(p.labels, "{{") || strings.Contains(p.url+p.secret+p.includeBranch, "{{") {
		return problem(body, at, "it holds a template, which only another generator fills in")
	}
	f.providers = append(f.providers, p)
	return nil
}

// seconds reads how often a generator looks; 0 stands for the standard.
func seconds(body *yaml.Node, at string, standard int) (int, *appset.Problem) {
	n := node.Get(body, "requeueAfterSeconds")
	if node.Null(n) {
		return standard, nil
	}
	number, err := strconv.Atoi(n.Value)
	if err != nil || number < 0 {
		return 0, problem(n, at+".requeueAfterSeconds", "it is no number of seconds")
	}
	return cmp.Or(number, standard), nil
}

// filter takes the one filter that a provider can have. Of several, Argo CD takes what
// any of them lets pass (applicationset/services/pull_request/utils.go).
func (p *provider) filter(filters []*yaml.Node, at string) *appset.Problem {
	if len(filters) > 1 {
		return problem(filters[1], ledger.Index(at, 1), "a provider has one filter, and any of these may let a request pass")
	}
	for _, f := range filters {
		for i := 0; i+1 < len(f.Content); i += 2 {
			if key := f.Content[i].Value; key != "branchMatch" {
				return problem(f.Content[i], at+"[0]."+key, "a provider filters by branch and label only")
			}
			p.includeBranch = f.Content[i+1].Value
		}
	}
	return nil
}

// service reads which service there is, and what it is asked for.
func (p *provider) service(body *yaml.Node, at string) *appset.Problem {
	for i := 0; i+1 < len(body.Content); i += 2 {
		key, service := body.Content[i].Value, body.Content[i+1]
		if asIs[key] || node.Null(service) {
			continue
		}
		here := at + "." + key
		read, ok := services[key]
		if !ok {
			return problem(service, here, "flux-operator cannot ask this service for pull requests")
		}
		if p.kind != "" {
			return problem(service, here, "it asks two services at once")
		}
		if why := read(p, service); why != "" {
			return problem(service, here, "%s", why)
		}
		for k := 0; k+1 < len(service.Content); k += 2 {
			if field := service.Content[k].Value; !served[key][field] {
				return problem(service.Content[k], here+"."+field, "a provider has no such setting")
			}
		}
		p.labels = node.Get(service, "labels")
		p.secret = cmp.Or(node.Text(service, "tokenRef", "secretName"), node.Text(service, "appSecretName"))
	}
	if p.kind == "" {
		return problem(body, at, "it names no service")
	}
	return nil
}

func set(names ...string) map[string]bool {
	all := map[string]bool{}
	for _, name := range names {
		all[name] = true
	}
	return all
}

// served are the settings of a service that a provider can say.
var served = map[string]map[string]bool{
	"github":      set("owner", "repo", "api", "tokenRef", "appSecretName", "labels"),
	"gitlab":      set("project", "api", "tokenRef", "labels", "pullRequestState"),
	"gitea":       set("owner", "repo", "api", "tokenRef", "labels"),
	"azuredevops": set("organization", "project", "repo", "api", "tokenRef", "labels"),
}

// services read what the provider asks; the result says why it cannot.
var services = map[string]func(p *provider, n *yaml.Node) string{
	"github": func(p *provider, n *yaml.Node) string {
		p.kind = "GitHubPullRequest"
		api := strings.TrimSuffix(strings.TrimSuffix(node.Text(n, "api"), "/"), "/api/v3")
		if api == "https://api.github.com" {
			api = ""
		}
		return p.at(cmp.Or(api, "https://github.com"), node.Text(n, "owner"), node.Text(n, "repo"))
	},
	"gitlab": func(p *provider, n *yaml.Node) string {
		p.kind = "GitLabMergeRequest"
		project := node.Text(n, "project")
		if _, err := strconv.Atoi(project); err == nil {
			return "the project is a number, and a provider needs its address: write the path of the project"
		}
		if node.Text(n, "pullRequestState") != "opened" {
			return "Argo CD takes merge requests of any state here, closed ones too, and a provider takes open ones: set pullRequestState: opened"
		}
		return p.at(cmp.Or(node.Text(n, "api"), "https://gitlab.com"), project)
	},
	"gitea": func(p *provider, n *yaml.Node) string {
		p.kind = "GiteaPullRequest"
		return p.at(node.Text(n, "api"), node.Text(n, "owner"), node.Text(n, "repo"))
	},
	"azuredevops": func(p *provider, n *yaml.Node) string {
		p.kind = "AzureDevOpsPullRequest"
		return p.at(cmp.Or(node.Text(n, "api"), "https://dev.azure.com"), node.Text(n, "organization"), node.Text(n, "project"), "_git", node.Text(n, "repo"))
	},
}

// at joins the address of a repository.
func (p *provider) at(host string, parts ...string) string {
	for _, part := range parts {
		if strings.Trim(part, "/") == "" {
			return "the address of the repository is not whole"
		}
		host = strings.TrimSuffix(host, "/") + "/" + strings.Trim(part, "/")
	}
	u, err := url.Parse(host)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "the address of the service is no plain URL of http or https"
	}
	p.url = host
	return ""
}

// exported says how inputs of pull requests are called
// (fluxoperator.dev/docs/crd/resourcesetinputprovider). The first 8 and 7 characters of
// commits are Argo CD's (applicationset/generators/pull_request.go).
var exported = map[string]struct{ input, cut string }{
	"number": {"id", ""}, "branch": {"branch", ""}, "head_sha": {"sha", ""}, "author": {"author", ""}, "title": {"title", ""},
	"head_short_sha": {"sha", " | trunc 8"}, "head_short_sha_7": {"sha", " | trunc 7"},
}

// reference finds a parameter; below is where its inputs are.
func (p *provider) reference(path, below []string) (phrase, bool) {
	if len(path) == 2 && path[0] == "values" && node.Get(p.values, path[1]) != nil {
		return expression(input(slices.Concat(below, path))), true
	}
	if at := node.At(p.element, path...); p.element != nil && at != nil && at.Kind == yaml.ScalarNode {
		return expression(input(slices.Concat(below, []string{elementInput}, path))), true
	}
	if p.found != nil {
		return p.found.reference(path, below)
	}
	e, ok := exported[path[0]]
	return expression(input(append(slices.Clone(below), e.input)) + e.cut), ok && len(path) == 1
}

// duration writes seconds as an interval.
func duration(seconds int) string {
	if seconds%60 == 0 {
		return fmt.Sprintf("%dm", seconds/60)
	}
	return fmt.Sprintf("%ds", seconds)
}

// examples stand for what a service would say: names that are easy to take for something
// else, such as a number for a name.
var examples = []struct{ number, branch, sha, author, title string }{
	{"17", "feature/login", "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d", "octo-cat", "Fix: the #17 'login' \"page\""},
	{"4242", "release-1.30", "9081726354a1b2c3d4e5f60718293a4b5c6d7e8f", "dev.two", "true"},
}

// A sample is one of what a provider may find: as parameters of Argo CD's generator, and
// as inputs of the operator.
// own counts the inputs of the set itself.
type sample struct {
	parameters, inputs *yaml.Node
	own                int
}

// elementInput is the input that holds an element of a list. The names of its parameters may
// be those of other inputs.
const elementInput = "element"

// requests are the examples. The number has a second name in inputs, as a ResourceSet of
// static inputs makes an id itself.
func (p *provider) requests() (all []sample) {
	for _, e := range examples {
		parameters := node.Map("number", node.String(e.number), "branch", node.String(e.branch),
			"head_sha", node.String(e.sha), "head_short_sha", node.String(e.sha[:8]), "head_short_sha_7", node.String(e.sha[:7]),
			"author", node.String(e.author), "title", node.String(e.title))
		inputs := node.Map("id", node.String(e.number), aliasOfID, node.String(e.number), "branch", node.String(e.branch),
			"sha", node.String(e.sha), "author", node.String(e.author), "title", node.String(e.title))
		all = append(all, sample{parameters: withValues(parameters, p.values), inputs: withValues(inputs, p.values)})
	}
	return all
}

// aliasOfID is what samples call inputs.id.
const aliasOfID = "number"

func withValues(m, values *yaml.Node) *yaml.Node {
	if !node.Empty(values) {
		node.Put(m, "values", node.Clone(values))
	}
	return m
}

package mapping

import (
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func ignoreRows() []Row {
	fields := []string{"group", "kind", "name", "namespace", "jsonPointers[]", "jqPathExpressions[]", "managedFieldsManagers[]"}
	row := Row{
		ID:      "ignore-differences",
		Back:    backIgnore,
		ToFlux:  Promise{Fidelity: ledger.Exact},
		ToArgo:  Promise{Fidelity: ledger.Exact, Note: "with RespectIgnoreDifferences=true"},
		Writes:  []string{"Application:" + syncOptions + "[]"},
		Forward: forwardIgnore,
	}
	for _, field := range fields {
		row.Argo = append(row.Argo, "spec.ignoreDifferences[]."+field)
	}
	for _, list := range []string{"Kustomization:spec.ignore", "HelmRelease:spec.driftDetection.ignore"} {
		row.Flux = append(row.Flux, list+"[].paths[]")
		for _, key := range []string{"group", "kind", "name", "namespace"} {
			row.Flux = append(row.Flux, list+"[].target."+key)
		}
	}
	return []Row{row}
}

// forwardIgnore writes one drift rule for each item that has paths.
func forwardIgnore(c *Cell) {
	for _, item := range node.Items(c.app().Spec(), "ignoreDifferences") {
		paths := ignorePaths(item)
		targets := c.ignoreRule(item, paths)
		for _, l := range c.below(item) {
			c.claim(l, c.ignoreVerdict(item, l, targets))
		}
	}
}

func (c *Cell) ignoreRule(item *yaml.Node, paths []string) (to []Target) {
	if len(paths) == 0 {
		return nil
	}
	rule := node.Map("paths", node.Strings(paths), "target", ignoreTarget(item))
	for _, p := range c.unit.works() {
		switch {
		case p.release() != nil:
			to = append(to, c.add(p.Work, "spec.driftDetection.ignore", node.Clone(rule)))
		case c.unit.Settings.Flux29:
			to = append(to, c.add(p.Work, "spec.ignore", node.Clone(rule)))
		}
	}
	return to
}

func (c *Cell) ignoreVerdict(item *yaml.Node, l *leaf, to []Target) Verdict {
	switch {
	case node.Text(item, "kind") == "":
		return implied("no kind: matches nothing in Argo CD")
	case strings.Contains(l.Path, ".jsonPointers[") && !strings.HasPrefix(l.Node.Value, "/"):
		return implied("no JSON pointer to a field: without effect in Argo CD")
	case strings.Contains(l.Path, ".managedFieldsManagers["):
		return unsupported("Flux applies with forced ownership and trusts no other manager: name the fields").as("ignore-managers-unsupported")
	case strings.Contains(l.Path, ".jqPathExpressions[") && pointer(l.Node.Value) == "":
		return unsupported("not a plain path: Flux takes JSON pointers only").as("ignore-jq-unsupported")
	case len(to) == 0 && len(ignorePaths(item)) > 0:
		return unsupported("Kustomization.spec.ignore needs Flux 2.9").as("ignore-needs-flux-2.9")
	case len(to) == 0:
		return unsupported("no path of this rule crosses")
	case len(c.releases()) > 0 && (strings.Contains(l.Path, ".jqPathExpressions[") || strings.Contains(l.Path, ".jsonPointers[")):
		return approximate("left alone by drift correction, but every upgrade of the release writes the field", to...)
	case strings.Contains(l.Path, ".jqPathExpressions["):
		return approximate("the plain path became a JSON pointer; the field is now also left alone during apply", to...)
	case strings.Contains(l.Path, ".jsonPointers[") && !c.app().SyncOption("RespectIgnoreDifferences=true"):
		return approximate("the field is now also left alone during apply", to...)
	default:
		return Verdict{To: to}
	}
}

// ignorePaths are the JSON pointers of an item. The whole object, "", is an operation
// that Argo CD fails to apply and passes over, as is what starts without a slash.
func ignorePaths(item *yaml.Node) (paths []string) {
	if node.Text(item, "kind") == "" {
		return nil
	}
	for _, p := range node.Items(item, "jsonPointers") {
		if strings.HasPrefix(p.Value, "/") {
			paths = append(paths, p.Value)
		}
	}
	for _, jq := range node.Items(item, "jqPathExpressions") {
		if p := pointer(jq.Value); p != "" {
			paths = append(paths, p)
		}
	}
	return paths
}

// ignoreTarget: in Argo CD group and kind are globs, name and namespace literal, and
// an empty group is the core group (util/argo/normalizers/diff_normalizer.go). In
// Flux all are regular expressions and empty matches everything (fluxcd/pkg
// ssa/jsondiff/selector.go).
func ignoreTarget(item *yaml.Node) *yaml.Node {
	target := node.Map()
	group := node.Text(item, "group")
	if group == "" {
		node.Put(target, "group", node.String("^$"))
	} else if group != "*" {
		node.Put(target, "group", node.String(globRegexp(group)))
	}
	if kind := node.Text(item, "kind"); kind != "" && kind != "*" {
		node.Put(target, "kind", node.String(globRegexp(kind)))
	}
	for _, key := range []string{"name", "namespace"} {
		if text := node.Text(item, key); text != "" {
			node.Put(target, key, node.String(literalRegexp(text)))
		}
	}
	return target
}

func globRegexp(glob string) string {
	if !strings.ContainsAny(glob, "*?[{\\") {
		return literalRegexp(glob)
	}
	return "^" + globToken.ReplaceAllStringFunc(glob, globStep) + "$"
}

// globToken is an escape, a class, a group of choices, a sign, or a run of plain text
// (github.com/gobwas/glob, which util/glob uses).
var globToken = regexp.MustCompile(`\\.|\[[^\]]*\]|[^][{},*?\\]+|.`)

func globStep(token string) string {
	switch {
	case token == "*":
		return ".*"
	case token == "?":
		return "."
	case token == "{":
		return "("
	case token == "}":
		return ")"
	case token == ",":
		return "|"
	case token[0] == '[' && len(token) > 1:
		return strings.Replace(token, "[!", "[^", 1)
	case token[0] == '\\' && len(token) > 1:
		return regexp.QuoteMeta(token[1:])
	default:
		return regexp.QuoteMeta(token)
	}
}

func literalRegexp(text string) string {
	if quoted := regexp.QuoteMeta(text); quoted != text {
		return "^" + quoted + "$"
	}
	return text
}

var jqStep = regexp.MustCompile(`^(\.([A-Za-z_][A-Za-z0-9_]*)|\.?\["([^"\\]+)"\]|\.?\[([0-9]+)\]|\."([^"\\]+)")`)

// pointer turns a plain jq path (.spec.replicas, .a["b"], .c[0]) into a JSON pointer
// (RFC 6901), or returns "" for anything else.
func pointer(jq string) string {
	var b strings.Builder
	for rest := strings.TrimSpace(jq); rest != ""; {
		m := jqStep.FindStringSubmatch(rest)
		if m == nil {
			return ""
		}
		rest = rest[len(m[0]):]
		key := m[2] + m[3] + m[4] + m[5]
		if m[4] != "" {
			if i, err := strconv.Atoi(m[4]); err != nil || i < 0 {
				return ""
			}
		}
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(key))
	}
	return b.String()
}

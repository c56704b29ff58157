package function

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A field is one key of the functionConfig. The table below drives the parser,
// its error messages and the help text.
type field struct {
	name     string
	standard string   // the value that counts without the key
	values   []string // the permitted values; nil permits every string
	boolean  bool
	doc      string
	set      func(c *config, value string)
}

type fieldTable []field

var thresholds = map[string]threshold{
	"unknown":     threshold(ledger.Unknown.Severity()),
	"unsupported": threshold(ledger.Unsupported.Severity()),
	"approximate": threshold(ledger.Approximate.Severity()),
	"never":       never,
}

var fields = fieldTable{
	{
		name: "to", standard: "flux", values: []string{"flux"},
		doc: "The tool to convert to.",
		set: func(*config, string) {},
	},
	{
		name: "fluxNamespace", standard: "flux-system",
		doc: "Namespace that receives the Flux objects.",
		set: func(c *config, v string) { c.options.FluxNamespace = v },
	},
	{
		name: "argocdNamespace", standard: "argocd",
		doc: "Namespace where Argo CD runs.",
		set: func(c *config, v string) { c.options.ArgoCDNamespace = v },
	},
	{
		name: "placement", standard: "by-namespace",
		values: []string{"by-namespace", "single", "per-app"},
		doc: "Namespace of the Flux objects. by-namespace: Applications of argocdNamespace go to " +
			"fluxNamespace, others keep theirs. single: all go to fluxNamespace. per-app: the " +
			"Application's destination namespace.",
		set: func(c *config, v string) { c.options.Placement = convert.Placement(v) },
	},
	{
		name: "defaultBranch", standard: "main",
		doc: "The branch behind HEAD.",
		set: func(c *config, v string) { c.options.DefaultBranch = v },
	},
	{
		name: "fluxVersion", standard: "2.9",
		doc: "The Flux release to write for; quote it.",
		set: func(c *config, v string) { c.options.FluxVersion = v },
	},
	{
		name: "refValues", standard: "auto",
		values: []string{"auto", "artifact", "configmap", "inline"},
		doc:    "How Helm value files of another source ($ref/...) cross.",
		set:    func(c *config, v string) { c.options.RefValues = convert.RefValues(v) },
	},
	{
		name: "layout", standard: "in-file", values: []string{"in-file", "per-app"},
		doc: "in-file: the Flux objects take the Application's place in its file. per-app: each " +
			"gets a new file in the same directory.",
		set: func(c *config, v string) { c.perApp = v == "per-app" },
	},
	{
		name: "failOn", standard: "unknown",
		values: []string{"unknown", "unsupported", "approximate", "never"},
		doc: "The function fails on fields of this fidelity or a worse one. Losses that would " +
			"deploy something else fail always, but with never.",
		set: func(c *config, v string) { c.failOn = thresholds[v] },
	},
	{
		name: "preserve", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Keep what Flux cannot hold in one annotation.",
		set: func(c *config, v string) { c.options.Preserve = v == "true" },
	},
}

// named returns the field of that name or nil.
func (t fieldTable) named(name string) *field {
	for i := range t {
		if t[i].name == name {
			return &t[i]
		}
	}
	return nil
}

func (t fieldTable) names() string {
	list := make([]string, len(t))
	for i, f := range t {
		list[i] = f.name
	}
	return strings.Join(list, ", ")
}

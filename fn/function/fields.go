package function

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A field is one key of the functionConfig. The table below drives the parser,
// its error messages and the help text.
type field struct {
	name     string
	standard string   // the value that counts without the key, if any
	values   []string // the permitted values; nil permits every string
	boolean  bool
	doc      string
	set      func(c *config, value string)
	// form says what the value is where it is more than a scalar, and read takes it.
	form string
	read func(c *config, value *yaml.Node, inConfigMap bool) error
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
		name: "to", standard: "flux", values: []string{"flux", "argocd"},
		doc: "The tool to convert to. It is never inferred, so that a second run changes nothing.",
		set: func(c *config, v string) { c.options.To = convert.Direction(v) },
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
		name: "appset", standard: "static", values: []string{"static", "resourceset"},
		doc: "What ApplicationSets become. static: the Applications that they make now, converted. " +
			"resourceset: a ResourceSet of flux-operator, which goes on following lists and pull requests.",
		set: func(c *config, v string) { c.options.AppSet = convert.AppSet(v) },
	},
	{
		name: "layout", standard: "in-file", values: []string{"in-file", "per-app"},
		doc: "in-file: new objects take the place of the old one in its file. per-app: each gets a " +
			"new file in the same directory.",
		set: func(c *config, v string) { c.perApp = v == "per-app" },
	},
	{
		name: "failOn", standard: "unknown",
		values: []string{"unknown", "unsupported", "approximate", "never"},
		doc: "The function fails on fields of this fidelity or a worse one. Losses that would " +
			"deploy something else fail always, but with never or allowBlocking.",
		set: func(c *config, v string) { c.failOn = thresholds[v] },
	},
	{
		name: "preserve", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Keep what Flux cannot hold in one annotation.",
		set: func(c *config, v string) { c.options.Preserve = v == "true" },
	},
	{
		name: "namespace",
		doc:  "Namespace of Flux objects that name none. A HelmRelease without targetNamespace needs one.",
		set:  func(c *config, v string) { c.options.Namespace = v },
	},
	{
		name: "sourceUrls", form: "list of name, url and revision", read: readSourceURLs,
		doc: "Where Flux sources are that are not among the items. name is NAME, NAMESPACE/NAME or " +
			"KIND/NAMESPACE/NAME; revision, which may be left out, is a branch, or the tag or digest of " +
			"an OCIRepository. In a ConfigMap one string of lines NAME=URL[@REVISION].",
	},
	{
		name: "collapse", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "With to: argocd, make one ApplicationSet of Applications that differ in texts only, where " +
			"there are 3 or more. It takes the place of the first.",
		set: func(c *config, v string) { c.options.Collapse = v == "true" },
	},
	{
		name: "allowBlocking", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Convert in spite of losses that would deploy something else, with reconciliation left " +
			"on; they count by their fidelity alone.",
		set: func(c *config, v string) { c.options.AllowBlocking = v == "true" },
	},
	{
		name: "suspend", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Turn off whatever deploys: suspend: true for Flux, automated.enabled: false for Argo CD.",
		set: func(c *config, v string) { c.options.Suspend = v == "true" },
	},
	{
		name: "redactSecrets", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Write placeholders for the values of all Secrets.",
		set: func(c *config, v string) { c.options.RedactSecrets = v == "true" },
	},
	{
		name: "record", standard: "false", boolean: true, values: []string{"true", "false"},
		doc: "Record what was read and what became of it in the PostgreSQL database that the environment " +
			"names (GITOPS_DATABASE_URL, or PGHOST and the other variables of libpq; never here), " +
			"whose tables 'kubectl gitops record --migrate' has made. Items are converted all the same " +
			"where that fails, but the exit code is 1.",
		set: func(c *config, v string) { c.record = v == "true" },
	},
	{
		name: "clusterName", standard: "default",
		doc: "Name of the cluster to record under.",
		set: func(c *config, v string) { c.cluster = v },
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

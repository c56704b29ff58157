package mapping

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func valuesRows() []Row {
	return []Row{{
		ID:   "helm-values",
		Back: backValues, BackAlways: true,
		Argo: []string{
			helm + ".values", helm + ".valuesObject", helm + ".valuesObject.**",
			helm + ".parameters[].name", helm + ".parameters[].value", helm + ".parameters[].forceString",
		},
		Flux: []string{
			"HelmRelease:spec.values.**", "HelmRelease:spec.valuesFrom[].kind", "HelmRelease:spec.valuesFrom[].name",
			"HelmRelease:spec.valuesFrom[].valuesKey", "HelmRelease:spec.valuesFrom[].optional",
			"HelmRelease:spec.valuesFrom[].targetPath", "HelmRelease:spec.valuesFrom[].literal",
		},
		ToFlux:  Promise{Fidelity: ledger.Exact},
		ToArgo:  Promise{Fidelity: ledger.Exact},
		Forward: forwardValues,
	}}
}

// forwardValues composes spec.values as Argo CD calls Helm: values or valuesObject
// (which wins whole), then --set, then --set-string (util/helm/cmd.go template).
// Values of a $ref file that was read come first.
func forwardValues(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	block := node.Get(c.part.Source.Node, "helm")
	values, err := c.baseValues(block)
	if err != nil {
		c.unit.fail(err)
		return
	}
	values = mergeValues(c.part.inlined, values)
	if !c.parameters(values, block) {
		return
	}
	if len(values.Content) > 0 {
		c.set(r, "spec.values", values)
	}
	c.valuesVerdicts(block)
}

// baseValues returns valuesObject, else the parsed values; a copy.
func (c *Cell) baseValues(block *yaml.Node) (*yaml.Node, error) {
	if object := node.Get(block, "valuesObject"); !node.Null(object) {
		values := node.Clone(object)
		return values, asHelm(values)
	}
	text := node.Get(block, "values")
	if node.Null(text) || strings.TrimSpace(text.Value) == "" {
		return node.Map(), nil
	}
	doc := document.Doc{File: c.unit.File, Line: text.Line + 1, Raw: []byte(text.Value)}
	if text.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		doc.Line = text.Line
	}
	values, err := parseDocument(doc)
	if err != nil {
		return nil, fmt.Errorf("%s.helm.values: %w", c.part.Source.At, err)
	}
	return values, nil
}

// valuesVerdicts points every leaf at where its value went.
func (c *Cell) valuesVerdicts(block *yaml.Node) {
	object := !node.Null(node.Get(block, "valuesObject"))
	for _, l := range c.leaves {
		if l.claimed {
			continue
		}
		to := Target{Object: c.part.Work, Path: "spec.values"}
		switch {
		case l.Path == c.part.Source.At+".helm.values" && object:
			c.claim(l, implied("Argo CD takes valuesObject instead"))
		case l.Path == c.part.Source.At+".helm.valuesObject":
			c.claim(l, implied("no values"))
		case c.part.Work.Get("spec", "values") == nil:
			c.claim(l, implied("sets no value"))
		case l.Path == c.part.Source.At+".helm.values":
			c.claim(l, equivalent("parsed", to))
		case strings.Contains(l.Path, ".helm.parameters["):
			c.claim(l, equivalent("merged as helm --set does", to))
		default:
			_, rest, _ := strings.Cut(l.Path, ".helm.valuesObject")
			to.Path += rest
			c.claim(l, Verdict{To: []Target{to}})
		}
	}
}

package flux

import (
	"context"
	"fmt"

	generator "github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// postBuild substitutes variables, strictly: the feature gate
// StrictPostBuildSubstitutions is on since kustomize-controller 1.9
// (internal/features/features.go).
func (r *render) postBuild(ctx context.Context, built *kustomize.Built) error {
	if node.Null(r.Spec("postBuild")) {
		return nil
	}
	object, err := r.withVariables(ctx)
	if err != nil {
		return err
	}
	always := node.Text(r.Root, "spec", "postBuild", "substituteStrategy") == "Always"
	for _, o := range built.Resources.Resources() {
		// Dry run: the variables of other objects have been read, once for all.
		changed, err := generator.SubstituteVariables(ctx, nil, object, o,
			generator.SubstituteWithDryRun(true), generator.SubstituteWithStrict(true), generator.SubstituteWithAlways(always))
		if err != nil {
			return fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
		}
		if changed == nil {
			continue
		}
		if _, err := built.Resources.Replace(changed); err != nil {
			return fmt.Errorf("%s %s: %w", o.GetKind(), o.GetName(), err)
		}
	}
	return nil
}

// withVariables returns the object with all variables in spec.postBuild.substitute.
func (r *render) withVariables(ctx context.Context) (unstructured.Unstructured, error) {
	content, err := manifest.Content(r.Root)
	if err != nil {
		return unstructured.Unstructured{}, err
	}
	object := unstructured.Unstructured{Object: content}
	object.SetNamespace(r.Namespace)
	client := &reader{render: r}
	variables, err := generator.LoadVariables(ctx, client, object)
	if err != nil {
		return object, err
	}
	for _, missing := range client.missing {
		r.app.Note("optional-missing", ledger.Approximate, "spec.postBuild.substituteFrom", fmt.Sprintf(
			"%s is optional and not in the input: if the cluster has it, its variables lack here", missing))
	}
	own, _, err := unstructured.NestedStringMap(content, "spec", "postBuild", "substitute")
	if err != nil {
		return object, err
	}
	variables = merge(variables, own)
	if len(variables) == 0 {
		return object, nil
	}
	return object, unstructured.SetNestedStringMap(content, variables, "spec", "postBuild", "substitute")
}

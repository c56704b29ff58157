package argocd

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// buildOptions are kustomize's flags, which argocd-cm holds for all Applications and for
// each registered version (util/settings/settings.go GetKustomizeSettings).
type buildOptions struct{ unrestricted bool }

// buildOptions reads them where the input has argocd-cm. Flags that change nothing here
// are passed over; others are noted.
func (r *rendering) buildOptions() (o buildOptions) {
	key := "kustomize.buildOptions"
	if spec := r.source.Kustomize; spec != nil && spec.Version != "" {
		key += "." + spec.Version
		r.note("kustomize-other-version", r.source.at+".kustomize.version",
			fmt.Sprintf("rendered by kustomize %s, and not by the registered version %s", kustomizeVersion, spec.Version))
	}
	var ignored []string
	fields := strings.Fields(strings.ReplaceAll(r.setting(key), "=", " "))
	for i, field := range fields {
		switch field {
		case "--load-restrictor", "--load_restrictor":
			value := append(fields[i:], "", "")[1]
			o.unrestricted = strings.EqualFold(value, "LoadRestrictionsNone") || value == "none"
		case "--reorder": // the order of the objects is another here anyway
		default:
			if strings.HasPrefix(field, "-") {
				ignored = append(ignored, field)
			}
		}
	}
	if len(ignored) > 0 {
		r.note("kustomize-build-options", r.source.at, fmt.Sprintf(
			"argocd-cm has %s in %s, which is not done here: what needs it fails", strings.Join(ignored, " "), key))
	}
	return o
}

// kustomizeVersion is that of the libraries in use.
const kustomizeVersion = "5.8.1"

// setting returns a setting of argocd-cm, or "" where the input does not have it.
func (r *rendering) setting(key string) string {
	for _, o := range r.shared.Objects.Kind("ConfigMap") {
		if o.Name == "argocd-cm" {
			return node.Text(o.Root, "data", key)
		}
	}
	return ""
}

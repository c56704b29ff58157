package argocd

import (
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/util/intstr"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// An application is what decides about the manifests of an Application
// (pkg/apis/application/v1alpha1/types.go).
type application struct {
	Metadata struct {
		Name        string
		Annotations map[string]string
	}
	Spec struct {
		Project        string
		Destination    struct{ Namespace string }
		Source         *appSource
		Sources        []appSource
		SourceHydrator *struct {
			DrySource  struct{ RepoURL string }
			SyncSource struct{ RepoURL, TargetBranch, Path string }
		}
	}
}

// An appSource is spec.source or an item of spec.sources. What a pointer holds counts as
// set even where it is empty.
type appSource struct {
	RepoURL        string `json:"repoURL"`
	Path           string `json:"path,omitempty"`
	TargetRevision string `json:"targetRevision,omitempty"`
	Chart          string `json:"chart,omitempty"`
	Ref            string `json:"ref,omitempty"`
	TagPrefix      string `json:"tagPrefix,omitempty"`

	Helm      *helmSource      `json:"helm,omitempty"`
	Kustomize *kustomizeSource `json:"kustomize,omitempty"`
	Directory *directorySource `json:"directory,omitempty"`
	Plugin    *struct{}        `json:"plugin,omitempty"`

	// at is the path of the source in the Application.
	at string
}

type helmSource struct {
	ValueFiles     []string        `json:"valueFiles,omitempty"`
	Parameters     []helmParameter `json:"parameters,omitempty"`
	ReleaseName    string          `json:"releaseName,omitempty"`
	Values         string          `json:"values,omitempty"`
	ValuesObject   json.RawMessage `json:"valuesObject,omitempty"`
	FileParameters []fileParameter `json:"fileParameters,omitempty"`
	Version        string          `json:"version,omitempty"`
	Namespace      string          `json:"namespace,omitempty"`
	KubeVersion    string          `json:"kubeVersion,omitempty"`
	APIVersions    []string        `json:"apiVersions,omitempty"`

	IgnoreMissingValueFiles bool `json:"ignoreMissingValueFiles,omitempty"`
	SkipCrds                bool `json:"skipCrds,omitempty"`
	SkipTests               bool `json:"skipTests,omitempty"`
	SkipSchemaValidation    bool `json:"skipSchemaValidation,omitempty"`
}

type helmParameter struct {
	Name        string `json:"name,omitempty"`
	Value       string `json:"value,omitempty"`
	ForceString bool   `json:"forceString,omitempty"`
}

type fileParameter struct {
	Name string `json:"name,omitempty"`
	Path string `json:"path,omitempty"`
}

type kustomizeSource struct {
	NamePrefix        string            `json:"namePrefix,omitempty"`
	NameSuffix        string            `json:"nameSuffix,omitempty"`
	Namespace         string            `json:"namespace,omitempty"`
	Version           string            `json:"version,omitempty"`
	Images            []string          `json:"images,omitempty"`
	Replicas          []replica         `json:"replicas,omitempty"`
	CommonLabels      map[string]string `json:"commonLabels,omitempty"`
	CommonAnnotations map[string]string `json:"commonAnnotations,omitempty"`
	Patches           []kustomizePatch  `json:"patches,omitempty"`
	Components        []string          `json:"components,omitempty"`

	ForceCommonLabels         bool `json:"forceCommonLabels,omitempty"`
	ForceCommonAnnotations    bool `json:"forceCommonAnnotations,omitempty"`
	CommonAnnotationsEnvsubst bool `json:"commonAnnotationsEnvsubst,omitempty"`
	IgnoreMissingComponents   bool `json:"ignoreMissingComponents,omitempty"`
	LabelWithoutSelector      bool `json:"labelWithoutSelector,omitempty"`
	LabelIncludeTemplates     bool `json:"labelIncludeTemplates,omitempty"`
}

type replica struct {
	Name  string             `json:"name"`
	Count intstr.IntOrString `json:"count"`
}

type kustomizePatch struct {
	Path    string          `json:"path,omitempty"`
	Patch   string          `json:"patch,omitempty"`
	Target  *patchTarget    `json:"target,omitempty"`
	Options map[string]bool `json:"options,omitempty"`
}

type patchTarget struct {
	Group              string `json:"group,omitempty"`
	Version            string `json:"version,omitempty"`
	Kind               string `json:"kind,omitempty"`
	Name               string `json:"name,omitempty"`
	Namespace          string `json:"namespace,omitempty"`
	AnnotationSelector string `json:"annotationSelector,omitempty"`
	LabelSelector      string `json:"labelSelector,omitempty"`
}

type directorySource struct {
	Recurse                bool   `json:"recurse,omitempty"`
	Include                string `json:"include,omitempty"`
	Exclude                string `json:"exclude,omitempty"`
	DisableExtensionFilter bool   `json:"disableExtensionFilter,omitempty"`
	Jsonnet                struct {
		ExtVars []jsonnetVar `json:"extVars,omitempty"`
		TLAs    []jsonnetVar `json:"tlas,omitempty"`
		Libs    []string     `json:"libs,omitempty"`
	} `json:"jsonnet,omitzero"`
}

type jsonnetVar struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Code  bool   `json:"code,omitempty"`
}

// decode reads an Application as the API server does.
func decode(root *kyaml.Node) (*application, error) {
	text, err := kyaml.NewRNode(root).String()
	if err != nil {
		return nil, err
	}
	app := &application{}
	if err := yaml.Unmarshal([]byte(text), app); err != nil {
		return nil, fmt.Errorf("no Application: %w", err)
	}
	return app, nil
}

// sources are those to render: what the hydrator writes to is what is synced
// (types.go ApplicationSpec.GetSources).
func (a *application) sources() []appSource {
	if h := a.Spec.SourceHydrator; h != nil {
		s := appSource{RepoURL: h.SyncSource.RepoURL, Path: h.SyncSource.Path, TargetRevision: h.SyncSource.TargetBranch}
		if s.RepoURL == "" {
			s.RepoURL = h.DrySource.RepoURL
		}
		s.at = "spec.sourceHydrator.syncSource"
		return []appSource{s}
	}
	if len(a.Spec.Sources) > 0 {
		for i := range a.Spec.Sources {
			a.Spec.Sources[i].at = ledger.Index("spec.sources", i)
		}
		return a.Spec.Sources
	}
	if a.Spec.Source == nil {
		return nil
	}
	a.Spec.Source.at = "spec.source"
	return []appSource{*a.Spec.Source}
}

// multiple tells whether the rules of several sources hold, which spec.sources with one
// item has, too.
func (a *application) multiple() bool {
	return a.Spec.SourceHydrator == nil && len(a.Spec.Sources) > 0
}

// oci tells whether the source is an artifact of a registry that is no Helm chart of a
// repository.
func (s *appSource) oci() bool { return strings.HasPrefix(s.RepoURL, "oci://") }

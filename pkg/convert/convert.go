// Package convert is the compiler between Argo CD and Flux: YAML documents in,
// YAML documents and a ledger out. It is pure: no clock, no network, no globals
// that change; files of a repository are seen only through the file systems that
// the caller passes in [Options.Checkouts]. The same input gives the same bytes.
package convert

import (
	"io/fs"
	"text/template"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// An Input is one stream of YAML or JSON documents.
type Input struct {
	// Name is the file's path as findings and errors show it.
	Name string
	Data []byte
	// Context marks documents that others may refer to and that are not converted.
	Context bool
}

// A Checkout is a local copy of a source repository, used to answer what an
// Application leaves to the repository: source type, default branch, hooks,
// namespaces, values files.
type Checkout struct {
	// URL is compared with repoURL after normalisation.
	URL string
	// Revision narrows the checkout to one targetRevision; empty fits all.
	Revision string
	FS       fs.FS
}

// A SourceURL says where a source of Flux is, without its object.
type SourceURL struct {
	// Name is NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME.
	Name string
	// URL also tells which kinds it may stand for: oci:// is no address of a
	// GitRepository, and an OCIRepository has no other.
	URL string
	// Revision is written as a targetRevision of Argo CD; empty for HEAD, and for a
	// HelmRepository, which has none.
	Revision string
}

// Options steer a conversion. The zero value is usable: see each field's default.
type Options struct {
	// To is the tool to write for; by default the one whose objects the input lacks.
	To Direction
	// FluxNamespace receives the Flux objects; default "flux-system".
	FluxNamespace string
	// ArgoCDNamespace is where Argo CD runs. Applications in another namespace keep
	// theirs; default "argocd".
	ArgoCDNamespace string
	// Placement says which namespace receives an Application's Flux objects.
	Placement Placement
	// DefaultBranch is the branch behind HEAD where no checkout tells; default "main".
	DefaultBranch string
	// FluxVersion gates fields that older releases lack, as "2.9"; default "2.9".
	FluxVersion string
	// RefValues chooses how value files of another source ($ref/...) cross.
	RefValues RefValues
	// Preserve keeps what the target cannot hold in one annotation.
	Preserve bool
	// Namespace stands in for the namespace of Flux objects that name none.
	Namespace string
	// SourceURLs stand in for Flux sources that are not in the input.
	SourceURLs []SourceURL
	// AppOfApps adds one Application that deploys the others; nil for none.
	AppOfApps *AppOfApps
	// Substitute puts the values of spec.postBuild into the documents of the input that
	// a Kustomization applies, on the way to Argo CD.
	Substitute bool
	// Collapse makes ApplicationSets of Applications of one shape, on the way to Argo CD.
	// The outcomes are then kept until the last is known.
	Collapse bool
	// AllowBlocking leaves on what a blocking loss would turn off.
	AllowBlocking bool
	// Suspend turns off everything that deploys, for a cut-over step by step.
	Suspend bool
	// RedactSecrets writes placeholders for the values of Secrets.
	RedactSecrets bool
	// ExpandOnly replaces ApplicationSets by their Applications and converts nothing.
	ExpandOnly bool
	// AppSet chooses what becomes of ApplicationSets.
	AppSet AppSet
	// ConvertedPath is the directory of a repository below which what became of the
	// children of its Applications (app-of-apps) will be committed; default "flux".
	ConvertedPath string
	// Without are files of checkouts, as outcomes name them, whose children are left out.
	Without map[string]bool
	// TemplateFunctions are what templates of ApplicationSets may call besides the
	// functions of Go and of Argo CD itself: those of package appset/functions, which is
	// large. A template that calls another is not expanded.
	TemplateFunctions template.FuncMap
	// plain ignores records of earlier conversions.
	plain bool
	// Checkouts are searched in order.
	Checkouts []Checkout
	// Workers bounds the goroutines; default GOMAXPROCS.
	Workers int
}

// Placement is a rule for the namespace of Flux objects.
type Placement string

// The placements. See section 3.1 of the Argo CD documentation page
// docs/operator-manual/app-any-namespace.md for Applications outside argocd.
const (
	// PlaceByNamespace: Applications of the Argo CD namespace go to FluxNamespace,
	// others keep theirs. The default.
	PlaceByNamespace Placement = "by-namespace"
	// PlaceSingle: everything goes to FluxNamespace.
	PlaceSingle Placement = "single"
	// PlacePerApp: objects live in the Application's destination namespace.
	PlacePerApp Placement = "per-app"
)

// RefValues is a way to carry a value file that lives in another source.
type RefValues string

// The ways, from the one that follows Git without help to the frozen one.
const (
	// RefAuto: the chart's own repository where it is the same, else inline where a
	// checkout has the file, else an ArtifactGenerator. The default.
	RefAuto RefValues = "auto"
	// RefArtifact: an ArtifactGenerator overlays the file on the chart.
	RefArtifact RefValues = "artifact"
	// RefConfigMap: a Kustomization generates a ConfigMap that valuesFrom reads.
	RefConfigMap RefValues = "configmap"
	// RefInline: the file's content as of the conversion.
	RefInline RefValues = "inline"
)

// AppSet is what becomes of an ApplicationSet.
type AppSet string

// The ways.
const (
	// AppSetStatic: the Applications that it makes as of now, converted. The default.
	AppSetStatic AppSet = "static"
	// AppSetResourceSet: a ResourceSet of flux-operator, which goes on following the
	// generators.
	AppSetResourceSet AppSet = "resourceset"
)

// Status says what happened to a document.
type Status uint8

// The outcomes of a document.
const (
	// Passed: not ours, or kept as it is; Out holds it byte for byte.
	Passed Status = iota
	// Converted: Out holds the objects that take its place.
	Converted
	// Failed: Err says why; Out is empty.
	Failed
	// Added: of no document; Out holds what an option asks for besides.
	Added
)

// An Outcome is what became of one document. Outcomes come in input order.
type Outcome struct {
	File   string
	Index  int // of the document in its file, from 0
	Line   int // of the document's first line, from 1
	Object ledger.Object
	Status Status
	// Out are the documents to write instead, in order.
	Out []Output
	// Mirror is where in a tree of output the file of a checkout belongs, as
	// REPOSITORY/PATH; empty for files of the input, which the caller knows.
	Mirror string
	// Entries hold one entry per leaf of a converted object, and findings about
	// objects that pass.
	Entries []ledger.Entry
	Err     error
}

// An Output is one document to write.
type Output struct {
	Object ledger.Object
	// Lead is what stood before a passed document: separator and directives.
	Lead []byte
	// Data is YAML text; for passed documents the input, byte for byte.
	Data []byte
}

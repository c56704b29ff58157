// Package manifest holds what rendering makes: the objects of one deployment, and
// where each of them came from.
package manifest

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// An App is one Application, Kustomization or HelmRelease, and what it renders to.
type App struct {
	ledger.Object
	// Root is the object itself. Line is where it begins in File, counting from 1.
	Root *yaml.Node
	File string
	Line int
	// Target is the namespace for objects that name none: destination.namespace,
	// targetNamespace, or that of the Helm release; "" where the tool has none.
	Target string
	// Release is the name of the Helm release, where a HelmRelease makes one.
	Release string
	// Objects are in the order of Sort.
	Objects []Object
	// Left are objects of the source that the tool does not apply. A plan must know them:
	// the tool does not prune them either, but for hooks of deletion.
	Left     []Object
	Findings []ledger.Entry
	// Err says why there are no objects. It names the source and the file in it.
	Err error
}

// An Object is one rendered object, as the tool would apply it.
type Object struct {
	unstructured.Unstructured
	Part   Part
	Origin Origin
}

// Origin is where an object came from, as far as it is known.
type Origin struct {
	// Source is the URL of the source, without credentials, and Revision what was
	// asked for there.
	Source, Revision string
	// File is the path in the source, or in the chart for what a chart renders.
	File string
}

// Part tells which part of a deployment an object belongs to.
type Part uint8

const (
	// Main objects are applied, and pruned when they are gone from the source.
	Main Part = iota
	// CRD is of a chart's crds directory: Helm applies it before all else, and never
	// deletes it (helm docs, Custom Resource Definitions). What Argo CD renders of
	// such a directory is Main.
	CRD
	// Hook objects carry the annotation helm.sh/hook or argocd.argoproj.io/hook, which
	// says when they run.
	Hook
)

// ID names the object as ledger entries do.
func (o *Object) ID() ledger.Object {
	return ledger.Object{APIVersion: o.GetAPIVersion(), Kind: o.GetKind(), Namespace: o.GetNamespace(), Name: o.GetName()}
}

// AnnotationList returns the items of an annotation that holds a list, each once
// (gitops-engine pkg/sync/resource/annotations.go GetAnnotationCSVs).
func (o *Object) AnnotationList(key string) (items []string) {
	for item := range strings.SplitSeq(o.GetAnnotations()[key], ",") {
		if item = strings.TrimSpace(item); item != "" && !slices.Contains(items, item) {
			items = append(items, item)
		}
	}
	return items
}

// Note adds a finding about the app's field at path, which is in the form of
// ledger.Key and ledger.Index. The line is that of the deepest node on the path.
func (a *App) Note(id string, f ledger.Fidelity, path, note string) {
	a.Findings = append(a.Findings, ledger.Entry{
		ID: id, Fidelity: f, Note: note, To: []ledger.To{}, Absent: !ledger.Exists(a.Root, path),
		From: ledger.From{Object: a.Object, Path: path, File: a.File, Line: ledger.Line(a.Root, path, a.Line)},
	})
}

package convert

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// suspend turns off what the job's objects would deploy, and says so. Those that are
// off already are left alone.
func (c *compiler) suspend(j *job) {
	from := ledger.From{Object: j.subject(), Path: "spec", File: j.doc.File, Line: j.doc.Line}
	for _, o := range j.objects {
		path := turnOff(o)
		if path == "" {
			continue
		}
		j.out.Entries = append(j.out.Entries, ledger.Entry{
			ID: "suspended-on-request", Fidelity: ledger.Approximate, Absent: true, From: from,
			To:   []ledger.To{{Object: o.Ref(), Path: path}},
			Note: "written turned off, as asked: nothing is deployed until this field is removed",
		})
	}
}

// subject is the object that the job reads: of a list the first that is converted.
func (j *job) subject() ledger.Object {
	if isList(j.out.Object.Kind) && len(j.units) > 0 {
		return objectOf(j.units[0].Inputs()[0])
	}
	return j.out.Object
}

// turnOff returns the field that it set, or nothing. Argo CD reads automated.enabled
// (types.go IsAutomatedSyncEnabled), the controllers of Flux spec.suspend.
func turnOff(o *object.Object) string {
	switch {
	case flux.IsApplier(o.Kind.Name) && !node.True(o.Root, "spec", "suspend"):
		o.Set(node.Bool(true), "spec", "suspend")
		return "spec.suspend"
	case o.Kind.Name == "Application" && automated(o):
		o.Set(node.Bool(false), "spec", "syncPolicy", "automated", "enabled")
		return "spec.syncPolicy.automated.enabled"
	}
	return ""
}

func automated(o *object.Object) bool { return argocd.Read(o.Root).Automated() }

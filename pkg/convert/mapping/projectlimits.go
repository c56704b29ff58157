package mapping

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// projectLimits tells an Application what its AppProject asks of it and Flux does not: to
// sync in windows of time (types.go SyncWindows), and only commits that are signed
// (types.go SignatureKeys, SourceIntegrity).
func (c *Cell) projectLimits() {
	name := c.unit.project()
	project := &argocd.Project{Root: c.unit.Settings.AppProjects[name]}
	spec := node.Get(project.Root, "spec")
	windows := project.Windows(c.app())
	if c.unit.Settings.Unnamed {
		windows = project.Items("syncWindows")
	}
	if len(windows) > 0 {
		c.absent("spec.syncPolicy", unsupported(fmt.Sprintf("AppProject %q has sync windows; Flux deploys at any time", name)).as("project-windows"))
	}
	if node.Empty(node.Get(spec, "signatureKeys")) && node.Empty(node.Get(spec, "sourceIntegrity")) {
		return
	}
	for _, p := range c.unit.Parts {
		if p.Source.Origin == argocd.Git {
			c.absent(p.Source.At, unsupported(fmt.Sprintf("AppProject %q wants signed commits; Flux deploys what nobody signed: set spec.verify of the GitRepository", name)).as("project-signatures"))
		}
	}
}

// project is the Application's (types.go GetProject).
func (u *Unit) project() string {
	if u.App.Project == "" {
		return argocd.DefaultProject
	}
	return u.App.Project
}

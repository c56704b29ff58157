package plan

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A unit is what the plan knows of one app.
type unit struct {
	owner      *Owner
	namespaces []namespace
	stages     []*Stage
	sets       []*set
	// order sorts owners that do not depend on each other.
	order int
}

// A namespace is made before all else.
type namespace struct {
	name   string
	labels map[string]any
	// annotations and labels are applied where manage is set, else the namespace is
	// only made where it is missing.
	annotations map[string]any
	manage      bool
	manager     string
}

// A method is how a tool applies one app: what the code for Argo CD, for
// Kustomizations and for HelmReleases decides.
type method struct {
	tasks []*task
	// manager is the field manager of the tool.
	manager string
	// prune tells whether objects that are gone are deleted; server, that the app as a
	// whole is applied on the server; cascade is how their dependents go.
	prune, server bool
	// replace tells that the app as a whole is replaced.
	replace bool
	cascade string
	// last delays pruning behind all waves.
	last bool
	// seconds is how long to wait for health; 0 is without end.
	seconds int
	// checks are waited for at the end.
	checks []Wait
}

// flags of kubectl apply.
func (m *method) flags(server, lax bool) []string {
	flags := []string{"--field-manager=" + m.manager}
	if server {
		flags = append(flags, "--server-side", "--force-conflicts")
	}
	if lax {
		flags = append(flags, "--validate=ignore")
	}
	return flags
}

// all are the objects of an app: those that are applied, then those that are left
// alone.
func all(app *manifest.App) (objects []*manifest.Object) {
	for i := range app.Objects {
		objects = append(objects, &app.Objects[i])
	}
	for i := range app.Left {
		objects = append(objects, &app.Left[i])
	}
	return objects
}

// newUnit reads an app's policy and lays out its stages.
func newUnit(app *manifest.App) *unit {
	u := &unit{owner: &Owner{Object: app.Object}}
	if app.Err != nil {
		u.owner.Skipped = "not rendered"
		return u
	}
	var m *method
	switch app.Kind {
	case "Application":
		m = u.application(app)
	case "HelmRelease":
		m = u.release(app)
	default:
		m = u.kustomization(app)
	}
	u.layout(app, m)
	return u
}

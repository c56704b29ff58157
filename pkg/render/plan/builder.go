package plan

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A Builder collects what a plan needs of each app, and not its objects: those may be
// many.
type Builder struct {
	objects *cluster.Objects
	units   []*unit
	apps    map[*manifest.App]*unit
	// projects are those of the apps, in the order of these.
	projects []*project
}

// NewBuilder returns a Builder. objects hold the AppProjects of the input.
func NewBuilder(objects *cluster.Objects) *Builder {
	return &Builder{objects: objects, apps: map[*manifest.App]*unit{}}
}

// Add notes an app that has been rendered, and adds to its findings what a plan cannot
// express.
func (b *Builder) Add(app *manifest.App) {
	u := newUnit(app)
	b.noteDependencies(app, u)
	b.addProject(app, u)
	b.units = append(b.units, u)
	b.apps[app] = u
	for _, s := range u.stages {
		s.tasks = nil // they hold the objects
	}
}

// noteDependencies says which dependencies the input does not have.
func (b *Builder) noteDependencies(app *manifest.App, u *unit) {
	for i, o := range u.owner.DependsOn {
		ref := flux.Ref{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}
		if found, err := b.objects.Find(ref, app.File); err == nil && found == nil {
			app.Note("plan-depends-on", ledger.Approximate, ledger.Index("spec.dependsOn", i),
				fmt.Sprintf("%s %s/%s is not in the input: apply it before", o.Kind, o.Namespace, o.Name))
		}
	}
}

// Stages are those of an app that was added. Plan gives them their names.
func (b *Builder) Stages(app *manifest.App) []*Stage { return b.apps[app].stages }

// Plan returns the plan of the apps that were added. What waits for itself, or for what
// could not be rendered, is not applied.
func (b *Builder) Plan() *Plan {
	p := &Plan{APIVersion: APIVersion, Kind: Kind}
	units := inOrder(b.units)
	p.Stages = append(p.Stages, namespaceStages(units)...)
	p.Stages = append(p.Stages, setStages(units)...)
	for _, project := range b.projects {
		p.Stages = append(p.Stages, project.stages()...)
	}
	for _, u := range units {
		p.Owners = append(p.Owners, u.owner)
		p.Stages = append(p.Stages, u.stages...)
	}
	p.number()
	return p
}

// number names the stages.
func (p *Plan) number() {
	width := max(2, len(fmt.Sprint(len(p.Stages))))
	for i, s := range p.Stages {
		parts := []string{fmt.Sprintf("%0*d", width, i+1)}
		if s.Owner != nil {
			parts = append(parts, plainName(s.Owner.Name))
		}
		parts = append(parts, strings.ToLower(string(s.Phase)))
		switch {
		case s.Wave < 0:
			parts = append(parts, fmt.Sprintf("wave-minus-%d", -s.Wave))
		case s.Wave > 0:
			parts = append(parts, fmt.Sprintf("wave-%d", s.Wave))
		}
		if s.Action != Apply && len(s.of) > 0 {
			parts = append(parts, string(s.Action))
		}
		s.Name = strings.Join(parts, "-")
	}
	for _, s := range p.Stages {
		s.Of = nil
		for _, of := range s.of {
			s.Of = append(s.Of, of.Name)
		}
	}
}

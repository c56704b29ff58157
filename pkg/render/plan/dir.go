package plan

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strconv"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// The files of a plan's directory, beside those of the stages.
const (
	PlanFile   = "plan.yaml"
	ScriptFile = "apply.sh"
)

// stageName is what number gives.
var stageName = regexp.MustCompile(`^[0-9]{2,}-[a-z0-9.-]+$`)

// A Dir writes a plan as a directory: one directory for each stage with the manifests
// of its objects, plan.yaml, and apply.sh, which applies them. Nothing shows before
// Finish, and apply.sh comes last, so that it never applies half a plan. What else
// is in the directory stays.
type Dir struct {
	name string
	root *os.Root
	temp string
	// staged are the directories below temp.
	staged map[*Stage]string
}

// NewDir makes the directory where it does not exist.
func NewDir(name string) (*Dir, error) {
	if err := os.MkdirAll(name, 0o777); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	d := &Dir{name: name, root: root, temp: fmt.Sprintf(".kubectl-gitops-%d", os.Getpid()), staged: map[*Stage]string{}}
	if err := root.Mkdir(d.temp, 0o777); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return d, nil
}

// Add writes the objects of an app. Its stages are those that the Builder returns.
func (d *Dir) Add(app *manifest.App, stages []*Stage) error {
	objects := all(app)
	for _, s := range stages {
		err := d.stage(s, func(o *Object) map[string]any { return objects[o.index].Object })
		if err != nil {
			return fmt.Errorf("%s %s: %w", app.Kind, app.Name, err)
		}
	}
	return nil
}

// stage writes the objects of a stage.
func (d *Dir) stage(s *Stage, content func(*Object) map[string]any) error {
	if len(s.Objects) == 0 {
		return nil
	}
	dir := path.Join(d.temp, strconv.Itoa(len(d.staged)))
	d.staged[s] = dir
	if err := d.root.Mkdir(dir, 0o777); err != nil {
		return err
	}
	for _, o := range s.Objects {
		data, err := yaml.Marshal(content(o))
		if err != nil {
			return fmt.Errorf("%s %s: %w", o.Kind, o.Name, err)
		}
		if err := d.root.WriteFile(path.Join(dir, o.File), data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// Finish publishes the plan, in the place of an earlier one.
func (d *Dir) Finish(p *Plan) error {
	for _, s := range p.Stages {
		if _, ok := d.staged[s]; ok {
			continue
		}
		if err := d.stage(s, func(o *Object) map[string]any { return o.content }); err != nil {
			return err
		}
	}
	data, err := p.YAML()
	if err != nil {
		return err
	}
	if err := errors.Join(d.write(PlanFile, data, 0o666), d.write(ScriptFile, p.Script(), 0o777)); err != nil {
		return err
	}
	if err := d.clear(p); err != nil {
		return err
	}
	// The plan comes first: a later run takes away what it names.
	if err := d.publish(PlanFile); err != nil {
		return err
	}
	for _, s := range p.Stages {
		if from, ok := d.staged[s]; ok {
			if err := d.root.Rename(from, s.Name); err != nil {
				return err
			}
		}
	}
	return d.publish(ScriptFile)
}

func (d *Dir) publish(name string) error { return d.root.Rename(path.Join(d.temp, name), name) }

func (d *Dir) write(name string, data []byte, mode fs.FileMode) error {
	return d.root.WriteFile(path.Join(d.temp, name), data, mode)
}

// clear takes away the stages of an earlier plan: a manifest that was left there would
// be applied.
func (d *Dir) clear(p *Plan) error {
	earlier, err := d.earlier()
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	for _, s := range earlier.Stages {
		ours[s.Name] = true
	}
	for _, s := range p.Stages {
		if _, err := d.root.Stat(s.Name); err == nil && !ours[s.Name] {
			return fmt.Errorf("%s is in the way, and of no earlier plan: remove it, or choose another directory", path.Join(d.name, s.Name))
		}
	}
	if err := d.root.Remove(ScriptFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, s := range earlier.Stages {
		if !stageName.MatchString(s.Name) {
			continue // not a name that we give
		}
		if err := d.root.RemoveAll(s.Name); err != nil {
			return err
		}
	}
	return nil
}

// earlier is the plan that the directory holds.
func (d *Dir) earlier() (*Plan, error) {
	data, err := d.root.ReadFile(PlanFile)
	if errors.Is(err, fs.ErrNotExist) {
		return &Plan{}, nil
	}
	if err != nil {
		return nil, err
	}
	var p Plan
	if err := yaml.Unmarshal(data, &p); err != nil || p.Kind != Kind {
		return nil, fmt.Errorf("%s is not a plan: remove it, or choose another directory", path.Join(d.name, PlanFile))
	}
	return &p, nil
}

// Close removes what was not published.
func (d *Dir) Close() error {
	return errors.Join(d.root.RemoveAll(d.temp), d.root.Close())
}

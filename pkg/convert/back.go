package convert

import (
	"bytes"
	"fmt"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

var fluxGroup = []byte("fluxcd.")

// surveyed looks at every document once.
func (c *compiler) surveyed(streams []stream) *survey {
	s := &survey{
		notifications: c.settings.Notifications, updaters: c.settings.Updaters,
		options: &c.options, index: flux.NewIndex(), cache: newCache(c.options.members),
		merged: map[site]*configmap.Merged{}, bySite: map[site]*applier{}, sources: map[site]*source{}, edited: map[*flux.Entry][]string{}, addOnAt: map[site]*addOn{}, marks: map[string]int{},
	}
	var all []*document.Doc
	for _, in := range streams {
		for first := 0; first < len(in.docs); first += batch {
			docs := in.docs[first:min(first+batch, len(in.docs))]
			found := make([]looked, len(docs))
			c.each(len(docs), func(i int) { found[i] = s.look(&docs[i]) })
			for i := range docs {
				s.take(found[i])
				all = append(all, &docs[i])
			}
		}
	}
	s.claim(all)
	s.join()
	return s
}

// each runs f for every index, in parallel.
func (c *compiler) each(n int, f func(int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(c.limit(), n) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// compileBack converts one document of Flux's.
func (c *compiler) compileBack(j *job) {
	j.out.Entries = c.notes(j.doc)
	if c.backSecretDocument(j) || c.restoredDocument(j) || c.accessDocument(j) {
		return
	}
	root := j.parse(flux.Ours)
	if root == nil {
		return
	}
	if isList(j.out.Object.Kind) && (bytes.Contains(j.doc.Raw, fluxGroup) || c.survey.credentials != nil || len(c.survey.merged) > 0) {
		c.backList(j, node.Items(root, "items"))
		return
	}
	if resourceset.Is(root) {
		c.backSet(j, root)
		return
	}
	if !flux.Ours(j.out.Object.APIVersion) {
		j.pass()
		return
	}
	j.comment = takeHeadComment(root)
	if passes, err := c.backObject(j, site{j.doc, -1}, root); err != nil {
		j.fail(err)
	} else if passes {
		j.pass()
	}
}

// backList converts the Flux objects among the members of a document and keeps the
// others.
func (c *compiler) backList(j *job, members []*yaml.Node) {
	for i, item := range members {
		if r := c.restored[site{j.doc, i}]; r != nil {
			j.units = append(j.units, r)
			continue
		}
		if u := c.tenantObjects[site{j.doc, i}]; u != nil {
			j.units, j.rest = append(j.units, u), append(j.rest, item)
			continue
		}
		taken, passes, err := c.backSecret(j, site{j.doc, i}, item)
		if err != nil {
			j.fail(err)
			return
		}
		if !taken {
			passes = !flux.Ours(objectOf(item).APIVersion)
		}
		if !taken && !passes {
			if passes, err = c.backObject(j, site{j.doc, i}, item); err != nil {
				j.fail(err)
				return
			}
		}
		if passes {
			j.rest = append(j.rest, item)
		}
	}
	if len(j.units) == 0 {
		j.pass()
	}
}

// backObject adds the unit of a Flux object. passes tells that it stays as it is.
func (c *compiler) backObject(j *job, at site, root *yaml.Node) (passes bool, err error) {
	o := objectOf(root)
	current, ok := flux.Current(o.APIVersion, o.Kind)
	if !ok {
		j.note(root, o, "kind", "kind-not-converted", o.Kind+" passes untouched: no conversion takes it")
		return true, nil
	}
	node.ResolveOldBools(root)
	if a := c.survey.bySite[at]; a != nil {
		return c.backApplier(j, a, root)
	}
	if a := c.survey.addOnAt[at]; a != nil {
		return c.backAddOn(j, a, root), nil
	}
	if err := check(j.doc, root, current.APIVersion, o); err != nil {
		return false, err
	}
	return c.backSource(j, at, root)
}

func (c *compiler) backApplier(j *job, a *applier, root *yaml.Node) (passes bool, err error) {
	if a.err != nil {
		return false, a.err
	}
	if a.problem != nil {
		j.unresolved(root, a)
		return true, nil
	}
	if _, err := preserve.Read(root); err != nil {
		return false, fmt.Errorf("%s: %w", place(j.doc, root), err)
	}
	u, err := c.toArgo(a, root)
	if err != nil {
		return false, fmt.Errorf("%s: %w", place(j.doc, root), err)
	}
	j.units = append(j.units, u)
	return false, nil
}

// toArgo converts a Kustomization or HelmRelease, as it was before where that is known.
func (c *compiler) toArgo(a *applier, root *yaml.Node) (*mapping.BackUnit, error) {
	around := mapping.Surroundings{
		ConfigMap: c.survey.configMaps(a), Name: a.name, Namespace: a.namespace,
		Wave: a.wave, Waves: a.waves, Findings: a.findings(),
		PostBuild: c.postBuild(a.site), Literal: c.literal(a.site), Cluster: c.survey.clusterOf(a),
		Taken: a.taken, AddOns: a.spent(), Project: a.project,
	}
	if err := a.surround(&around); err != nil {
		return nil, err
	}
	u, err := c.table.ToArgo(&flux.Applier{Root: root, Ref: a.Ref}, a.file, around, c.settings)
	if err != nil {
		return nil, err
	}
	return u, c.restoreArgo(u, a)
}

// unresolved reports an object that is not converted.
func (j *job) unresolved(root *yaml.Node, a *applier) {
	o := objectOf(root)
	for _, field := range a.missing {
		j.note(root, o, field, a.problem.id, "missing, so the object passes untouched: convert behind kustomize, with -k or as a transformer")
	}
	if a.problem.note != "" {
		j.note(root, o, a.problem.path, a.problem.id, a.problem.note)
	}
}

// note adds a finding about an object that passes.
func (j *job) note(root *yaml.Node, o ledger.Object, path, id, note string) {
	j.out.Entries = append(j.out.Entries, ledger.Entry{
		ID: id, Fidelity: ledger.Unsupported, To: []ledger.To{}, Absent: true, Note: note,
		From: ledger.From{Object: o, Path: path, File: j.doc.File, Line: root.Line},
	})
}

// backSource accounts for a source object. It stays where an object that is not
// converted needs it, or where nothing of the input uses it.
func (c *compiler) backSource(j *job, at site, root *yaml.Node) (passes bool, err error) {
	src := c.survey.sources[at]
	o := objectOf(root)
	switch {
	case src == nil || len(src.users) == 0 && !src.kept:
		j.note(root, o, "metadata.name", "source-unused", "no Kustomization or HelmRelease of the input deploys from it, so it passes untouched")
		return true, nil
	case src.kept:
		j.note(root, o, "metadata.name", "source-kept", "an object that is not converted needs it, so it passes untouched")
		return true, nil
	}
	s := &flux.Source{Ref: flux.ObjectRef(root, c.survey.namespaceOf(j.doc.File, "")), Root: root, File: j.doc.File, Literal: c.literal(at), Secrets: c.survey.secretsAt(at)}
	j.units = append(j.units, c.table.Spend(s, o, src.users))
	return false, nil
}

// A stream is an input, cut into documents.
type stream struct {
	Input
	docs []document.Doc
	err  error
}

func split(inputs []Input) []stream {
	streams := make([]stream, len(inputs))
	for i, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		streams[i] = stream{in, docs, err}
	}
	return streams
}

package convert

import (
	"bytes"
	"fmt"
	"iter"
	"runtime"
	"sync"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/substitute"
)

// batch bounds how many documents are in flight, and with them the memory.
const batch = 64

// Convert reads every document of inputs and yields one Outcome for each, in
// order, and one more for Options.AppOfApps. Broken objects yield an Outcome with Err and do not stop the others.
// The error is about the options.
func Convert(inputs []Input, o Options) (iter.Seq[Outcome], error) {
	if err := o.direct(inputs); err != nil {
		return nil, err
	}
	c, err := newCompiler(o)
	if err != nil {
		return nil, err
	}
	outcomes := c.outcomes(inputs)
	if o.Collapse {
		return c.collapsed(outcomes), nil
	}
	return outcomes, nil
}

// outcomes converts the inputs.
func (c *compiler) outcomes(inputs []Input) iter.Seq[Outcome] {
	return func(yield func(Outcome) bool) {
		streams := split(inputs)
		c.lookFirst(streams)
		for _, in := range streams {
			if !in.Context && !c.input(in, yield) {
				return
			}
		}
		if !c.families(yield) {
			return
		}
		if c.options.AppOfApps != nil {
			yield(c.appOfApps())
		}
	}
}

// lookFirst finds what documents mean for each other.
func (c *compiler) lookFirst(streams []stream) {
	c.lookForPresent(streams)
	if !c.options.plain {
		c.lookAround(streams)
	}
	if c.options.To == ToArgo {
		c.substituted = c.substitute(streams)
		c.survey = c.surveyed(streams)
		c.forgetMerged()
		c.restored = c.restoredTenants(streams)
		c.tenantObjects = c.tenantProjects(streams)
		return
	}
	c.sets = c.surroundings(streams)
	if c.options.followsChildren() {
		c.settings.ConvertedPath, c.settings.Given = c.options.ConvertedPath, c.givenFile
	}
	c.lookForAccess(streams)
}

// A compiler holds what lasts for a whole run.
type compiler struct {
	options  Options
	table    *mapping.Table
	settings *mapping.Settings
	registry *object.Registry
	// clusters names the kubeconfigs of clusters that the input lacks, which nothing writes.
	clusters *object.Registry
	present  present
	survey   *survey // of the way back, else nil
	// twins, releases and namespaces tell what two Applications claim.
	twins      mapping.Twins
	releases   mapping.Releases
	namespaces mapping.Namespaces
	// credentials and tenants are those of Argo CD, on the way to Flux.
	credentials *credentials
	tenants     tenants
	// restored are the objects that an AppProject became, which comes back.
	restored map[site]*restoredTenant
	// tenantObjects are the objects of RBAC of which an AppProject is made.
	tenantObjects map[site]*mapping.AccessUnit
	sets          *sets // of the way forth, else nil
	// configs counts the ConfigMaps of Argo CD's notifications.
	configs int
	// met are the families whose children are not converted yet.
	met []*mapping.Family
	// followed are the files of checkouts whose children are converted.
	followed map[string]bool
	// opening is the first document of the file until something of the file is written.
	opening *document.Doc
	// substituted is what became of variables; nil where nobody asked.
	substituted *substitute.Result
}

func newCompiler(o Options) (*compiler, error) {
	if err := o.complete(); err != nil {
		return nil, err
	}
	t, err := mapping.Default()
	if err != nil {
		return nil, fmt.Errorf("field table: %w", err)
	}
	c := &compiler{
		options: o, table: t, settings: o.settings(), registry: object.NewRegistry(), clusters: object.NewRegistry(),
		twins: mapping.Twins{}, releases: mapping.Releases{}, namespaces: mapping.Namespaces{}, followed: map[string]bool{},
	}
	c.registry.Holds = func(o *object.Object, name string) object.Standing { return c.present.holds(o, name) }
	return c, nil
}

// input converts one stream. It returns false when the consumer wants no more.
func (c *compiler) input(in stream, yield func(Outcome) bool) bool {
	if in.err != nil {
		return yield(Outcome{File: in.Name, Line: 1, Status: Failed, Err: in.err})
	}
	if len(in.docs) > 0 {
		c.opening = &in.docs[0]
	}
	return c.batches(in.docs, yield)
}

// batches converts documents a batch after the other.
func (c *compiler) batches(docs []document.Doc, yield func(Outcome) bool) bool {
	for len(docs) > 0 {
		n := min(batch, len(docs))
		if !c.docs(docs[:n], nil, yield) {
			return false
		}
		docs = docs[n:]
	}
	return true
}

// docs converts a batch in three steps: in parallel what each document means, in
// order what objects are called, in parallel the text. meant, where there is one, sees
// all documents after the first step.
func (c *compiler) docs(docs []document.Doc, meant func([]*job), yield func(Outcome) bool) bool {
	jobs := make([]*job, len(docs))
	for i := range docs {
		jobs[i] = &job{doc: &docs[i]}
	}
	compile := (*compiler).compile
	if c.survey != nil {
		compile = (*compiler).compileBack
	}
	c.parallel(jobs, func(c *compiler, j *job) {
		compile(c, j)
		if c.options.RedactSecrets {
			c.mask(j)
		}
	})
	if meant != nil {
		meant(jobs)
	}
	for _, j := range jobs {
		c.name(j)
	}
	c.parallel(jobs, (*compiler).render)
	for _, j := range jobs {
		if c.options.RedactSecrets {
			c.redact(j)
		}
		c.open(j)
		if !yield(j.out) {
			return false
		}
	}
	return true
}

// open lets a file begin as it began, whichever of its documents is the first that is
// left: the separator in front of it has nothing to separate from.
func (c *compiler) open(j *job) {
	if c.opening == nil || len(j.out.Out) == 0 {
		return
	}
	first := &j.out.Out[0]
	if j.doc.Index > 0 && string(bytes.TrimSpace(first.Lead)) == "---" {
		first.Lead = c.opening.Separator()
	}
	c.opening = nil
}

func (c *compiler) parallel(jobs []*job, step func(*compiler, *job)) {
	var wg sync.WaitGroup
	next := make(chan *job)
	for range c.workers(jobs) {
		wg.Go(func() {
			for j := range next {
				step(c, j)
			}
		})
	}
	for _, j := range jobs {
		if !j.done {
			next <- j
		}
	}
	close(next)
	wg.Wait()
}

// workers starts no goroutine for documents that only pass.
func (c *compiler) workers(jobs []*job) int {
	wanted := 0
	for _, j := range jobs {
		if !j.done {
			wanted++
		}
	}
	return min(c.limit(), wanted)
}

func (c *compiler) limit() int {
	if c.options.Workers > 0 {
		return c.options.Workers
	}
	return runtime.GOMAXPROCS(0)
}

package convert

import (
	"bytes"
	"path"
	"slices"
	"strconv"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

// followsChildren tells whether Applications among the manifests of a checkout are
// converted. A cut-over moves those that exist, which the input has.
func (o *Options) followsChildren() bool {
	return o.To != ToArgo && !o.Suspend && !o.ExpandOnly && !o.plain
}

// givenFile returns the file of the input that has the child, or "".
func (c *compiler) givenFile(child checkout.Child, namespace string) string {
	o := ledger.Object{Kind: child.Kind, Namespace: orElse(child.Namespace, namespace), Name: child.Name}
	return c.sets.given[held{o.Kind, c.placeOf(o)}]
}

// families converts the children of what was converted, and theirs in turn. Each file is
// read once, so that it ends, even where a parent is among its own children.
func (c *compiler) families(yield func(Outcome) bool) bool {
	c.opening = nil // the input's files are done
	for len(c.met) > 0 {
		f := c.met[0]
		c.met = c.met[1:]
		if !c.family(f, yield) {
			return false
		}
	}
	return true
}

// family converts the children of one parent, those with sync waves together: they are
// about each other.
func (c *compiler) family(f *mapping.Family, yield func(Outcome) bool) bool {
	mirrors := map[string]string{}
	var all []document.Doc
	for _, file := range c.childFiles(f, c.followed) {
		mirrors[file.name] = file.mirror
		docs, err := document.Split(file.name, file.data)
		if err != nil && !yield(Outcome{File: file.name, Line: 1, Status: Failed, Err: err, Mirror: file.mirror}) {
			return false
		}
		all = append(all, c.childrenIn(docs, f.Namespace)...)
	}
	mirrored := func(o Outcome) bool {
		o.Mirror = mirrors[o.File]
		return yield(o)
	}
	if !slices.ContainsFunc(all, func(d document.Doc) bool { return bytes.Contains(d.Raw, []byte(waveAnnotation)) }) {
		return c.batches(all, mirrored)
	}
	return c.docs(all, inWaves, mirrored)
}

// A childFile is a file of a checkout that holds children.
type childFile struct {
	// name is that of outcomes, mirror where what became of the children belongs.
	name, mirror string
	data         []byte
}

// childFiles reads the files of a family that were not followed before.
func (c *compiler) childFiles(f *mapping.Family, followed map[string]bool) (files []childFile) {
	i := c.options.checkoutIndex(f.RepoURL, f.Revision)
	repo, label := &checkout.Repo{FS: c.options.Checkouts[i].FS}, c.options.labels()[i]
	for _, file := range filesOf(f.Children) {
		name := label + "//" + file
		if followed[name] || c.options.Without[name] {
			continue
		}
		followed[name] = true
		data, _ := repo.Read(file)
		files = append(files, childFile{name, path.Join(label, c.options.ConvertedPath, file), data})
	}
	return files
}

// filesOf lists the files of the children, in their order.
func filesOf(children []checkout.Child) (files []string) {
	for _, child := range children {
		if !slices.Contains(files, child.File) {
			files = append(files, child.File)
		}
	}
	return files
}

// childrenIn returns the documents that hold a child which the input lacks.
func (c *compiler) childrenIn(docs []document.Doc, namespace string) (found []document.Doc) {
	for i := range docs {
		for _, n := range objectsOf(&docs[i]) {
			o := objectOf(n)
			child := checkout.Child{Object: checkout.Object{Kind: o.Kind, Namespace: o.Namespace, Name: o.Name}}
			if (isApplication(o) || isSet(o)) && c.givenFile(child, namespace) == "" {
				found = append(found, docs[i])
				break
			}
		}
	}
	return found
}

// labels names the checkouts after their repositories. A label and "//" begin no path
// of an input, and show no URL.
func (o *Options) labels() (labels []string) {
	for _, c := range o.Checkouts {
		base := path.Base(checkout.Normal(c.URL))
		label := base
		for n := 2; slices.Contains(labels, label); n++ {
			label = base + "-" + strconv.Itoa(n)
		}
		labels = append(labels, label)
	}
	return labels
}

package checkout

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// An ImageLine is a line that holds a tag of an image.
type ImageLine struct {
	File string
	Line int
	// Tag tells that it is the tag alone, else name and tag.
	Tag bool
}

// ImageLines finds the lines of YAML files below dir that hold a tag of the image:
// NAME:TAG, newTag of a kustomization, and tag beside the repository of a chart's values.
// Files that are no YAML, such as templates, are passed over.
func (r *Repo) ImageLines(dir, image string) (found []ImageLine) {
	_ = fs.WalkDir(r.FS, clean(dir), func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // the scan of the source reports it
		case d.IsDir() && path.Base(name) == ".git":
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".yaml" && path.Ext(name) != ".yml":
			return nil
		}
		data, ok := r.Read(name)
		if !ok || !bytes.Contains(data, []byte(image)) {
			return nil
		}
		decoder := yaml.NewDecoder(bytes.NewReader(data))
		for doc := (yaml.Node{}); decoder.Decode(&doc) == nil; doc = (yaml.Node{}) {
			found = imageLines(found, name, image, &doc)
		}
		return nil
	})
	return found
}

func imageLines(found []ImageLine, file, image string, n *yaml.Node) []ImageLine {
	if n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, image+":") {
		return append(found, ImageLine{file, n.Line, false})
	}
	for _, pair := range [][2]string{{"name", "newTag"}, {"newName", "newTag"}, {"repository", "tag"}, {"name", "tag"}} {
		if tag := node.Get(n, pair[1]); tag != nil && node.Text(n, pair[0]) == image {
			found = append(found, ImageLine{file, tag.Line, true})
			break
		}
	}
	for _, child := range n.Content {
		found = imageLines(found, file, image, child)
	}
	return found
}

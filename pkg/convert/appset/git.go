package appset

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// git expands the generators git and oci, which follow the same
// applicationset/generators/repo_path_utils.go. Directories win over files.
func (x *expansion) git(kind string, body *yaml.Node, at string) ([]params, error) {
	url, revision := node.Text(body, "repoURL"), node.Text(body, "revision")
	repo := x.world.checkout(url, revision)
	if repo == nil {
		return nil, noCheckout(kind, body, at, url, revision)
	}
	files, err := x.tree(repo, url+" "+revision)
	if err != nil {
		return nil, err
	}
	directories, paths := node.Items(body, "directories"), node.Items(body, "files")
	switch {
	case len(directories) > 0:
		return x.gitDirectories(body, files.within(directories))
	case len(paths) > 0:
		find := files.listed
		if kind == "oci" {
			find = files.globbed
		}
		names, err := chosen(paths, find)
		if err != nil {
			return nil, err
		}
		return x.gitFiles(body, files, names)
	}
	return nil, invalid("the generator %s takes directories or files", kind)
}

// within returns the directories that the items include and none excludes. A pattern
// that is broken matches none.
func (t *tree) within(items []*yaml.Node) []string {
	return slices.DeleteFunc(slices.Clone(t.directories), func(dir string) bool {
		included := false
		for _, item := range items {
			if match, err := path.Match(node.Text(item, "path"), dir); err != nil || !match {
				continue
			}
			if node.True(item, "exclude") {
				return true
			}
			included = true
		}
		return !included
	})
}

func (x *expansion) gitDirectories(body *yaml.Node, directories []string) (sets []params, err error) {
	for _, dir := range directories {
		set := params{}
		x.place(set, body, dir, "")
		if set, err = x.withValues(set, body); err != nil {
			return nil, err
		}
		sets = append(sets, set)
	}
	return sets, nil
}

func (x *expansion) gitFiles(body *yaml.Node, t *tree, names []string) (sets []params, err error) {
	for _, name := range names {
		objects, err := t.objects(name)
		if err != nil {
			return nil, err
		}
		for _, object := range objects {
			set := object
			if x.engine.base == nil {
				flat, err := flatten(object)
				if err != nil {
					return nil, err
				}
				set = params{}
				for key, text := range flat {
					set[key] = text
				}
			} else if set == nil {
				set = params{}
			}
			x.place(set, body, path.Dir(name), path.Base(name))
			if set, err = x.withValues(set, body); err != nil {
				return nil, err
			}
			sets = append(sets, set)
		}
	}
	return sets, nil
}

// objects returns the sets of parameters that a file holds: a map, or a list of maps.
func (t *tree) objects(name string) ([]params, error) {
	data, ok := t.repo.Read(name)
	if !ok {
		return nil, invalid("the file %s of the checkout cannot be read, or is too large", name)
	}
	one := params{}
	if err := sigsyaml.Unmarshal(data, &one); err == nil {
		return []params{one}, nil
	}
	var several []params
	if err := sigsyaml.Unmarshal(data, &several); err != nil {
		return nil, invalid("the file %s of the checkout is neither a map nor a list of maps", name)
	}
	return several, nil
}

// place adds where a directory or file is. file is empty for a directory.
func (x *expansion) place(set params, body *yaml.Node, dir, file string) {
	prefix := node.Text(body, "pathParamPrefix")
	facts := params{"basename": path.Base(dir), "basenameNormalized": sanitize(path.Base(dir))}
	if file != "" {
		facts["filename"], facts["filenameNormalized"] = file, sanitize(file)
	}
	if x.engine.base != nil {
		facts["path"], facts["segments"] = dir, strings.Split(dir, "/")
		if prefix != "" {
			set[prefix] = params{"path": facts}
		} else {
			set["path"] = facts
		}
		return
	}
	name := joined(prefix, "path")
	set[name] = dir
	for key, value := range facts {
		set[name+"."+key] = value
	}
	for i, segment := range strings.Split(dir, "/") {
		if segment != "" {
			set[fmt.Sprintf("%s[%s]", name, strconv.Itoa(i))] = segment
		}
	}
}

package appset

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A tree is the directories and files of a checkout, in order. It is taken for what is
// committed: Argo CD sees nothing else.
type tree struct {
	repo        *checkout.Repo
	directories []string // without hidden ones (walkDirectoryTree in reposerver/repository/utils.go)
	files       []string // without those of submodules, as git ls-files lists them
}

// tree reads the names of a checkout once.
func (x *expansion) tree(repo *checkout.Repo, key string) (*tree, error) {
	if t := x.trees[key]; t != nil {
		return t, nil
	}
	t := &tree{repo: repo}
	if err := fs.WalkDir(repo.FS, ".", t.visit); err != nil {
		return nil, invalid("the checkout cannot be read")
	}
	t.directories = slices.DeleteFunc(t.directories, hiddenPath)
	slices.Sort(t.files)
	x.trees[key] = t
	return t, nil
}

func (t *tree) visit(name string, entry fs.DirEntry, err error) error {
	switch {
	case err != nil:
		return err
	case name == ".":
		return nil
	case entry.Name() == ".git" && entry.IsDir():
		return fs.SkipDir
	case entry.IsDir():
		t.directories = append(t.directories, name)
	default:
		t.files = append(t.files, name)
	}
	return nil
}

func hiddenPath(dir string) bool { return strings.HasPrefix(dir, ".") || strings.Contains(dir, "/.") }

// chosen returns the files that items include and none excludes, in order.
func chosen(items []*yaml.Node, find func(pattern string) ([]string, error)) (names []string, err error) {
	taken := map[string]bool{}
	for _, exclude := range []bool{false, true} {
		for _, item := range items {
			if node.True(item, "exclude") != exclude {
				continue
			}
			found, err := find(node.Text(item, "path"))
			if err != nil {
				return nil, err
			}
			for _, name := range found {
				taken[name] = !exclude
			}
		}
	}
	maps.DeleteFunc(taken, func(_ string, is bool) bool { return !is })
	return slices.Sorted(maps.Keys(taken)), nil
}

// listed returns the files that git ls-files lists for a pattern.
func (t *tree) listed(pattern string) (names []string, err error) {
	spec, err := newPathspec(pattern)
	if err != nil {
		return nil, err
	}
	for _, name := range t.files {
		if spec.match(name) && !t.submodule(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// globbed returns the files of an artifact that match a pattern, in which, unlike in git's,
// only ** matches slashes (GetOciFiles in reposerver/repository/repository.go).
func (t *tree) globbed(pattern string) ([]string, error) {
	if pattern == "" || pattern == "." {
		pattern = "**"
	}
	names, err := doublestar.Glob(t.repo.FS, pattern, doublestar.WithFilesOnly())
	if err != nil {
		return nil, invalid("the path %q is a broken pattern", pattern)
	}
	return names, nil
}

// submodule tells whether a file is one of a submodule: git lists those of the
// repository only.
func (t *tree) submodule(name string) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if t.repo.Exists(dir + "/.git") {
			return true
		}
	}
	return path.Base(name) == ".git"
}

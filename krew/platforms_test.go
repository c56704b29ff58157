package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestPlatformsCompile: the plugin and the function type-check for the other systems of a
// release. Of the packages of others only the declarations are read: building them anew
// takes four minutes of CPU time for each platform, which `make archives` spends.
func TestPlatformsCompile(t *testing.T) {
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, system := range []string{"windows", "darwin"} {
		loaded, err := packages.Load(&packages.Config{
			Mode: packages.NeedName | packages.NeedCompiledGoFiles | packages.NeedImports | packages.NeedDeps |
				packages.NeedTypes | packages.NeedTypesSizes | packages.NeedSyntax,
			Env:       append(os.Environ(), "GOOS="+system, "GOARCH=arm64", "CGO_ENABLED=0"),
			ParseFile: declarations(root),
		}, "../cmd/kubectl-gitops", "../fn")
		if err != nil {
			t.Fatal(err)
		}
		ours := 0
		packages.Visit(loaded, nil, func(p *packages.Package) {
			if !strings.HasPrefix(p.PkgPath, "github.com/kubectl-gitops/") {
				return
			}
			ours++
			for _, err := range p.Errors {
				t.Errorf("%s: %v", system, err)
			}
		})
		if ours < 20 {
			t.Errorf("%s: only %d packages were checked", system, ours)
		}
	}
}

// declarations parses files, those outside of root without the bodies of functions.
func declarations(root string) func(*token.FileSet, string, []byte) (*ast.File, error) {
	return func(set *token.FileSet, name string, src []byte) (*ast.File, error) {
		file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution|parser.ParseComments)
		if file != nil && !strings.HasPrefix(name, root+string(filepath.Separator)) {
			for _, d := range file.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					f.Body = nil
				}
			}
		}
		return file, err
	}
}

package finding

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// roots are the directories whose code makes findings.
var roots = []string{"..", "../../cmd", "../../fn"}

// prefixes are how IDs begin that the code puts together, with what follows.
var prefixes = map[string][]string{"revision-": {"branch", "tag"}}

const any = -1

// A signature tells functions of one name apart, if they differ in number of parameters;
// that is 0 for a type, and any for a function that takes as many as one likes.
type signature struct {
	name   string
	params int
}

// A scan is what the source code says of finding IDs.
type scan struct {
	files []*ast.File
	// takes maps a function to the positions that its parameter id has in the code, and a
	// type to that of its field.
	takes map[signature][]int
	// ids are the literals that are an ID by where they stand, with that place.
	ids  map[string]token.Position
	fset *token.FileSet
	t    *testing.T
}

// source parses the code and finds the IDs in it: arguments for a parameter named id,
// and values of fields, constants and variables of that name.
func source(t *testing.T) *scan {
	t.Helper()
	s := &scan{takes: map[signature][]int{}, ids: map[string]token.Position{}, fset: token.NewFileSet(), t: t}
	for _, root := range roots {
		if err := filepath.WalkDir(root, s.read); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range s.files {
		ast.Inspect(f, s.declared)
	}
	for _, f := range s.files {
		ast.Inspect(f, s.used)
	}
	return s
}

func (s *scan) read(path string, d fs.DirEntry, err error) error {
	if d != nil && d.Name() == "store" {
		return fs.SkipDir // the IDs of a database are others
	}
	if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
		return err
	}
	f, err := parser.ParseFile(s.fset, path, nil, parser.SkipObjectResolution)
	s.files = append(s.files, f)
	return err
}

// declared notes functions with a parameter, and types with a field, named id.
func (s *scan) declared(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		s.position(signature{n.Name.Name, count(n.Type.Params)}, n.Type.Params)
	case *ast.AssignStmt:
		if f, ok := n.Rhs[0].(*ast.FuncLit); ok {
			if name, ok := n.Lhs[0].(*ast.Ident); ok {
				s.position(signature{name.Name, count(f.Type.Params)}, f.Type.Params)
			}
		}
	case *ast.TypeSpec:
		if st, ok := n.Type.(*ast.StructType); ok {
			s.position(signature{n.Name.Name, 0}, st.Fields)
		}
	}
	return true
}

func (s *scan) position(of signature, list *ast.FieldList) {
	if at := idField(list); at >= 0 {
		s.takes[of] = append(s.takes[of], at)
	}
}

func count(params *ast.FieldList) int {
	if n := len(params.List); n > 0 {
		if _, ok := params.List[n-1].Type.(*ast.Ellipsis); ok {
			return any
		}
	}
	return params.NumFields()
}

// idField returns which of the fields is a string named id, or -1.
func idField(list *ast.FieldList) int {
	at := 0
	for _, field := range list.List {
		for _, name := range field.Names {
			if strings.EqualFold(name.Name, "id") && nameOf(field.Type) == "string" {
				return at
			}
			at++
		}
	}
	return -1
}

func (s *scan) used(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := nameOf(n.Fun)
		for _, at := range append(s.takes[signature{name, len(n.Args)}], s.takes[signature{name, any}]...) {
			if at < len(n.Args) {
				s.add(n.Args[at])
			}
		}
	case *ast.CompositeLit:
		s.composite(n, n.Type)
	case *ast.KeyValueExpr:
		if strings.EqualFold(nameOf(n.Key), "id") {
			s.add(n.Value)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if name.Name == "id" && i < len(n.Values) {
				s.add(n.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if strings.EqualFold(nameOf(left), "id") && len(n.Lhs) == len(n.Rhs) {
				s.add(n.Rhs[i])
			}
		}
	}
	return true
}

// composite looks at a literal whose fields have no names, or whose items are such.
func (s *scan) composite(n *ast.CompositeLit, kind ast.Expr) {
	at := s.takes[signature{nameOf(kind), 0}]
	switch k := kind.(type) {
	case *ast.StructType:
		at = []int{idField(k.Fields)}
	case *ast.ArrayType:
		for _, item := range n.Elts {
			if lit, is := item.(*ast.CompositeLit); is && lit.Type == nil {
				s.composite(lit, k.Elt)
			}
		}
		return
	}
	for _, i := range at {
		if i >= 0 && i < len(n.Elts) {
			s.add(n.Elts[i])
		}
	}
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

func (s *scan) add(e ast.Expr) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		prefix := text(e.X)
		for _, rest := range prefixes[prefix] {
			s.ids[prefix+rest] = s.fset.Position(e.Pos())
		}
		if slug.MatchString(strings.TrimSuffix(prefix, "-")) && prefixes[prefix] == nil {
			s.t.Errorf("%s: an ID begins with %q: add to prefixes what follows", s.fset.Position(e.Pos()), prefix)
		}
	default:
		if id := text(e); slug.MatchString(id) {
			s.ids[id] = s.fset.Position(e.Pos())
		}
	}
}

// text returns the value of a literal of text, or "".
func text(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(lit.Value)
	return text
}

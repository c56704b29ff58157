package liveset

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
)

const opening, closing = "<<", ">>"

// A piece is a part of a text: literal, or an expression of Argo CD with what it is for
// flux-operator.
type piece struct {
	literal string
	source  string // as in the template, with its delimiters
	target  string // without delimiters
	param   []string
}

// A reference says how the operator calls a parameter; ok is false for none it has.
type reference func(path []string) (target string, ok bool)

var tag = regexp.MustCompile(`{{([^{}]*)}}`)

// fastPieces cuts a text with {{name}}.
func fastPieces(text string, ref reference) (pieces []piece, err error) {
	end := 0
	for _, m := range tag.FindAllStringSubmatchIndex(text, -1) {
		name := strings.TrimSpace(text[m[2]:m[3]])
		path := []string{name}
		if rest, ok := strings.CutPrefix(name, "values."); ok {
			path = []string{"values", rest}
		}
		target, ok := ref(path)
		if !ok {
			return nil, missing(text[m[0]:m[1]])
		}
		pieces = append(pieces, piece{literal: text[end:m[0]]}, piece{source: text[m[0]:m[1]], target: target, param: path})
		end = m[1]
	}
	if strings.Contains(text[end:], "{{") {
		return nil, errors.New("a template is broken")
	}
	return append(pieces, piece{literal: text[end:]}), nil
}

// maxTemplate bounds what is parsed.
const maxTemplate = 64 << 10

// goPieces cuts a Go template of literals and pipelines.
func goPieces(text string, ref reference) (pieces []piece, err error) {
	if len(text) > maxTemplate {
		return nil, errors.New("a template is longer than 64 KiB")
	}
	known := map[string]any{}
	for _, name := range appset.Common {
		known[name] = true
	}
	trees, err := parse.Parse("template", text, "{{", "}}", known)
	if err != nil {
		return nil, errors.New("a template is broken, or calls a function that is not known to do the same in flux-operator")
	}
	if trees["template"] == nil {
		return nil, nil
	}
	for _, n := range trees["template"].Root.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			pieces = append(pieces, piece{literal: string(n.Text)})
		case *parse.ActionNode:
			p := piece{source: n.String()}
			if p.target, err = pipeline(n.Pipe, ref); err != nil {
				return nil, err
			}
			p.param = only(n.Pipe)
			pieces = append(pieces, p)
		case *parse.CommentNode:
		default:
			return nil, fmt.Errorf("a template has control structures, as in %.40q, which are not carried over", n.String())
		}
	}
	return pieces, nil
}

// only returns the parameter that a pipeline is, or nil where it does more.
func only(p *parse.PipeNode) []string {
	if len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 {
		if field, ok := p.Cmds[0].Args[0].(*parse.FieldNode); ok {
			return field.Ident
		}
	}
	return nil
}

func pipeline(p *parse.PipeNode, ref reference) (string, error) {
	if len(p.Decl) > 0 {
		return "", errors.New("a template has variables, which are not carried over")
	}
	if param := only(p); param != nil {
		target, ok := ref(param)
		if !ok {
			return "", missing(p.String())
		}
		return target, nil
	}
	var cmds []string
	for _, cmd := range p.Cmds {
		var args []string
		for _, arg := range cmd.Args {
			text, err := operand(arg, ref)
			if err != nil {
				return "", err
			}
			args = append(args, text)
		}
		cmds = append(cmds, strings.Join(args, " "))
	}
	return strings.Join(cmds, " | "), nil
}

func operand(n parse.Node, ref reference) (string, error) {
	switch n := n.(type) {
	case *parse.FieldNode:
		target, ok := ref(n.Ident)
		if !ok {
			return "", missing(n.String())
		}
		if strings.Contains(target, " ") {
			target = "(" + target + ")"
		}
		return target, nil
	case *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		return n.String(), nil
	case *parse.IdentifierNode:
		if slices.Contains(appset.Common, n.Ident) {
			return n.Ident, nil
		}
	case *parse.PipeNode:
		inner, err := pipeline(n, ref)
		return "(" + inner + ")", err
	}
	return "", fmt.Errorf("a template has %.40q, which is not carried over", n.String())
}

func missing(expression string) error {
	return fmt.Errorf("the inputs have nothing for %s", expression)
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// input is how templates of flux-operator call an input.
func input(path []string) string {
	if !slices.ContainsFunc(path, func(key string) bool { return !identifier.MatchString(key) }) {
		return "inputs." + strings.Join(path, ".")
	}
	var b strings.Builder
	b.WriteString("index inputs")
	for _, key := range path {
		b.WriteString(" " + strconv.Quote(key))
	}
	return b.String()
}

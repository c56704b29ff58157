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
type reference func(path []string) (found phrase, ok bool)

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
		found, ok := ref(path)
		if !ok {
			return nil, missing(text[m[0]:m[1]])
		}
		pieces = append(append(pieces, piece{literal: text[end:m[0]]}), found.pieces(text[m[0]:m[1]], path)...)
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
	known := map[string]any{"index": true}
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
			more, err := actionPieces(n, ref)
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, more...)
		case *parse.CommentNode:
		default:
			return nil, fmt.Errorf("a template has control structures, as in %.40q, which are not carried over", n.String())
		}
	}
	return pieces, nil
}

// actionPieces cuts an action: a parameter alone may be text and inputs in turn, and
// anything else is one expression.
func actionPieces(n *parse.ActionNode, ref reference) ([]piece, error) {
	param := only(n.Pipe)
	if param == nil || len(n.Pipe.Decl) > 0 {
		target, err := pipeline(n.Pipe, ref)
		return []piece{{source: n.String(), target: target}}, err
	}
	found, ok := ref(param)
	if !ok {
		return nil, missing(n.Pipe.String())
	}
	return found.pieces(n.String(), param), nil
}

// only returns the parameter that a pipeline is, or nil where it does more.
func only(p *parse.PipeNode) []string {
	if len(p.Cmds) == 1 {
		return paramOf(p.Cmds[0])
	}
	return nil
}

// paramOf returns the parameter that a command is: a field, or an item of a list that is
// a parameter for each item, as the segments of a path are.
func paramOf(cmd *parse.CommandNode) []string {
	field, ok := cmd.Args[len(cmd.Args)-1].(*parse.FieldNode)
	if ok && len(cmd.Args) == 1 {
		return field.Ident
	}
	if len(cmd.Args) != 3 || cmd.Args[0].String() != "index" {
		return nil
	}
	field, ok = cmd.Args[1].(*parse.FieldNode)
	if number, isNumber := cmd.Args[2].(*parse.NumberNode); ok && isNumber && number.IsUint {
		return append(slices.Clone(field.Ident), strconv.FormatUint(number.Uint64, 10))
	}
	return nil
}

func pipeline(p *parse.PipeNode, ref reference) (string, error) {
	if len(p.Decl) > 0 {
		return "", errors.New("a template has variables, which are not carried over")
	}
	var cmds []string
	for i, cmd := range p.Cmds {
		if param := paramOf(cmd); param != nil && i == 0 {
			found, ok := ref(param)
			if !ok {
				return "", missing(cmd.String())
			}
			cmds = append(cmds, found.target())
			continue
		}
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
		found, ok := ref(n.Ident)
		if !ok {
			return "", missing(n.String())
		}
		return grouped(found.target()), nil
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

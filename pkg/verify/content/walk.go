package content

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// A walk goes through two trees at once and reports where they differ.
type walk struct {
	secrets Secrets
	report  func(Difference)
}

// values compares what stands at path. field is the name of the nearest field, which
// tells what an item of a list is known by.
func (w walk) values(path, field string, left, right value) {
	if left.is && right.is && reflect.DeepEqual(left.raw, right.raw) {
		return
	}
	leftMap, isMap := left.raw.(map[string]any)
	rightMap, areMaps := right.raw.(map[string]any)
	leftList, isList := left.raw.([]any)
	rightList, areLists := right.raw.([]any)
	switch {
	case isMap && areMaps:
		keys := slices.AppendSeq(slices.Collect(maps.Keys(leftMap)), maps.Keys(rightMap))
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			l, r := left.field(key), right.field(key)
			if l.is || r.is {
				w.values(ledger.Key(path, w.secrets.Hide(redact.Text(key))), key, l, r)
			}
		}
	case isList && areLists:
		if k, ok := commonKey(field, leftList, rightList); ok {
			w.keyed(path, field, k, left, right)
		} else {
			w.aligned(path, field, left, right)
		}
	default:
		w.differ(path, left, right)
	}
}

func (w walk) differ(path string, left, right value) {
	d := Difference{Kind: Value, Path: path}
	d.Left, d.Right = left.text(), right.text()
	if d.Left == d.Right {
		d.Reason = "secret value differs"
	}
	d.Left, d.Right = shorten(d.Left, d.Right)
	w.report(d)
}

// keyed compares lists whose items have keys: each with the one of the same key, and then
// the order.
func (w walk) keyed(path, field string, key listKey, left, right value) {
	leftKeys, rightKeys := key.all(left.raw.([]any)), key.all(right.raw.([]any))
	for i, k := range leftKeys {
		w.values(path+key.selector(w.secrets, k), field, left.item(i), right.item(slices.Index(rightKeys, k)))
	}
	for i, k := range rightKeys {
		if !slices.Contains(leftKeys, k) {
			w.values(path+key.selector(w.secrets, k), field, value{}, right.item(i))
		}
	}
	leftKeys, rightKeys = common(leftKeys, rightKeys), common(rightKeys, leftKeys)
	if !slices.Equal(leftKeys, rightKeys) {
		l, r := shorten(key.list(w.secrets, leftKeys), key.list(w.secrets, rightKeys))
		w.report(Difference{Kind: Order, Path: path, Left: l, Right: r})
	}
}

func common(keys, others []string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return !slices.Contains(others, k) })
}

// aligned compares lists whose items have no keys. The library finds what was put in or
// taken out, so that one such item does not make all that follow differ.
func (w walk) aligned(path, field string, left, right value) {
	l, r := lines(left.raw.([]any)), lines(right.raw.([]any))
	i, j := 0, 0
	same := func(until int) {
		for ; i < until; i, j = i+1, j+1 {
			w.values(ledger.Index(path, i), field, left.item(i), right.item(j))
		}
	}
	for _, d := range lcs.DiffLines(l, r) {
		same(d.Start)
		same(d.Start + min(d.End-d.Start, d.ReplEnd-d.ReplStart)) // changed in place
		for ; i < d.End; i++ {
			w.values(ledger.Index(path, i), field, left.item(i), value{})
		}
		for ; j < d.ReplEnd; j++ {
			w.values(ledger.Index(path, j), field, value{}, right.item(j))
		}
	}
	same(len(l))
}

// lines are the items as texts. They only align: items are compared by their values.
func lines(list []any) []string {
	texts := make([]string, len(list))
	for i, item := range list {
		data, err := json.Marshal(item)
		if err == nil {
			texts[i] = string(data)
		}
	}
	return texts
}

package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// noise is text that does not compress, so that no index can shorten it.
func noise(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < n; i++ {
		fmt.Fprintf(&b, "%x", sha256.Sum256(fmt.Append(nil, i)))
	}
	return b.String()[:n]
}

// hostile are Applications that YAML, JSON and Kubernetes' own types allow, or a stranger
// writes, and that a database is likely to refuse.
func hostile() map[string]string {
	nested := strings.Repeat("{a: ", 900) + "1" + strings.Repeat("}", 900)
	values := func(text string) string {
		return strings.Replace(guestbook, "path: guestbook", "path: guestbook\n    helm: {valuesObject: "+text+"}", 1)
	}
	return map[string]string{
		"NUL":            values(`{a: "x\0y", "k\0": ["\0"], "\uFFFE": "\uFFFF", "\x01": "\x7f"}`),
		"huge number":    values("{a: 1e999999, b: -1e999999, c: 1e400, d: 1e-999999, e: 1e-20000, f: 1e99999999999, g: 1e-99999999999}"),
		"digits":         values("{a: " + strings.Repeat("9", 140_000) + ", b: 0." + strings.Repeat("1", 20_000) + "}"),
		"no numbers":     values("{a: .inf, b: -.inf, c: .nan, d: 0x1F, e: 0o17, f: 1_000, g: +1, h: 1., i: .5, j: 012}"),
		"nesting":        values(nested),
		"JSON in text":   values(`{a: '` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `', b: '{"a": 1e999999}'}`),
		"wide":           values("{a: " + noise(3<<20) + "}"),
		"long key":       values("{" + noise(900) + ": {" + noise(1000) + ": 1, " + noise(1001) + ": {a.b/c: 2}}}"),
		"long name":      strings.Replace(guestbook, "name: guestbook", "name: "+noise(9000), 1),
		"long namespace": strings.Replace(guestbook, "namespace: argocd", "namespace: "+noise(9000), 1),
		"long address":   strings.Replace(guestbook, "github.com/argoproj", "github.com/"+noise(9000), 1),
		"long revision":  strings.Replace(guestbook, "HEAD", noise(9000), 1),
		"long server":    strings.Replace(guestbook, "kubernetes.default.svc", noise(9000), 1),
		"long project":   strings.Replace(guestbook, "project: default", "project: "+noise(9000), 1),
		"long status": guestbook + "status: {sync: {status: " + noise(9000) + ", revision: " + noise(9000) + "}, health: {status: " +
			noise(9000) + ", message: " + noise(9000) + "}, reconciledAt: 99999-01-01T00:00:00Z}\n",
		"old times":    guestbook + "status: {reconciledAt: 0000-01-01T00:00:00Z}\n",
		"odd names":    strings.Replace(guestbook, "name: guestbook", `name: "a\0'\"\\\n\t\u202e| %s"`, 1),
		"copy's words": strings.Replace(guestbook, "name: guestbook", `name: "\\."`, 1),
		"flux": strings.ReplaceAll(podinfo, "podinfo", "p"+noise(5000)) + "---\n" +
			strings.Replace(podinfo, "branch: master", "branch: "+noise(9000), 1),
	}
}

// TestHostile: whatever stands in a manifest is recorded, or is not ours to record; the
// database never refuses it, and a rerun changes nothing.
func TestHostile(t *testing.T) {
	dsn := database(t)
	conn := storetest.Connect(t, dsn)
	all := hostile()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		manifests := all[name]
		objects := read(inputs(manifests))
		if len(objects) == 0 || objects[0].Definition == nil {
			t.Errorf("%s: %d objects", name, len(objects))
		}
		for again := range 2 {
			run := conversion(t, inputs(manifests), convert.Options{}, true)
			run.Cluster = name
			s, err := store.Record(context.Background(), conn, run)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if s.Repeated != (again == 1) || s.Added != int64(len(objects)*(1-again)) {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
}

// TestLongNamesStayApart: what is cut to fit an index differs where the whole does.
func TestLongNamesStayApart(t *testing.T) {
	dsn := database(t)
	a := strings.Replace(guestbook, "name: guestbook", "name: "+noise(400)+"-a", 1)
	b := strings.Replace(guestbook, "name: guestbook", "name: "+noise(400)+"-b", 1)
	convertInto(t, dsn, a+"---\n"+b, convert.ToFlux, false)
	equal(t, "objects with verdicts", query(t, dsn, `SELECT count(*), max(octet_length(name)) <= 253
FROM argocd_applications JOIN verdicts USING (cluster, namespace, kind, name)`), "2|t")
	longest := strings.Replace(guestbook, "name: guestbook", "name: "+noise(253), 1)
	if o := read(inputs(longest)); o[0].Name != noise(253) {
		t.Errorf("a name that Kubernetes takes becomes %s", o[0].Name)
	}
}

// TestHostileStatus: a reader other than the inventory's own may hand over anything.
func TestHostileStatus(t *testing.T) {
	var o inventory.Object
	root := must(parse(guestbook + "status: {sync: {status: \"S\\0\", revision: \"\\x80\"}, conditions: [{message: \"\\0" + strings.Repeat("é", 5000) + "\"}]}\n"))(t)
	o, _ = inventory.Read(root, "")
	dsn := database(t)
	record(t, dsn, sequence([]inventory.Object{o}))
	equal(t, "status", query(t, dsn, "SELECT sync_status, length(message), suspended FROM argocd_applications"), "S\uFFFD|1001|f")
}

// TestNoText: names of files, and files, need not be UTF-8.
func TestNoText(t *testing.T) {
	dsn := database(t)
	in := []convert.Input{
		{Name: "\xff\x00.yaml", Data: []byte(guestbook)},
		{Name: "b.yaml", Data: []byte(strings.Replace(guestbook, "name: guestbook", "name: \"\xff\xfe\"", 1))},
	}
	conn := storetest.Connect(t, dsn)
	must(store.Record(context.Background(), conn, conversion(t, in, convert.Options{}, false)))(t)
	equal(t, "objects", query(t, dsn, "SELECT DISTINCT file, from_name, status FROM conversion_objects ORDER BY 1 DESC"),
		"\uFFFD\uFFFD.yaml|guestbook|converted", "b.yaml||failed")
}

package oracle

import (
	"io"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	"golang.org/x/tools/txtar"
)

// TestCollapsed: of the ApplicationSets that a conversion makes of many Applications, the
// generators of Argo CD make these again.
func TestCollapsed(t *testing.T) {
	logrus.SetOutput(io.Discard)
	archive, err := txtar.ParseFile("../../pkg/convert/testdata/back/collapse.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var sets []v1alpha1.ApplicationSet
	var want []v1alpha1.Application
	for _, f := range archive.Files {
		switch f.Name {
		case "output.yaml":
			sets = decode[v1alpha1.ApplicationSet](t, f.Data, "ApplicationSet")
		case "single.yaml":
			want = decode[v1alpha1.Application](t, f.Data, "Application")
		}
	}
	got := controller{repo: newCheckout(t)}.all(sets)
	if g, w := applicationsText(t, got), applicationsText(t, want); len(want) == 0 || g != w {
		t.Errorf("Argo CD makes\n%s\nand not\n%s", g, w)
	}
}

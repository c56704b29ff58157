package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

var (
	planted = regexp.MustCompile(`PLANT-[\w-]*\w`)
	encoded = regexp.MustCompile(`%[\w-]+%`)
)

// secretive returns a file of manifests full of credentials.
func secretive(t *testing.T, name string) []byte {
	t.Helper()
	text := must(os.ReadFile("testdata/" + name))(t)
	return encoded.ReplaceAllFunc(text, func(b []byte) []byte {
		name := string(bytes.Trim(b, "%"))
		plain := "PLANT-" + name
		if strings.HasSuffix(name, "-url") {
			plain = "https://u:" + plain + "@example.com/x.git"
		}
		return []byte(base64.StdEncoding.EncodeToString([]byte(plain)))
	})
}

// traces are the forms in which a planted credential may be found: as it is, and as the
// three ways in which base64 shows it, according to what stands before it.
var traces = append([]string{"PLANT", "731234987"}, base64Forms("PLANT-")...)

func base64Forms(text string) (forms []string) {
	for shift := range 3 {
		s := base64.StdEncoding.EncodeToString([]byte("xxx"[:shift] + text + "xxx"))
		forms = append(forms, s[(shift*8+5)/6:(shift+len(text))*8/6])
	}
	return forms
}

func leaks(text string) (found []string) {
	for line := range strings.Lines(text) {
		for _, trace := range traces {
			for rest := line; ; {
				i := strings.Index(rest, trace)
				if i < 0 {
					break
				}
				found = append(found, rest[max(0, i-60):min(len(rest), i+40)])
				rest = rest[i+len(trace):]
			}
		}
	}
	return found
}

// TestNoSecretIsRecorded: credentials stand in every place where one can be, in objects
// of both tools. They are read, converted there and back, kept by --preserve, and recorded
// with every finding; then no table holds one.
func TestNoSecretIsRecorded(t *testing.T) {
	dsn := database(t)
	conn := storetest.Connect(t, dsn)
	argo, flux := secretive(t, "secrets-argocd.yaml"), secretive(t, "secrets-flux.yaml")
	if n := len(planted.FindAll(append(argo, flux...), -1)); n < 150 {
		t.Fatalf("only %d are planted", n)
	}
	save := func(cluster string, data []byte, o convert.Options) (written []byte) {
		in := []convert.Input{{Name: "https://u:PLANT-file@example.com/password=PLANT-file-name/in.yaml", Data: data}}
		run := conversion(t, in, o, true)
		run.Cluster = cluster
		if s := must(store.Record(context.Background(), conn, run))(t); s.Added+s.Unchanged < 5 {
			t.Errorf("%s: %+v", cluster, s)
		}
		for out := range must(convert.Convert(in, o))(t) {
			for _, o := range out.Out {
				written = append(append(written, "\n---\n"...), o.Data...)
			}
		}
		return written
	}
	for _, preserve := range []bool{false, true} {
		o := convert.Options{To: convert.ToFlux, Preserve: preserve, AllowBlocking: true, RefValues: convert.RefConfigMap}
		back := convert.Options{To: convert.ToArgo, Preserve: preserve, AllowBlocking: true, Substitute: true}
		save("argocd again", save("argocd", argo, o), back)
		save("flux again", save("flux", flux, back), o)
	}
	text := dump(t, dsn)
	found := leaks(text)
	slices.Sort(found)
	for _, one := range slices.Compact(found) {
		t.Errorf("left: %s", one)
	}
	for _, kept := range []string{"keep-me", "keep-me-too", "/spec/replicas"} {
		if !strings.Contains(text, kept) {
			t.Errorf("%s is no secret, and gone", kept)
		}
	}
}

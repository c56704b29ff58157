package policy

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// When fields that are exempt from drift are written all the same.
const (
	neverWritten    = "never written"
	writtenBySync   = "written by every sync"
	writtenByChange = "written by upgrades only"
)

// argoExceptions: ignoreDifferences hides differences, and keeps a sync from writing the
// fields only with RespectIgnoreDifferences (Argo CD controller/sync.go;
// util/argo/normalizers/diff_normalizer.go). A rule without a kind matches nothing, and a
// pointer that does not begin with a slash is passed over.
func argoExceptions(u *unit) []aspect {
	var exempt []string
	for _, item := range node.Items(u.spec(), "ignoreDifferences") {
		if node.Text(item, "kind") != "" {
			target := exempted(orElse(fromGlob(node.Text(item, "group")), "core"), fromGlob(node.Text(item, "kind")),
				node.Text(item, "namespace"), node.Text(item, "name"))
			exempt = append(exempt, fieldsOf(item, target)...)
		}
	}
	written := u.says(syncOptions, writtenBySync, "writes those fields with every sync", "What somebody or an autoscaler set there is overwritten by the next sync.")
	if u.app.SyncOption("RespectIgnoreDifferences=true") {
		written = u.says(syncOptions, neverWritten, "never writes those fields", "What Git says of those fields does not reach the cluster there.")
	}
	compare := u.says("metadata.annotations", "compared as usual", "compares as usual", "").hidden()
	if options := u.app.Annotation("argocd.argoproj.io/compare-options"); options != "" {
		compare = u.says(`metadata.annotations["argocd.argoproj.io/compare-options"]`, "compared with "+options, "compares its own objects with "+options, "").hidden()
	}
	marks := u.unmarked(syncOptions)
	if len(u.annotated("argocd.argoproj.io/hook", "Skip")) > 0 {
		marks = u.marks(u.source.At+".kustomize.patches", "some objects never applied")
	}
	return append(u.exempt("spec.ignoreDifferences", exempt, written), compare, marks)
}

func fieldsOf(item *yaml.Node, target string) (fields []string) {
	for _, p := range node.Items(item, "jsonPointers") {
		if strings.HasPrefix(p.Value, "/") {
			fields = append(fields, target+" "+p.Value)
		}
	}
	for _, jq := range node.Items(item, "jqPathExpressions") {
		if pointer, ok := fromJQ(jq.Value); ok {
			fields = append(fields, target+" "+pointer)
		} else {
			fields = append(fields, target+" jq "+jq.Value)
		}
	}
	for _, manager := range node.Items(item, "managedFieldsManagers") {
		fields = append(fields, target+" fields of "+manager.Value)
	}
	return fields
}

// exempted names objects as kubectl does: KIND.GROUP NAMESPACE/NAME.
func exempted(group, kind, namespace, name string) string {
	text := kind + "." + group
	namespace, name = orElse(namespace, "*"), orElse(name, "*")
	if namespace != "*" || name != "*" {
		text += " " + namespace + "/" + name
	}
	return text
}

// exempt makes the aspects of a list of fields. Without any, when they are written is no
// question.
func (u *unit) exempt(path string, fields []string, written aspect) []aspect {
	if len(fields) == 0 {
		free := u.says(path, "none", "exempts no field", "").hidden()
		free.anything = true
		return []aspect{u.says(path, "none", "exempts no field from drift correction", "Changes that an autoscaler or an operator makes there count as drift."), free}
	}
	slices.Sort(fields)
	fields = slices.Compact(fields)
	key := strings.Join(fields, ", ")
	return []aspect{u.says(path, key, "leaves alone "+key, "Drift of exactly those fields stays there."), written.hidden()}
}

// fluxExceptions: a Kustomization never applies an ignored field (kustomize-controller
// docs, Ignore; fluxcd/pkg ssa/manager_apply.go); a release leaves it alone only while
// it corrects drift (helm-controller docs, Ignore rules).
func fluxExceptions(u *unit) []aspect {
	path, list := "spec.ignore", u.spec("ignore")
	written := u.says(path, neverWritten, "never writes those fields", "What Git says of those fields does not reach the cluster there.")
	if u.applier.Release() {
		path, list = "spec.driftDetection.ignore", u.spec("driftDetection", "ignore")
		written = u.says(path, writtenByChange, "writes those fields when it upgrades the release", "What an autoscaler set there is overwritten by the next upgrade.")
	}
	var exempt []string
	for _, item := range node.Items(list) {
		exempt = append(exempt, ruleOf(item)...)
	}
	compare := u.says(path, "compared as usual", "compares as usual", "").hidden()
	return append(u.exempt(path, exempt, written), compare, u.fluxMarks())
}

func ruleOf(item *yaml.Node) (fields []string) {
	t := node.Get(item, "target")
	text := func(key string) string { return fromRegexp(node.Text(t, key), key == "group" || key == "kind") }
	group := text("group")
	target := exempted(orElse(group, "core"), text("kind"), text("namespace"), text("name"))
	for _, key := range []string{"version", "labelSelector", "annotationSelector"} {
		if more := node.Text(t, key); more != "" {
			target += " " + key + " " + more
		}
	}
	for _, p := range node.Items(item, "paths") {
		fields = append(fields, target+" "+p.Value)
	}
	return fields
}

// fluxMarks are the marks by which patches of the Kustomization exempt whole objects
// (kustomize-controller docs, Server-side apply annotations).
func (u *unit) fluxMarks() aspect {
	var effects []string
	for _, m := range []struct{ key, value, effect string }{
		{"ssa", "Ignore", "some objects never applied"}, {"reconcile", "disabled", "some objects never applied"},
		{"ssa", "IfNotPresent", "some objects only created"}, {"ssa", "Merge", "some objects only merged"},
	} {
		if !u.applier.Release() && len(u.marked(m.key, m.value)) > 0 {
			effects = appendNew(effects, m.effect)
		}
	}
	if len(effects) == 0 {
		return u.unmarked("spec.patches")
	}
	return u.marks("spec.patches", strings.Join(effects, ", "))
}

func (u *unit) marks(path, effect string) aspect {
	return u.says(path, effect, "exempts whole objects by patches: "+effect, "What Git says of those objects does not reach the cluster there.").hidden()
}

func (u *unit) unmarked(path string) aspect {
	return u.says(path, "no object exempt", "exempts no whole object", "Objects that were left alone are overwritten there.").hidden()
}

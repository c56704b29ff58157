package mapping

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

const edits = "source.kustomize"

func kustomizeRows() []Row {
	exactly := Promise{Fidelity: ledger.Exact}
	return append([]Row{
		{ID: "kustomize-name-prefix", Back: moveBack("namePrefix", "source.kustomize.namePrefix"), Argo: []string{edits + ".namePrefix"}, Flux: []string{"Kustomization:spec.namePrefix"}, ToFlux: exactly, ToArgo: exactly, Forward: moveEdit("namePrefix", "spec.namePrefix")},
		{ID: "kustomize-name-suffix", Back: moveBack("nameSuffix", "source.kustomize.nameSuffix"), Argo: []string{edits + ".nameSuffix"}, Flux: []string{"Kustomization:spec.nameSuffix"}, ToFlux: exactly, ToArgo: exactly, Forward: moveEdit("nameSuffix", "spec.nameSuffix")},
		{ID: "kustomize-namespace", Back: backTargetNamespace, Argo: []string{edits + ".namespace"}, Flux: []string{"Kustomization:spec.targetNamespace"}, Writes: []string{"Application:spec.destination.namespace"}, ToFlux: exactly, ToArgo: exactly, Forward: moveEdit("namespace", "spec.targetNamespace")},
		{
			ID: "kustomize-images", Argo: []string{edits + ".images[]"},
			Back: backImages,
			Flux: []string{
				"Kustomization:spec.images[].name", "Kustomization:spec.images[].newName",
				"Kustomization:spec.images[].newTag", "Kustomization:spec.images[].digest",
			},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "Flux merges into the images entries of the kustomization file, Argo CD replaces and sorts them: a tag or digest that is only there, or entries that rename each other's images, make a difference"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "name=newName:newTag, with * for what the kustomization file decides"},
			Forward: forwardImages,
		},
		{
			ID: "kustomize-replicas", Argo: []string{edits + ".replicas[].name", edits + ".replicas[].count"},
			Writes:  []string{"Kustomization:spec.patches[].patch"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "a patch: replicas of the same name in the kustomization file run later and win; an unknown name is no error"},
			Forward: forwardReplicas,
		},
	}, kustomizePatchRows()...)
}

// kustomizePatchRows are edits that bring content of their own, and flags.
func kustomizePatchRows() []Row {
	exactly := Promise{Fidelity: ledger.Exact}
	return []Row{
		{
			ID:     "kustomize-patches",
			Writes: []string{"Application:spec.destination.namespace", "Application:" + edits + ".replicas[]"},
			Back:   backPatches,
			Argo: append(targetFields(edits+".patches[]"), edits+".patches[].patch",
				edits+".patches[].path", edits+".patches[].options.{}"),
			Flux:   append(targetFields("Kustomization:spec.patches[]"), "Kustomization:spec.patches[].patch"),
			ToFlux: exactly, ToArgo: exactly, Forward: forwardPatches,
		},
		{
			ID: "kustomize-components", Argo: []string{edits + ".components[]"}, Flux: []string{"Kustomization:spec.components[]"},
			Back:   backComponents,
			ToFlux: exactly, ToArgo: exactly, Forward: forwardComponents,
		},
		{
			ID: "kustomize-missing-components", Argo: []string{edits + ".ignoreMissingComponents"},
			Back:    backMissingComponents,
			Flux:    []string{"Kustomization:spec.ignoreMissingComponents"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "Flux adds every component that exists; Argo CD 3.6.1 stops after the first"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD 3.6.1 adds only the first component that exists"},
			Forward: moveEdit("ignoreMissingComponents", "spec.ignoreMissingComponents"),
		},
		{
			ID: "kustomize-helm-flags", Argo: []string{edits + ".apiVersions[]", edits + ".kubeVersion"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "only used with --enable-helm; Flux never inflates charts in a kustomization"},
		},
		{
			ID: "kustomize-version", Argo: []string{edits + ".version"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "picks a kustomize binary; Flux has one built in"},
		},
		{
			ID: "kustomize", Argo: []string{edits},
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "an empty block says kustomize; Flux decides by the kustomization file", Implied: true},
			Forward: func(c *Cell) { c.keep() },
		},
	}
}

func targetFields(prefix string) (fields []string) {
	for _, key := range []string{"group", "version", "kind", "name", "namespace", "labelSelector", "annotationSelector"} {
		fields = append(fields, prefix+".target."+key)
	}
	return fields
}

func moveEdit(key, path string) func(*Cell) {
	return func(c *Cell) {
		if k := c.part.kustomization(); k != nil {
			if node.Text(c.part.Source.Node, "kustomize", key) == "" {
				c.say(implied("empty: sets nothing"))
				return
			}
			c.keep(c.set(k, path, node.Clone(node.At(c.part.Source.Node, "kustomize", key))))
		}
	}
}

// forwardImages lists the images by name, which is how `kustomize edit set image`
// leaves them: where one names another's new name, the order decides.
func forwardImages(c *Cell) {
	var images []argocd.Image
	leaves := map[argocd.Image][]*leaf{}
	for _, item := range node.Items(c.part.Source.Node, "kustomize", "images") {
		text, dynamic := c.app().Expand(c.part.Source, item.Value)
		img, ok := argocd.ParseImage(text)
		switch {
		case dynamic != "":
			c.claim(c.of(item), blocking("$"+dynamic+" changes with every commit and cannot be converted").as("revision-variable"))
		case !ok:
			c.claim(c.of(item), blocking("neither a new name, nor a tag or digest: Argo CD refuses it"))
		default:
			images = append(images, img)
			leaves[img] = append(leaves[img], c.of(item))
		}
	}
	slices.SortStableFunc(images, func(a, b argocd.Image) int { return strings.Compare(a.Name, b.Name) })
	for _, img := range slices.Compact(images) {
		to := c.add(c.part.Work, "spec.images", imageNode(img))
		for _, l := range leaves[img] {
			c.claim(l, Verdict{To: []Target{to}})
		}
	}
}

// imageNode always names newName, so that an entry of the kustomization file does
// not rename the image (fluxcd/pkg kustomize, images loop).
func imageNode(img argocd.Image) *yaml.Node {
	n := node.Map("name", img.Name)
	for _, field := range []struct{ key, value string }{
		{"newName", img.NewName}, {"newTag", img.Tag}, {"digest", img.Digest},
	} {
		if field.value != "" && field.value != "*" {
			n.Content = append(n.Content, node.String(field.key), node.String(field.value))
		}
	}
	return n
}

func forwardReplicas(c *Cell) {
	for _, item := range node.Items(c.part.Source.Node, "kustomize", "replicas") {
		count, err := strconv.Atoi(node.Text(item, "count"))
		if err != nil {
			for _, l := range c.below(item) {
				c.claim(l, blocking("count is no number: Argo CD refuses it"))
			}
			continue
		}
		target := node.Map("kind", replicaKinds,
			"name", "^"+quoteMeta(node.Text(item, "name"))+"$")
		to := c.patch(c.part.Work, object.RankReplicas, target,
			fmt.Sprintf("- op: add\n  path: /spec/replicas\n  value: %d\n", count))
		for _, l := range c.below(item) {
			c.claim(l, Verdict{To: []Target{to}})
		}
	}
}

// replicaKinds are the kinds that kustomize's replicas reach.
const replicaKinds = "(Deployment|StatefulSet|ReplicaSet|ReplicationController)"

func forwardPatches(c *Cell) {
	for _, item := range node.Items(c.part.Source.Node, "kustomize", "patches") {
		c.userPatch(item)
	}
}

func (c *Cell) userPatch(item *yaml.Node) {
	name := node.Text(item, "path")
	text := node.Get(item, "patch")
	inlined := false
	if node.Null(text) && name != "" && c.part.Repo != nil {
		if data, ok := c.part.Repo.Read(c.part.Source.Dir() + "/" + name); ok {
			text, inlined = node.String(string(data)), true
		}
	}
	for _, l := range c.below(node.Get(item, "options")) {
		if node.True(l.Node) {
			c.claim(l, blocking("patches of Flux cannot change names or kinds").as("patch-options"))
		} else {
			c.claim(l, implied("the default"))
		}
	}
	if node.Null(text) {
		for _, l := range c.below(item) {
			c.claim(l, blocking("Flux takes inline patches only: pass --source to inline the file").as("patch-file"))
		}
		return
	}
	c.placePatch(item, text, inlined)
}

func (c *Cell) placePatch(item, text *yaml.Node, inlined bool) {
	copied := node.Map("patch", node.Clone(text))
	target := node.Get(item, "target")
	if !node.Empty(target) {
		node.Put(copied, "target", node.Clone(target))
	}
	to := Target{Object: c.part.Work, Patch: c.part.Work.AddPatchItem(object.RankUser, copied)}
	for _, l := range c.below(item) {
		if l.claimed {
			continue
		}
		at := to
		_, at.Suffix, _ = strings.Cut(l.Path, "kustomize.patches[")
		_, at.Suffix, _ = strings.Cut(at.Suffix, "]")
		if inlined && at.Suffix == ".path" {
			at.Suffix = ".patch"
			c.claim(l, approximate("inlined: frozen as of the conversion", at).as("patch-file"))
			continue
		}
		c.claim(l, Verdict{To: []Target{at}})
	}
}

// remoteComponent is what Flux refuses (fluxcd/pkg kustomize IsLocalRelativePath).
var remoteComponent = regexp.MustCompile(`(?i)://|^(git::|gh:|git@|github\.com[:/]|/)`)

// forwardComponents: Argo CD adds what the list lacks (kustomize/commands/edit/add
// addcomponent.go), Flux adds all.
func forwardComponents(c *Cell) {
	named := map[string]bool{}
	if c.part.Scan != nil {
		for _, name := range c.part.Scan.Components {
			named[name] = true
		}
	}
	for _, item := range node.Items(c.part.Source.Node, "kustomize", "components") {
		switch {
		case remoteComponent.MatchString(item.Value):
			c.claim(c.of(item), blocking("Flux takes components of the same source only").as("remote-component"))
		case strings.ContainsAny(item.Value, "*?["):
			c.globComponents(item)
		case named[item.Value]:
			c.claim(c.of(item), implied("named before, which adds nothing in Argo CD"))
		case c.part.Scan == nil:
			to := c.add(c.part.Work, "spec.components", node.Clone(item))
			c.claim(c.of(item), approximate("Flux applies it twice where the kustomization file names it, too, Argo CD once ("+c.part.unseen()+")", to))
		default:
			c.claim(c.of(item), Verdict{To: []Target{c.add(c.part.Work, "spec.components", node.Clone(item))}})
		}
		named[item.Value] = true
	}
}

func (c *Cell) globComponents(item *yaml.Node) {
	if c.part.Repo == nil {
		c.claim(c.of(item), blocking("a glob, which Flux does not expand: pass --source").as("glob-component"))
		return
	}
	var to []Target
	dir := c.part.Source.Dir()
	for _, name := range c.part.Repo.Glob(dir + "/" + item.Value) {
		to = append(to, c.add(c.part.Work, "spec.components", node.String(relative(dir, name))))
	}
	v := approximate("expanded: frozen as of the conversion", to...).as("glob-component")
	c.claim(c.of(item), v)
}

package plan

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
)

//go:embed apply.head.sh
var scriptHead string

// Script is the shell script that applies the stages, from the directory that holds
// theirs. It holds names, and nothing of the objects' content.
func (p *Plan) Script() []byte {
	w := &script{clusters: map[string]int{}}
	w.WriteString(scriptHead)
	w.contexts(p)
	for i, s := range p.Stages {
		if i == 0 || s.Owner != p.Stages[i-1].Owner || s.cluster != p.Stages[i-1].cluster {
			w.owner(p, s)
		}
		if s.Phase != SyncFail {
			w.stage(s)
		}
	}
	return []byte(w.String())
}

type script struct {
	strings.Builder
	clusters map[string]int
	// names counts hooks whose name the server makes.
	names     int
	generated map[*Object]string
}

func (w *script) line(words ...string) { w.WriteString(strings.Join(words, " ") + "\n") }

// contexts asks for a kubectl context for each cluster but the owners' own.
func (w *script) contexts(p *Plan) {
	for _, s := range p.Stages {
		if s.cluster == "" || w.clusters[s.cluster] > 0 || s.Skipped != "" {
			continue
		}
		n := len(w.clusters) + 1
		w.clusters[s.cluster] = n
		name := fmt.Sprintf("CONTEXT_%d", n)
		w.line()
		w.line("# " + comment(s.cluster) + " is another cluster: " + name + " names the kubectl context that leads there.")
		w.line(": " + fmt.Sprintf(`"${%s:?set it to the kubectl context of another cluster, see apply.sh}"`, name))
	}
}

// owner begins the stages of another owner.
func (w *script) owner(p *Plan, s *Stage) {
	w.line()
	as, cluster := "", ""
	if s.Owner != nil {
		w.line("# " + comment(s.Owner.Kind+" "+s.Owner.Namespace+"/"+s.Owner.Name))
		for _, o := range p.Owners {
			switch {
			case &o.Object != s.Owner:
			case o.As != "":
				as = quote("--as=" + o.As)
			case o.ProjectAccount != "":
				as = "${PROJECT_ACCOUNTS:+" + quote("--as="+o.ProjectAccount) + "}"
			}
		}
	}
	if n := w.clusters[s.cluster]; n > 0 {
		cluster = fmt.Sprintf(`"--context=$CONTEXT_%d"`, n)
	}
	w.line("as=(" + as + ") cluster=(" + cluster + ")")
	w.failure(p, s)
}

// failure defines what runs when the owner's stages fail.
func (w *script) failure(p *Plan, s *Stage) {
	var lines []string
	for _, o := range p.Stages {
		if s.Owner == nil || o.Owner != s.Owner || o.Skipped != "" {
			continue
		}
		if o.Phase == SyncFail {
			inner := &script{clusters: w.clusters, names: w.names}
			inner.stage(o)
			w.names = inner.names
			lines = append(lines, strings.Split(strings.TrimSpace(inner.String()), "\n")...)
			continue
		}
		for _, object := range o.Objects {
			if slices.Contains(object.DeletePolicy, hook.Failed) && object.Name != "" {
				lines = append(lines, "change delete --ignore-not-found --filename "+quote(o.Name+"/"+object.File))
			}
		}
	}
	if len(lines) == 0 {
		w.line("on_failure=")
		return
	}
	name := "on_failure_" + strings.SplitN(s.Name, "-", 2)[0]
	w.line(name + "() {")
	for _, line := range lines {
		w.line("  " + line)
	}
	w.line("}")
	w.line("on_failure=" + name)
}

// stage writes the commands of a stage.
func (w *script) stage(s *Stage) {
	w.line()
	if s.Skipped != "" {
		w.line("# "+s.Name+" is not applied:", comment(s.Skipped))
		return
	}
	if s.Action == Leave {
		w.line("# " + s.Name + ": left alone")
		return
	}
	if s.Phase == Projects {
		w.line(`if [ -n "${PROJECT_ACCOUNTS:-}" ]; then`)
		w.line("  stage", s.Name)
		w.WriteString("  ")
		w.action(s)
		w.line("fi")
		return
	}
	w.line("stage", s.Name)
	w.action(s)
	for _, wait := range s.Wait {
		if wait.Name != "" {
			w.line("await", strconv.Itoa(wait.Seconds), quote(wait.Namespace), quote(wait.For), resource(wait))
		}
	}
}

func (w *script) action(s *Stage) {
	id := "''"
	if s.set != nil {
		id = s.set.id()
	}
	flags := strings.Join(quoteAll(s.Flags), " ")
	switch s.Action {
	case Apply:
		if s.set == nil {
			w.line("change apply --filename", s.Name, flags)
		} else {
			w.line("content", s.Name, id, "| change apply --filename -", flags)
		}
	case Prune:
		of := s.Of
		if len(of) == 0 {
			of = []string{s.Name}
		}
		w.line("change apply --prune", quote("--applyset="+s.ApplySet), flags, "--filename", strings.Join(of, " --filename "))
	case ApplyMissing:
		w.line("apply_missing", s.Name, flags)
	case Replace, Recreate:
		w.line(string(s.Action), s.Name, id, flags)
	case Release:
		for _, of := range s.Of {
			w.line("release", of, strings.Join(s.release, " "))
		}
	case RunHook:
		w.hooks(s, flags)
	case Delete:
		w.delete(s)
	}
}

// hooks applies hooks. Those whose name the server makes are waited for one by one.
func (w *script) hooks(s *Stage, flags string) {
	for _, o := range s.Objects {
		file := quote(s.Name + "/" + o.File)
		if o.Name == "" {
			w.names++
			name := fmt.Sprintf("hook_%d", w.names)
			if w.generated == nil {
				w.generated = map[*Object]string{}
			}
			w.generated[o] = name
			w.line(name+"=$(change create --output name --filename", file+")")
			if o.Kind == "Job" || o.Kind == "Pod" {
				w.line("await 0", quote(o.Namespace), completion, `"$`+name+`"`)
			}
			continue
		}
		if slices.Contains(o.DeletePolicy, hook.BeforeCreation) {
			w.line("change delete --ignore-not-found --filename", file)
		}
		w.line("change apply --filename", file, flags)
	}
}

// delete deletes the hooks that ask for it after success.
func (w *script) delete(s *Stage) {
	for _, of := range s.of {
		for _, o := range of.Objects {
			switch {
			case !slices.Contains(o.DeletePolicy, hook.Succeeded):
			case o.Name == "":
				w.line("change delete --ignore-not-found --namespace="+quote(o.Namespace), `"$`+w.generated[o]+`"`)
			default:
				w.line("change delete --ignore-not-found --filename", quote(of.Name+"/"+o.File))
			}
		}
	}
}

// resource names an object as kubectl's arguments do.
func resource(w Wait) string {
	gv, err := schema.ParseGroupVersion(w.APIVersion)
	if err != nil || gv.Group == "" {
		return quote(strings.ToLower(w.Kind) + "/" + w.Name)
	}
	return quote(strings.ToLower(w.Kind) + "." + gv.Version + "." + gv.Group + "/" + w.Name)
}

func quoteAll(words []string) (quoted []string) {
	for _, word := range words {
		quoted = append(quoted, quote(word))
	}
	return quoted
}

// quote makes a word that the shell takes as it is.
func quote(word string) string {
	plain := func(r rune) bool {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("-_./=:,@+", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// comment is text for one line of a comment.
func comment(text string) string { return strings.Join(strings.Fields(text), " ") }

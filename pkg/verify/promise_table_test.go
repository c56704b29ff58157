package verify

import (
	"regexp"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// An announcement is what a ledger entry of an ID says may differ in what is deployed.
type announcement struct {
	why string
	// fails tells that one of the tools may refuse all of it.
	fails bool
	// covers tells whether the difference is of the announced kind; nil covers none.
	covers func(content.Difference) bool
	// only is a text that the entry's note must hold, unless one that takes the announcement
	// back.
	only, unless string
}

// The kinds of differences that announcements cover.
var (
	anything  = func(content.Difference) bool { return true }
	objects   = func(d content.Difference) bool { return d.Path == "" }
	hooks     = func(d content.Difference) bool { return strings.Contains(d.Left+d.Right, "hook ") }
	namespace = either(field(`namespace$`), func(d content.Difference) bool { return strings.Contains(d.Reason, "namespace") })
	images    = field(`\.image$`)
	version   = func(d content.Difference) bool {
		return field(`labels`)(d) && strings.Contains(d.Left+d.Right, "+1")
	}
	// yaml11 are words that YAML 1.1 takes for booleans and dates, as values or keys.
	yaml11 = either(field(`\.(on|yes|true)$`), func(d content.Difference) bool { return strings.HasSuffix(d.Right, `T00:00:00Z"`) })
)

func field(pattern string) func(content.Difference) bool {
	compiled := regexp.MustCompile(pattern)
	return func(d content.Difference) bool { return d.Path != "" && compiled.MatchString(d.Path) }
}

func either(all ...func(content.Difference) bool) func(content.Difference) bool {
	return func(d content.Difference) bool {
		for _, one := range all {
			if one(d) {
				return true
			}
		}
		return false
	}
}

// announcements are the IDs whose entries may announce a difference of what is deployed.
var announcements = map[string]announcement{
	"app-of-apps-tree":               {why: "the converted children are not committed yet", fails: true, covers: objects},
	"chart-in-git":                   {why: "the commit in the chart's version", covers: version},
	"chart-dependencies":             {why: "subcharts that nobody reads", fails: true, covers: anything},
	"chart-version-mark":             {why: "the generation in the chart's version", covers: version},
	"common-annotations":             {why: "templates of kinds that are not built in; a key that makes Argo CD refuse", fails: true, covers: field(`template`)},
	"common-labels":                  {why: "selectors and templates that no patch reaches", covers: field(`abels|elector`)},
	"common-labels-form":             {why: "a form of labels that Argo CD refuses", fails: true},
	"common-metadata-force":          {why: "keys that the kustomization file has too", covers: field(`abels|elector|annotations`)},
	"common-metadata-overridden":     {why: "keys that the kustomization file has too", covers: field(`abels|elector|annotations`)},
	"composed-chart-files":           {why: "files that a composed chart lacks", fails: true, covers: anything},
	"directory":                      {why: "files that nobody saw", fails: true, covers: anything, only: "("},
	"directory-json":                 {why: "manifests that Flux does not read, and Argo CD may refuse", fails: true, covers: anything},
	"directory-jsonnet":              {why: "manifests that Flux does not read, and Argo CD may refuse", fails: true, covers: objects},
	"directory-local-config":         {why: "objects that kustomize leaves out", covers: objects},
	"directory-nested-kustomization": {why: "what one tool builds and the other reads", covers: anything},
	"directory-not-an-object":        {why: "files that fail Flux's build", fails: true},
	"directory-skipped":              {why: "files that Argo CD skips", covers: objects},
	"file-parameter-covered":         {why: "a value that wins in one tool only", covers: anything},
	"file-parameter-unread":          {why: "a value that is left out", covers: anything},
	"flux-decryption":                {why: "encrypted text", fails: true, covers: anything},
	"flux-helm-hooks":                {why: "hooks that a release leaves out", covers: hooks},
	"flux-of-flux":                   {why: "Flux's own objects are no workload", covers: objects},
	"flux-old-json-patches":          {why: "the place of patches in the build", covers: anything},
	"flux-post-build":                {why: "variables", fails: true, covers: anything},
	"flux-post-renderers":            {why: "edits of what a chart renders", covers: anything},
	"flux-release-metadata":          {why: "labels on what a chart renders", covers: field(`^metadata`)},
	"flux-test":                      {why: "tests of a release", covers: hooks},
	"helm-capabilities":              {why: "versions of the cluster that templates ask for", fails: true, covers: anything},
	"helm-file-parameters":           {why: "files as values", covers: anything},
	"helm-namespace-split":           {why: "the namespace of templates is not that of the objects", covers: namespace},
	"helm-real-release":              {why: "hooks, and how what is rendered is read", covers: either(hooks, yaml11)},
	"helm-tests":                     {why: "hooks that are tests among other types", covers: hooks},
	"helm-value-files":               {why: "the generation in the chart's version", covers: version},
	"helm-version":                   {why: "a Helm that Argo CD refuses", fails: true},
	"hidden-overrides":               {why: "settings that nobody read", fails: true, covers: anything, only: "not inspected"},
	"hook-helm":                      {why: "hooks that become ordinary objects", covers: hooks},
	"hook-nameless":                  {why: "objects that fail Flux's build", fails: true},
	"hook-ordinary":                  {why: "hooks that become ordinary objects", covers: hooks},
	"hook-stripped":                  {why: "hooks that Flux does not have", covers: hooks},
	"hooks":                          {why: "hooks that nobody saw", covers: hooks},
	"hooks-run":                      {why: "hooks that a patch kept from running", covers: hooks},
	"images-sorted":                  {why: "the order of image edits", covers: images},
	"jsonnet":                        {why: "manifests that Flux does not read", fails: true, covers: objects},
	"kustomize-components":           {why: "a component that counts twice", covers: anything},
	"kustomize-helm-charts":          {why: "charts that fail the build", fails: true},
	"kustomize-images":               {why: "image edits that are merged or replaced", covers: images},
	"kustomize-missing-components":   {why: "components after the first", covers: anything},
	"kustomize-on-directory":         {why: "edits of a directory", covers: anything},
	"kustomize-outside-directory":    {why: "files that Argo CD refuses", fails: true},
	"kustomize-plugins":              {why: "plugins that fail the build", fails: true},
	"kustomize-replicas":             {why: "replicas that the file has too, or that fail Argo CD's build", fails: true, covers: field(`^spec\.replicas$`)},
	"manifest-hooks":                 {why: "ordinary objects that become hooks", covers: either(hooks, objects)},
	"multi-source":                   {why: "objects of several sources that nobody compared", covers: anything, only: "not compared"},
	"multi-source-shared":            {why: "objects of several sources", covers: anything},
	"namespace-fill":                 {why: "objects in \"default\" that kustomize takes for those without a namespace", covers: namespace, unless: `; none names "default"`},
	"no-destination-namespace":       {why: "objects without a namespace", covers: namespace},
	"object-disabled":                {why: "objects that Flux leaves alone", covers: objects},
	"object-ignored":                 {why: "objects that Flux leaves alone", covers: objects},
	"oci-layers":                     {why: "which layer is read", fails: true, covers: anything},
	"origin-annotations":             {why: "annotations of the build", covers: field(`^metadata\.annotations`)},
	"parameter-list-index":           {why: "an item of a list that one tool replaces whole", covers: anything},
	"patch-options":                  {why: "a patch that Flux refuses", fails: true, covers: anything},
	"path-outside":                   {why: "a path that Argo CD refuses", fails: true},
	"release-name-too-long":          {why: "a name that Argo CD refuses", fails: true},
	"remote-component":               {why: "a component that Flux refuses", fails: true, covers: anything},
	"repository-unread":              {why: "what nobody saw", fails: true, covers: anything},
	"revision-variable":              {why: "a value that changes with every commit", covers: anything},
	"sops-without-decryption":        {why: "encrypted text that Flux refuses", fails: true, covers: anything},
	"source-ignored":                 {why: "manifests that Flux does not fetch", fails: true, covers: objects},
	"source-type":                    {why: "a path that nobody saw", fails: true, covers: anything},
	"target-namespace-fill":          {why: "objects of other namespaces that Flux moves", covers: either(namespace, objects)},
	"values-from-unread":             {why: "values that are left out", fails: true, covers: anything},
	"value-file-refused":             {why: "a value file that one tool refuses", fails: true, covers: anything},
}

// policyOnly are the IDs whose entries say nothing about what is rendered at a revision.
var policyOnly = map[string]string{
	// when and how it is applied, and what becomes of it
	"allow-empty":                   "a guard against an empty source",
	"app-of-apps-namespace":         "where Argo CD reads Applications",
	"chart-strategy":                "which commits are deployed",
	"crds-kept":                     "pruning of definitions",
	"crds-updated":                  "whether definitions are updated",
	"deletion-uninstalls":           "what the deletion of the object does",
	"flux-force":                    "how a conflict is solved",
	"helm-crds":                     "updates and deletion of definitions",
	"health":                        "when it counts as deployed",
	"image-automation":              "who writes images to Git",
	"image-marker":                  "which lines of Git are written",
	"image-updater":                 "which images are chosen for Git",
	"interval":                      "when sources are looked at",
	"manifest-options":              "options of a sync",
	"manifest-waves":                "the order of a sync",
	"manual-sync":                   "who starts a sync",
	"notification-secret":           "how somebody is told",
	"notifications":                 "who is told",
	"revision-tag":                  "which revision is deployed",
	"object-forced":                 "how a conflict is solved",
	"object-if-not-present":         "whether an object is updated",
	"object-kept":                   "whether an object is deleted",
	"object-merged":                 "what others may add to an object",
	"retry":                         "when it is tried again",
	"self-heal":                     "when drift is undone",
	"self-heal-always":              "when drift is undone",
	"sync-option-client-side-apply": "who owns fields",
	"sync-option-create-namespace":  "who makes the namespace",
	"sync-option-propagation":       "how dependents are deleted",
	"sync-option-prune-last":        "when what left the source is deleted",
	"several-clusters":              "which of two Applications of a name the cluster holds",
	// which revision it is of
	"glob-component":           "the same until a component is added",
	"helm-missing-value-files": "the same until a file is added",
	"hydrator-dry-source":      "the source before hydration",
	"patch-file":               "the same until the file changes",
	"ref-source":               "the same until the file changes",
	"ref-values-artifact":      "the same file, by a controller of its own",
	"ref-values-inline":        "the same until the file changes",
	"revision-branch":          "a name that is not checked; both sides are given one checkout",
	"revision-head":            "a branch that is not followed",
	"value-file-missing":       "the same until the file is added",
	"value-files-glob":         "the same until a file is added",
	"values-from-inline":       "the same until the object changes",
	// what neither tool changes
	"kustomize-version":  "a kustomize of another version, which is not run here",
	"source-name":        "how an object of the tool is called",
	"variables-verbatim": "text that both leave as it is",
}

// doubtIDs are the findings of rendering that leave a doubt, so that nothing is proven.
var doubtIDs = []string{
	"chart-version-suffix", "components-first-only", "encrypted", "kustomize-other-version", "namespace-missing", "optional-missing",
}

// exceptions are deployments that differ without an announcement, each with the reason.
var exceptions = map[string]string{
	"fields/several-clusters web":  "no cluster holds two Applications of one name, so which is paired with what is chance",
	"functional/back/marks hooks":  "a patch takes annotations away that only make Argo CD run hooks, and is equivalent for that",
	"helm helm-parameters-escaped": "kustomize, which helm-controller runs, sorts a containerPort of null behind others; the API server refuses the object of either tool",
}

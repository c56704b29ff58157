package main

import (
	"slices"

	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/client-go/rest"
)

// inputFlags say where the documents come from.
type inputFlags struct {
	files     []string
	recursive bool
	kustomize string

	resources     []string
	selector      string
	allNamespaces bool
	liveSources   bool
	kube          *genericclioptions.ConfigFlags
}

func newInputFlags() inputFlags {
	kube := genericclioptions.NewConfigFlags(true).WithDiscoveryBurst(300).WithDiscoveryQPS(50)
	kube.WrapConfigFn = func(c *rest.Config) *rest.Config {
		c.QPS, c.Burst = 50, 300 // sources may lie in many namespaces
		return c
	}
	return inputFlags{kube: kube}
}

func (from *inputFlags) input() *pflag.FlagSet {
	set := newFlagSet("input")
	set.StringSliceVarP(&from.files, "filename", "f", nil, "`file`, directory, URL or - (stdin) to read; repeatable")
	set.BoolVarP(&from.recursive, "recursive", "R", false, "read the directories below those of -f too")
	set.StringVarP(&from.kustomize, "kustomize", "k", "", "`directory` to build with kustomize")
	set.StringVarP(&from.selector, "selector", "l", "", "label `selector` of live objects")
	set.BoolVarP(&from.allNamespaces, "all-namespaces", "A", false, "live objects of all namespaces")
	return set
}

// cluster are the flags that kubectl has; namespace is what --namespace is for.
func (from *inputFlags) cluster(namespace string) *pflag.FlagSet {
	set := newFlagSet("cluster")
	from.kube.AddFlags(set)
	set.Lookup("namespace").Usage = namespace
	set.Lookup("cache-dir").DefValue = "~/.kube/cache" // as help shows it, for everybody
	return set
}

// empty tells whether no input is named.
func (from *inputFlags) empty() bool {
	return len(from.files) == 0 && from.kustomize == "" && len(from.resources) == 0
}

// A rule says which flags contradict each other.
type rule struct {
	broken  bool
	message string
}

// rules are those of every command that reads objects.
func (from *inputFlags) rules(command string) []rule {
	return []rule{
		{from.empty(), "nothing to " + command + ": give -f FILE, -k DIR or a resource such as 'applications' or 'kustomizations'"},
		{len(from.files) > 0 && len(from.resources) > 0,
			"-f and resource arguments exclude each other"},
		{from.kustomize != "" && len(from.files)+len(from.resources) > 0,
			"-k excludes -f and resource arguments"},
		{from.recursive && len(from.files) == 0, "-R needs -f"},
		{(from.selector != "" || from.allNamespaces) && len(from.resources) == 0,
			"-l and -A choose among live objects: name a resource such as 'applications'"},
		{slices.Contains(from.resources, ""), "a resource argument is empty"},
	}
}

// firstBroken returns the error about the first rule that is broken.
func firstBroken(command string, rules []rule) error {
	for _, r := range rules {
		if r.broken {
			return usagef(command, "%s", r.message)
		}
	}
	return nil
}

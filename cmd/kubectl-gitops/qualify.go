package main

import "strings"

// liveType is a type of object that can be converted, and the names that kubectl has
// for it. Other groups have applications and buckets, too, and a bare name would mean
// whichever discovery lists first.
type liveType struct {
	plural, group string
	others        []string
}

// types are those of Argo CD (its CRDs) and of Flux (+kubebuilder:resource:shortName
// in the API modules of its controllers).
var types = []liveType{
	{"applications", "argoproj.io", []string{"application", "app", "apps"}},
	{"applicationsets", "argoproj.io", []string{"applicationset", "appset", "appsets"}},
	{"appprojects", "argoproj.io", []string{"appproject", "appproj", "appprojs"}},
	{"kustomizations", "kustomize.toolkit.fluxcd.io", []string{"kustomization", "ks"}},
	{"helmreleases", "helm.toolkit.fluxcd.io", []string{"helmrelease", "hr"}},
	{"gitrepositories", "source.toolkit.fluxcd.io", []string{"gitrepository", "gitrepo"}},
	{"ocirepositories", "source.toolkit.fluxcd.io", []string{"ocirepository", "ocirepo"}},
	{"helmrepositories", "source.toolkit.fluxcd.io", []string{"helmrepository", "helmrepo"}},
	{"helmcharts", "source.toolkit.fluxcd.io", []string{"helmchart", "hc"}},
	{"buckets", "source.toolkit.fluxcd.io", []string{"bucket"}},
}

// allTypes stands for every type that the cluster serves, as an argument.
const allTypes = "all"

// liveTypes are the names that completion offers.
func liveTypes() []string {
	var names []string
	for _, t := range types {
		names = append(names, t.plural)
	}
	return names
}

// qualify adds the API group to the types of either tool: in the first argument, which
// may list several with commas, and in every TYPE/NAME.
func qualify(args []string) []string {
	full := map[string]string{}
	for _, t := range types {
		for _, name := range append(t.others, t.plural) {
			full[name] = t.plural + "." + t.group
		}
	}
	qualified := make([]string, len(args))
	for i, arg := range args {
		types, name, slash := strings.Cut(arg, "/")
		if i > 0 && !slash {
			qualified[i] = arg
			continue
		}
		parts := strings.Split(types, ",")
		for n, part := range parts {
			if known, ok := full[strings.ToLower(part)]; ok {
				parts[n] = known
			}
		}
		qualified[i] = strings.Join(parts, ",")
		if slash {
			qualified[i] += "/" + name
		}
	}
	return qualified
}

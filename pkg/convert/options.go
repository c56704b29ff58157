package convert

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

const defaultArgoCDNamespace = "argocd"

// Check refuses options that no input could make sense of, before there is one.
func (o Options) Check() error { return o.complete() }

// complete fills in defaults and refuses what makes no sense.
func (o *Options) complete() error {
	o.FluxNamespace = orElse(o.FluxNamespace, "flux-system")
	o.ArgoCDNamespace = orElse(o.ArgoCDNamespace, defaultArgoCDNamespace)
	o.Placement = Placement(orElse(string(o.Placement), string(PlaceByNamespace)))
	o.RefValues = RefValues(orElse(string(o.RefValues), string(RefAuto)))
	o.ConvertedPath = orElse(o.ConvertedPath, "flux")
	o.AppSet = AppSet(orElse(string(o.AppSet), string(AppSetStatic)))
	o.FluxVersion = strings.TrimPrefix(orElse(o.FluxVersion, "2.9"), "v")
	if !slices.Contains([]Placement{PlaceByNamespace, PlaceSingle, PlacePerApp}, o.Placement) {
		return fmt.Errorf("unknown placement %q: use by-namespace, single or per-app", o.Placement)
	}
	if !slices.Contains([]RefValues{RefAuto, RefArtifact, RefConfigMap, RefInline}, o.RefValues) {
		return fmt.Errorf("unknown way %q for values of another source: use auto, artifact, configmap or inline", o.RefValues)
	}
	if !fs.ValidPath(o.ConvertedPath) || o.ConvertedPath == "." {
		return fmt.Errorf("%q is no directory for converted children: write it below the root of their repository, as flux", o.ConvertedPath)
	}
	if err := o.checkAppSet(); err != nil {
		return err
	}
	if o.Substitute && o.To == ToFlux {
		return errors.New("variables are substituted on the way to Argo CD only: Flux does so by itself")
	}
	if o.Collapse && (o.To == ToFlux || o.Suspend) {
		return errors.New("an ApplicationSet is of Argo CD: to collapse goes with --to argocd and an input of Flux objects, and not with suspending, as a cut-over moves single Applications")
	}
	if o.ExpandOnly && (o.To == ToArgo || o.Suspend || o.Preserve) {
		return errors.New("to expand ApplicationSets only is to convert nothing: it goes with neither another tool to convert to, nor suspending nor preserving")
	}
	if _, err := minor(o.FluxVersion); err != nil {
		return err
	}
	if err := checkSourceURLs(o.SourceURLs); err != nil {
		return err
	}
	return o.AppOfApps.check(o.To)
}

func (o *Options) checkAppSet() error {
	if !slices.Contains([]AppSet{AppSetStatic, AppSetResourceSet}, o.AppSet) {
		return fmt.Errorf("unknown way %q for ApplicationSets: use static or resourceset", o.AppSet)
	}
	if o.ExpandOnly && o.AppSet != AppSetStatic {
		return errors.New("to expand ApplicationSets only is to make no ResourceSets of them")
	}
	if o.Suspend && o.AppSet != AppSetStatic {
		return errors.New("a ResourceSet cannot be written turned off: a cut-over moves the Applications of an ApplicationSet, one by one")
	}
	return nil
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// minor returns the minor number of a Flux 2 version.
func minor(version string) (int, error) {
	parts := strings.Split(version, ".")
	if len(parts) < 2 || parts[0] != "2" {
		return 0, fmt.Errorf("unknown Flux version %q: write it as 2.9", version)
	}
	n, err := strconv.Atoi(parts[1])
	if err != nil {
		return 0, fmt.Errorf("unknown Flux version %q: write it as 2.9", version)
	}
	return n, nil
}

func (o *Options) settings() *mapping.Settings {
	n, _ := minor(o.FluxVersion)
	repos := make([]*checkout.Repo, len(o.Checkouts))
	for i, c := range o.Checkouts {
		repos[i] = &checkout.Repo{FS: c.FS}
	}
	return &mapping.Settings{
		FluxNamespace: o.FluxNamespace, ArgoCDNamespace: o.ArgoCDNamespace,
		Placement: string(o.Placement), DefaultBranch: o.DefaultBranch,
		AllowBlocking: o.AllowBlocking, AppOfApps: o.AppOfApps != nil, RefValues: string(o.RefValues), Flux29: n >= 9,
		Checkout: func(url, revision string) *checkout.Repo { return o.checkout(repos, url, revision) },
		NoAddOns: o.plain, NotificationV1: n >= 10,
	}
}

// checkout returns the first local copy of the repository at the revision; repos are those
// of Checkouts.
func (o *Options) checkout(repos []*checkout.Repo, url, revision string) *checkout.Repo {
	i := o.checkoutIndex(url, revision)
	if i < 0 {
		return nil
	}
	return repos[i]
}

func (o *Options) checkoutIndex(url, revision string) int {
	return slices.IndexFunc(o.Checkouts, func(c Checkout) bool {
		return checkout.Normal(c.URL) == checkout.Normal(url) && (c.Revision == "" || c.Revision == revision)
	})
}

package main

const convertLong = `
Reads Argo CD Applications and prints Flux objects that do the same, or Kustomizations
and HelmReleases of Flux and prints Applications; everything else passes as it is. The
input decides which way, unless it holds objects of both tools: then --to does. Objects
go to stdout, findings to stderr, and --ledger accounts for every field. With
--output-dir every input file gets a file of the same relative path instead; one of
which nothing is left is removed there.

What would deploy something else is written suspended, or with automated sync off, and
the exit code is 1; --allow-blocking leaves it on. An error in one object stops the run
with nothing written, unless --keep-going is given or an input is a directory: then the
other objects are converted, each error is printed once, and the exit code is 2 all the
same.

--source gives a local checkout of a repository that the objects name, so that what
depends on its contents (source type, default branch, values files) is known. REV is
one revision that the checkout stands for; it may contain slashes.

An ApplicationSet is expanded into the Applications that its controller makes, and these
are converted; with --expand-only they are printed as they are. Its generators may be
list, git and oci (with --source), clusters (from cluster Secrets in the input), matrix and
merge.
One that needs what is not there passes as it is, and a finding says what to give.
With --appset resourceset it becomes a ResourceSet of flux-operator instead, which goes
on following a list, the directories of a repository or its pull requests.

An Application whose path holds Applications, as a checkout shows, has these converted,
too. What they become is written, with --output-dir, to REPOSITORY/flux/PATH/FILE, to be
committed to that repository, and the parent deploys flux/PATH of it. --converted-path
chooses another directory than flux.

An Application says itself what Flux keeps in source objects (GitRepository and so on).
They are joined with what deploys from them, and nothing else is left of them. Those
that are not in the input are read from the cluster when live objects are converted, or
with --live-sources; or --source-url says where they are. NAME is NAME, NAMESPACE/NAME
or KIND/NAMESPACE/NAME.

--app-of-apps adds the Application that deploys the others from where you will commit
them, which is what keeps the order of dependsOn. It goes to app-of-apps.yaml, or to the
end of stdout, with a change of Argo CD's settings that it needs.

--collapse makes one ApplicationSet with a generator list of Applications that have the
same fields and differ in texts only. It makes the same Applications, byte for byte; those
of which it would not stay single, with a finding that says why.`

const convertExamples = `
  # A tree of Argo CD manifests into a tree for Flux, with the account of every field
  kubectl gitops convert -R -f clusters/ --output-dir flux/ --ledger ledger.json

  # What Argo CD runs in the cluster, with the repository at hand
  kubectl gitops convert applications -n argocd -l team=web \
    --source https://github.com/example/deploy.git@main=../deploy

  # The Applications of ApplicationSets, from directories of a checkout and cluster Secrets
  kubectl gitops convert -f appsets/ -f clusters.yaml --expand-only \
    --source https://github.com/example/deploy.git=../deploy

  # What Flux runs in the cluster, for Argo CD, in the order of dependsOn
  kubectl gitops convert kustomizations,helmreleases -A --output-dir fleet/apps \
    --app-of-apps 'https://github.com/example/fleet//apps?ref=main'

  # A tree for Flux in few ApplicationSets, and the Applications that these make
  kubectl gitops convert -R -f flux/ --to argocd --collapse > sets.yaml
  kubectl gitops convert -f sets.yaml --expand-only`

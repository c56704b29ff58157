package main

const renderLong = `
Prints the plain manifests that the controller would apply for each Application of Argo
CD, or each Kustomization and HelmRelease of Flux. The order is that of the input, and
of each what others need first. Sources, and the ConfigMaps and Secrets that values and
variables come from, are found in the input, or read from the cluster with
--live-sources. What a Kustomization or an Application sets on the objects that it
deploys is in them only when these are rendered through it: --follow begins at the root.

A --source stands for its URL and is used as it is. What none stands for is fetched, as
the tool resolves the revision, and kept in the user's cache directory; --offline
forbids it. For a Helm repository DIR holds charts by name, or archives.

Manifests carry the labels that the controller writes. What could not be done as the
controller does it is on stderr, and the exit code is 1: see --fail-on. What SOPS
encrypted stays encrypted without --decrypt.

--plan says how the same would be applied with kubectl: the order, what each stage waits
for, flags, and what is pruned. --output-dir writes it as numbered directories with an
apply.sh that a person can read and run.`

const renderExamples = `
  # What a Flux tree deploys, with the repository at hand
  kubectl gitops render -R -f clusters/production --source https://github.com/example/fleet=.

  # What an Application of the cluster deploys, fetched
  kubectl gitops render applications podinfo -n argocd > manifests.yaml

  # All that a cluster gets, from the objects that bootstrap it
  kubectl gitops render -f clusters/production/flux-system --follow --source https://github.com/example/fleet=.

  # Stages, and a script that applies and prunes them
  kubectl gitops render -f app.yaml --output-dir out && out/apply.sh`

#!/usr/bin/env bash
# Applies the stages beside this script, in their order, as plan.yaml describes them.
#
#   ./apply.sh [FLAG...]
#
# The flags go to every kubectl command, for example --context=NAME or
# --dry-run=server. A dry run waits for nothing, and shows no object whose kind or
# namespace an earlier stage would have to make. KUBECTL names another kubectl.
# PROJECT_ACCOUNTS=1 holds Applications to the rights of their AppProjects: each is
# applied as the service account of its project, which is made before.
#
# The first error ends the script. Running it again changes only what differs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export KUBECTL_APPLYSET=true # kubectl's --applyset is an alpha feature

flags=() dry=() as=() cluster=()
for flag in "$@"; do
  case $flag in
  --dry-run=none) ;;
  --dry-run | --dry-run=*) dry+=("$flag") ;;
  *) flags+=("$flag") ;;
  esac
done

# kube runs kubectl, for the owner at hand.
kube() {
  "${KUBECTL:-kubectl}" "$@" ${as[@]+"${as[@]}"} ${flags[@]+"${flags[@]}"} ${cluster[@]+"${cluster[@]}"}
}

# change runs kubectl where it changes the cluster.
change() { kube "$@" ${dry[@]+"${dry[@]}"}; }

stage() { echo "== $*"; }

# exists FILE: the cluster has the object.
exists() { [ -n "$(kube get --filename "$1" --ignore-not-found --output name)" ]; }

# content PATH [ID]: the objects, as members of an ApplySet where an ID is given. JSON,
# since kubectl writes several objects as YAML without a line between them.
content() {
  if [ -n "${2:-}" ]; then
    kube label --local --filename "$1" "applyset.kubernetes.io/part-of=$2" --output json
  else
    cat "$1"
  fi
}

# apply_missing DIRECTORY [FLAG...]: applies what does not exist.
apply_missing() {
  local directory=$1 file
  shift
  for file in "$directory"/*; do
    if ! exists "$file"; then change apply --filename "$file" "$@"; fi
  done
}

# replace DIRECTORY ID [FLAG...]: replaces objects as a whole, or creates them.
replace() {
  local directory=$1 id=$2 file flag create=()
  shift 2
  for flag in "$@"; do
    if [ "$flag" != --force ]; then create+=("$flag"); fi
  done
  for file in "$directory"/*; do
    if exists "$file"; then
      content "$file" "$id" | change replace --filename - "$@"
    else
      content "$file" "$id" | change create --filename - "${create[@]}"
    fi
  done
}

# recreate DIRECTORY ID [FLAG...]: applies objects. What the server refuses to change
# is deleted first.
recreate() {
  local directory=$1 id=$2 file reason
  shift 2
  for file in "$directory"/*; do
    if exists "$file" && ! reason=$(content "$file" "$id" | kube apply --dry-run=server --filename - "$@" 2>&1); then
      case $reason in
      *mmutable* | *"is invalid"*) change delete --filename "$file" ;;
      *)
        echo "$reason" >&2
        return 1
        ;;
      esac
    fi
    content "$file" "$id" | change apply --filename - "$@"
  done
}

# release DIRECTORY ID...: takes the objects out of ApplySets, so that they stay.
release() {
  local directory=$1 file id now
  shift
  for file in "$directory"/*; do
    now=$(kube get --filename "$file" --ignore-not-found --output 'jsonpath={.metadata.labels.applyset\.kubernetes\.io/part-of}')
    for id in "$@"; do
      if [ "$now" = "$id" ]; then change label --filename "$file" applyset.kubernetes.io/part-of-; fi
    done
  done
}

# await SECONDS NAMESPACE CONDITION OBJECT: waits until it is ready; 0 is without end.
await() {
  if [ ${#dry[@]} -gt 0 ]; then return; fi
  local seconds=$1 namespace=$2 condition=$3 object=$4
  case $condition in
  rollout) kube rollout status "$object" --namespace="$namespace" --timeout="${seconds}s" ;;
  completion) await_end "$seconds" "$namespace" "$object" ;;
  *)
    if [ "$seconds" -eq 0 ]; then seconds=-1; fi
    kube wait "$object" --namespace="$namespace" --for="$condition" --timeout="${seconds}s"
    ;;
  esac
}

# await_end SECONDS NAMESPACE OBJECT: waits for the end of a Job or a Pod.
await_end() {
  local start=$SECONDS state
  while true; do
    state=$(kube get "$3" --namespace="$2" --output 'jsonpath={.status.phase} {range .status.conditions[?(@.status=="True")]}{.type} {end}')
    case " $state " in
    *" Complete "* | *" Succeeded "*) return ;;
    *" Failed "*)
      echo "$3 failed" >&2
      return 1
      ;;
    esac
    if [ "$1" -gt 0 ] && [ $((SECONDS - start)) -ge "$1" ]; then
      echo "$3 has not ended after $1 seconds" >&2
      return 1
    fi
    sleep 1
  done
}

# When a stage fails, the function that on_failure names runs.
on_failure=
finish() {
  local status=$?
  if [ "$status" -ne 0 ] && [ -n "$on_failure" ]; then "$on_failure"; fi
  exit "$status"
}
trap finish EXIT

#!/bin/bash
# Runs the cases of the acceptance suite that are known to pass; a case that fails is a regression.
# Usage: acceptance.sh RUN_PY SEKISHO
set -u
here=$(dirname "$0")
only=$(grep -v '^#' "$here/acceptance.cases" | sed 's/^/--only /' | tr '\n' ' ')
# shellcheck disable=SC2086
python3 "$1" --sekisho "$2" $only

#!/bin/sh
# The exporter on the sample log (tools/run.sh), and beside it Prometheus, Alertmanager
# and Grafana, with hosts and their history made up. Ctrl-C ends all.
#
# usage: tools/observe.sh EXPORTER MKLOG SAMPLE HOST:PORT OBSERVE [FLAG...]
#        the flags are those of OBSERVE, tools/observe/cmd/observe
set -eu
exporter=$1 mklog=$2 sample=$3 address=$4 observe=$5
shift 5

"$(dirname "$0")/run.sh" "$exporter" "$mklog" "$sample" "$address" &
sample_run=$!
trap 'kill "$sample_run" 2>/dev/null || :; wait "$sample_run" 2>/dev/null || :' EXIT
trap : INT
trap 'exit 1' TERM HUP

"$observe" -exporter "$address" "$@"

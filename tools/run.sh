#!/bin/sh
# Follows a copy of a sample log, to which a little traffic is added, so that
# there is something to look at without a Postfix. Ctrl-C ends both.
#
# usage: tools/run.sh EXPORTER MKLOG SAMPLE HOST:PORT
set -eu
exporter=$1 mklog=$2 sample=$3 address=$4

dir=$(mktemp -d)
writer=
clean() {
	[ -z "$writer" ] || kill "$writer" 2>/dev/null || :
	rm -rf "$dir"
}
trap clean EXIT
trap : INT # the exporter gets it too, and ends
trap 'kill "$server" 2>/dev/null' TERM HUP

cp "$sample" "$dir/mail.log"
"$mklog" -live -rate 3 >>"$dir/mail.log" &
writer=$!
echo "Following a copy of $sample to which about three lines a second are added."
echo "Open http://$address/ in a browser; Ctrl-C ends it."
"$exporter" --web.listen-address="$address" --postfix.logfile_path="$dir/mail.log" --state.file="$dir/state" --postfix.showq_path= --log.level=warn &
server=$!
# wait ends early when a signal was caught: wait for the exporter's own end.
status=0
while kill -0 "$server" 2>/dev/null; do
	wait "$server" && status=0 || status=$?
done
exit "$status"

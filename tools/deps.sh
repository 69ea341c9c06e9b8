#!/bin/sh
# Installs what the tests use beside Go, on Debian and its kin: for e2e/ a Postfix,
# an rsyslog, a logrotate and what that packs with; a C compiler for the race
# detector, promtool, and what reads and writes systemd's journal. Starts no daemon.
# Without apt or root it says so and goes on: the tests that need what is missing are
# then skipped, and say so too.
#
# usage: tools/deps.sh DIR    promtool and systemd-journal-remote go to DIR
set -eu
bin=$1

say() { echo "deps: $*" >&2; }

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

if ! command -v apt-get >/dev/null; then
	say "no apt-get here: install postfix, rsyslog, logrotate, xz, zstd, iproute2, gcc, promtool, journalctl and systemd-journal-remote for all tests to run"
	exit 0
fi

wanted=
for package in postfix rsyslog logrotate xz-utils zstd; do
	installed $package || wanted="$wanted $package"
done
command -v gcc >/dev/null || wanted="$wanted gcc libc6-dev"
command -v ip >/dev/null || wanted="$wanted iproute2"
command -v journalctl >/dev/null || wanted="$wanted systemd"
remote=
command -v systemd-journal-remote >/dev/null || [ -x "$bin/systemd-journal-remote" ] || remote=" systemd-journal-remote"
promtool=
command -v promtool >/dev/null || [ -x "$bin/promtool" ] || promtool=yes
if [ -z "$wanted$promtool$remote" ]; then
	exit 0
fi
if [ "$(id -u)" != 0 ]; then
	say "not root: can't install$wanted${promtool:+ promtool}$remote; run 'make deps' as root once for all tests to run"
	exit 0
fi

say "installing$wanted${promtool:+ promtool}$remote"
apt-get -q update >/dev/null

if [ -n "$wanted" ]; then
	# Maintainer scripts ask policy-rc.d whether they may start a daemon.
	if [ ! -e /usr/sbin/policy-rc.d ]; then
		trap 'rm -f /usr/sbin/policy-rc.d' EXIT
		trap 'exit 1' HUP INT TERM
		printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
		chmod 755 /usr/sbin/policy-rc.d
	fi
	# An answer that is there already, such as a working set-up's, stays.
	installed postfix ||
		echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
	# shellcheck disable=SC2086 # a list of words
	DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $wanted </dev/null >/dev/null
fi

# promtool has a package of its own since Debian 13. Before, it is taken out of
# prometheus, which is a daemon otherwise.
if [ -n "$promtool" ]; then
	mkdir -p "$bin"
	work=$(mktemp -d)
	package=promtool
	apt-cache show promtool >/dev/null 2>&1 || package=prometheus
	(cd "$work" && apt-get -q -o APT::Sandbox::User=root download $package >/dev/null && dpkg-deb -x ${package}_*.deb .)
	mv "$work/usr/bin/promtool" "$bin/promtool"
	rm -rf "$work"
fi

# systemd-journal-remote writes journals for the tests. Its package has the version
# of the host's systemd or wants it changed, so it is only taken out of it, with the
# libraries that it needs beside those that are there.
if [ -n "$remote" ] && apt-cache show systemd-journal-remote >/dev/null 2>&1; then
	mkdir -p "$bin/journal-remote"
	work=$(mktemp -d)
	libraries=$(apt-cache depends systemd-journal-remote | sed -n 's/^ *Depends: \(lib\(microhttpd\|systemd-shared\)[^ ]*\)$/\1/p')
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && apt-get -q -o APT::Sandbox::User=root download systemd-journal-remote $libraries >/dev/null &&
		for package in *.deb; do dpkg-deb -x "$package" .; done)
	find "$work" -path '*/systemd/systemd-journal-remote' -type f -exec mv {} "$bin/journal-remote/" \;
	find "$work" -name 'lib*.so.*' -exec mv {} "$bin/journal-remote/" \; -o -name 'libsystemd-shared-*.so' -exec mv {} "$bin/journal-remote/" \;
	rm -rf "$work"
	cat >"$bin/systemd-journal-remote" <<-'END'
		#!/bin/sh
		own=$(dirname "$0")/journal-remote
		LD_LIBRARY_PATH=$own exec "$own/systemd-journal-remote" "$@"
	END
	chmod 755 "$bin/systemd-journal-remote"
fi

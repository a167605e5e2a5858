#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# distributions.sh [SUITE... [-- COMMAND...]] - the README's commands on fresh Debian systems: for each suite (bookworm and trixie, that is 12 and 13; or
# testing, sid) it makes a system with nothing but git and make, clones this tree into it and runs each COMMAND there ("make check" and
# "make bench PLAN=smoke GUEST=no"). It prints TAP, with how long each took; the status is 1 if something failed, 77 if this host cannot.
# With BUNDLE=FILE, of `make bundle`, it is that which is tried there and not the tree: nothing is built ("./fivestep doctor", "./fivestep run smoke").
#
# It needs root and debootstrap, which takes packages from the archive that this host uses ($DEBIAN_MIRROR). The bare systems are kept in
# $DISTRIBUTIONS (~/.cache/fivestep/distributions), what was run in one is not: it is mounted in a namespace of its own and goes at the end.
# Logs are left in $DISTRIBUTIONS/SUITE.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cache=${DISTRIBUTIONS:-${XDG_CACHE_HOME:-$HOME/.cache}/fivestep/distributions}

die() {
	echo "distributions: $1" >&2
	exit "${2:-1}"
}

suites=
while [ $# -gt 0 ] && [ "$1" != -- ]; do
	case $1 in
	*[!a-z]* | '') die "$1 is no suite: bullseye, bookworm, trixie, testing or sid" 64 ;;
	esac
	suites="$suites $1"
	shift
done
[ $# -eq 0 ] || shift
bundle=${BUNDLE:-}
if [ $# -eq 0 ] && [ -n "$bundle" ]; then
	set -- './fivestep doctor' './fivestep run smoke -o smoke.jsonl'
elif [ $# -eq 0 ]; then
	set -- 'make check' 'make bench PLAN=smoke GUEST=no'
fi
[ -z "$bundle" ] || [ -f "$bundle" ] || die "there is no $bundle: make bundle" 64

[ "$(id -u)" -eq 0 ] || die 'only root may make a system in a folder: sudo build-aux/distributions.sh' 77
command -v debootstrap >/dev/null || die 'debootstrap is missing: apt-get install debootstrap' 77
unshare --mount true 2>/dev/null || die 'mounts of its own are refused here (a container without CAP_SYS_ADMIN?): run it on the host' 77

# The bare system of a suite, once.
bare() {
	[ ! -f "$cache/$1.tar" ] || return 0
	mirror=$("$top/build-aux/debian_mirror.sh") || exit 1
	rm -rf "$cache/$1.new"
	debootstrap --variant=minbase --include=git,make,ca-certificates "$1" "$cache/$1.new" "$mirror" >"$cache/$1.debootstrap.log" 2>&1 || {
		rm -rf "$cache/$1.new"
		die "no system of $1: see $cache/$1.debootstrap.log"
	}
	tar c -C "$cache/$1.new" . >"$cache/$1.tar.new"
	rm -rf "$cache/$1.new"
	mv "$cache/$1.tar.new" "$cache/$1.tar"
}

# in_system FOLDER COMMAND: as root of that system, in a mount namespace of its own.
in_system() {
	# shellcheck disable=SC2016 # expanded by the inner shell
	unshare --mount --propagation private sh -ec '
		mount -t proc proc "$1/proc"
		mount --rbind /sys "$1/sys"
		mount --rbind /dev "$1/dev"
		exec chroot "$1" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 sh -c "cd /root/fivestep && $2"
	' in_system "$1" "$2" </dev/null
}

n=0
failed=0

# report STATUS NAME
report() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=$((failed + 1))
		echo "not ok $n - $2"
	fi
}

# The counts of the test runs of a log, if it has any.
counts() {
	awk '/^# (PASS|SKIP|FAIL|ERROR): / { key = tolower(substr($2, 1, length($2) - 1)); sum[key] += $3; any = 1 }
		END { if (any) printf(": %d passed, %d skipped, %d failed", sum["pass"], sum["skip"], sum["fail"] + sum["error"]) }' "$1"
}

# try SUITE COMMAND...
try() {
	suite=$1
	shift
	bare "$suite"
	root=$(mktemp -d "$cache/$suite.XXXXXX")
	tar x -C "$root" -f "$cache/$suite.tar"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	if [ -n "$bundle" ]; then
		mkdir "$root/root/fivestep"
		tar x -C "$root/root/fivestep" --strip-components=1 -f "$bundle"
	else
		git clone -q --no-hardlinks "$top" "$root/root/fivestep"
	fi
	mkdir -p "$cache/$suite"
	for command in "$@"; do
		log=$cache/$suite/$(echo "$command" | tr -c 'a-zA-Z0-9=\n' _).log
		began=$(date +%s)
		status=0
		in_system "$root" "$command" >"$log" 2>&1 || status=$?
		report $status "$suite: $command$(counts "$log") ($(($(date +%s) - began)) s)"
		[ $status -eq 0 ] || tail -n 20 "$log" | sed 's/^/# /'
	done
	rm -rf --one-file-system "$root"
	root=
}

mkdir -p "$cache"
root=
trap '[ -z "$root" ] || rm -rf --one-file-system "$root"' EXIT
trap 'exit 130' INT TERM
for suite in ${suites:-bookworm trixie}; do
	try "$suite" "$@"
done
echo "1..$n"
[ "$failed" -eq 0 ] || echo "# logs are in $cache"
exit $((failed > 0))

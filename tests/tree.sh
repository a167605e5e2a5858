# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154
# tree.sh - for tests that build: source it after tap.sh.
#
#   tree_copy FOLDER             a copy of the source tree as if nothing had been built in it; works out of a release, too
#   tree_make NAME FOLDER ARG... make in FOLDER, a check; $tmp/log holds what it printed

# A separate make: it does not inherit jobs and variables of the make that runs the tests.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

tree_copy() {
	mkdir -p "$1"
	(cd "$srcdir" && tar cf - --exclude=./.git --exclude=./results/local --exclude='./fivestep-*' --exclude=./build \
		--exclude='*.o' --exclude='*.a' --exclude='*.log' --exclude='*.trs' --exclude=.deps --exclude=.dirstamp \
		--exclude=./Makefile --exclude=./config.h --exclude=./config.status --exclude=./stamp-h1 \
		--exclude=./fivestep --exclude=./fivestep.pc --exclude="./build_info.h*" --exclude=./command/registry.c --exclude=./harness/device/bodies.inc --exclude=./analysis/summary/digest_sources.inc .) |
		(cd "$1" && tar xf - && chmod -R u+w .)
}

# The sanitizers of the build that is tested would need its flags at every link: these builds are plain, and as fast as can be.
tree_make() {
	tree_name=$1
	tree_folder=$2
	shift 2
	"${MAKE:-make}" -C "$tree_folder" -j2 "$@" >"$tmp/log" 2>&1
	tree_status=$?
	ok $tree_status "$tree_name"
	[ $tree_status -eq 0 ] || tap_diag "$(tail -n 30 "$tmp/log")"
	return $tree_status
}

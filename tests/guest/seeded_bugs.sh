#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# seeded_bugs.sh TREE FOLDER - whether fivestep conform sees bugs of a kernel. Each patch of tests/guest/bugs/ puts one into a copy of TREE, a clean
# source tree of Linux 6.12; the kernel is built in FOLDER, and the cases that look at it must fail there. Run by hand: the first kernel takes some
# minutes, each other one builds one file again. $FIVESTEP is the program. Exit status 1 if a bug is not seen.
#
# seeded_bugs.sh --kernel BUG BZIMAGE - the same with a kernel that was built with one of the patches already.
set -eu
fivestep=$(realpath "${FIVESTEP:-./fivestep}")
bugs=$(cd "$(dirname "$0")/bugs" && pwd)

# Which cases look at a bug: not all of them need to see it, and not on every device.
cases_of() {
	case $1 in
	lost_dirty) echo madvise_free ;;
	stale_mapping) echo data_by_request data_of_a_part ;;
	invented_page) echo userfault_missing ;;
	lost_soft_dirty) echo soft_dirty_kept ;;
	lost_write_protection) echo userfault_protected ;;
	stale_after_mprotect) echo mprotect_refuses_write mprotect_refuses_all ;;
	stale_after_dontneed) echo madvise_dontneed ;;
	*) return 1 ;;
	esac
}

# look BUG BZIMAGE: prints the cases that fail, with their reasons; 1 if none does.
look() {
	# shellcheck disable=SC2046 # each case is a word
	"$fivestep" guest run --time-limit 30m --kernel "$2" -- conform --timeout 10m -o "$folder/$1.jsonl" $(cases_of "$1") >"$folder/$1.tap" || true
	echo "$1: $(sed -n 1p "$bugs/$1.patch")"
	awk '/^not ok / && !/# TODO/ { sub(/^not ok [0-9]* - /, ""); name = $0 }
		/^ok / { name = "" }
		/^  reason: / && name != "" { sub(/^  reason: /, ""); print "  " name ": " $0; seen++; name = "" }
		END { if (!seen) print "  NOT SEEN"; exit !seen }' "$folder/$1.tap"
}

status=0
if [ "${1:-}" = --kernel ] && [ $# = 3 ] && cases_of "$2" >/dev/null; then
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	look "$2" "$3" || status=1
	exit $status
fi
if [ $# != 2 ] || [ ! -f "$1/mm/migrate_device.c" ]; then
	sed -n 's/^# //p' "$0" | sed 1d >&2
	exit 64
fi
mkdir -p "$2"
folder=$(realpath "$2")
rm -rf "${folder:?}/tree"
cp -r "$1" "$folder/tree"
for patch in "$bugs"/*.patch; do
	bug=$(basename "$patch" .patch)
	patch -s -d "$folder/tree" -p1 <"$patch"
	kernel=$(FIVESTEP_CACHE=$folder/cache "$fivestep" guest build "$folder/tree")
	rm -f "$folder/$bug.jsonl"
	look "$bug" "$kernel" || status=1
	patch -s -R -d "$folder/tree" -p1 <"$patch"
done
exit $status

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# seeded_bugs.sh TREE [FAULT...] - whether fivestep conform sees a kernel that is wrong. TREE is the source of a kernel (Linux 6.12; unpack its package). It is
# built as it is, and conform must find no fault; then once for each fault of seeded_bugs.txt, or for those that are named, and one of its cases must
# fail. The tree is as it was afterwards, unless this is killed by SIGKILL. FIVESTEP is the program; FIVESTEP_CACHE where the kernels are built, not where those of
# fivestep guest run are kept. SETUP and DEVICE: of conform (hmm; softdev,dmirror: softdev marks each page that comes
# back as dirty, which hides that the kernel lost the mark).
#
# Prints a line for each fault: seen, and by which cases, or NOT SEEN. Status 0 if all were seen, 1 if not, 2 if it could not be tried.
set -eu

fivestep=${FIVESTEP:-fivestep}
list=$(dirname "$0")/seeded_bugs.txt
tree=${1:?the source tree of a kernel}
shift
only=$*
setup=${SETUP:-hmm}
device=${DEVICE:-softdev,dmirror}
: "${FIVESTEP_CACHE:?a folder for the kernels: FIVESTEP_CACHE=FOLDER}"
export FIVESTEP_CACHE
tab=$(printf '\t')
work=$(mktemp -d)

say() {
	echo "seeded_bugs: $*" >&2
}

# The files that are changed, by their number in $work/changed.
restore() {
	n=0
	while read -r file; do
		n=$((n + 1))
		[ ! -f "$work/$n" ] || cp "$work/$n" "$tree/$file"
	done <"$work/changed"
	: >"$work/changed"
}
: >"$work/changed"
trap 'restore; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# replace FILE FUNCTION TEXT BY: in the body of that function, where the text must be once. The first change of a file keeps it.
replace() {
	if ! grep -qxF "$1" "$work/changed"; then
		echo "$1" >>"$work/changed"
		cp "$tree/$1" "$work/$(grep -c . "$work/changed")"
	fi
	FUNCTION=$2 TEXT=$3 BY=$4 awk '
		index($0, ENVIRON["FUNCTION"] "(") && /^[a-z]/ && !/;$/ { inside = 1 }
		/^}/ { inside = 0 }
		inside && (at = index($0, ENVIRON["TEXT"])) {
			$0 = substr($0, 1, at - 1) ENVIRON["BY"] substr($0, at + length(ENVIRON["TEXT"]))
			n++
		}
		{ print }
		END { exit n != 1 }' "$tree/$1" >"$work/new" || {
		say "$tree/$1: $2() does not have one line with: $3"
		return 1
	}
	cp "$work/new" "$tree/$1"
}

# run NAME CASES: builds the tree as it is now and prints the cases that fail.
run() {
	"$fivestep" guest build "$tree" >"$work/$1.build" 2>&1 || {
		tail -n 3 "$work/$1.build" >&2
		return 2
	}
	status=0
	# shellcheck disable=SC2086 # several cases
	"$fivestep" guest run --time-limit 30m -- conform $2 --setup "$setup" --device "$device" --timeout 10m -o "$work/$1.jsonl" >"$work/$1.tap" 2>"$work/$1.err" ||
		status=$?
	if [ $status -ne 0 ] && [ $status -ne 4 ]; then
		tail -n 3 "$work/$1.err" >&2
		return 2
	fi
	# Of what was looked at.
	echo "$1: $(grep -cE '^(not )?ok ' "$work/$1.tap") cases, $(grep -c '# SKIP' "$work/$1.tap" || true) skipped" >&2
	sed -n '/# TODO/d; s/^not ok [0-9]* - \([a-z_]*\) .*/\1/p' "$work/$1.tap" | sort -u | paste -sd ' ' -
}

cases=$(grep -v '^#' "$list" | cut -f 6 | sort -u | paste -sd ' ' -)
if ! found=$(run unchanged "$cases"); then
	say "the kernel cannot be tried as it is"
	exit 2
fi
if [ -n "$found" ]; then
	say "conform finds faults in the kernel as it is: $found"
	exit 2
fi
echo "unchanged: no case fails"
missed=0
for name in $(grep -v '^#' "$list" | cut -f 1 | uniq); do
	case " $only " in
	"  " | *" $name "*) ;;
	*) continue ;;
	esac
	grep "^$name$tab" "$list" >"$work/lines"
	cases=$(cut -f 6 "$work/lines" | sort -u | paste -sd ' ' -)
	while IFS=$tab read -r _ file function text by _; do
		replace "$file" "$function" "$text" "$by" || exit 2
	done <"$work/lines"
	if ! found=$(run "$name" "$cases"); then
		say "$name: the kernel cannot be tried"
		exit 2
	fi
	restore
	if [ -n "$found" ]; then
		echo "$name: seen by $found"
	else
		echo "$name: NOT SEEN"
		missed=1
	fi
done
exit $missed

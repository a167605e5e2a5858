#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# hmm_tests.sh SOURCE [BZIMAGE] - the kernel's own tests of HMM (tools/testing/selftests/mm/hmm-tests.c) and fivestep conform, each in the guest, side
# by side: a line for each of the kernel's tests, with the cases that test the same, and whether they agree. SOURCE is what the guest's kernel was
# built from: a package's linux-source-*.tar.xz or a tree. Run by hand. $FIVESTEP is the program. Exit status 1 if they disagree, or a test of the
# kernel's fails.
set -eu
fivestep=$(realpath "${FIVESTEP:-./fivestep}")
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -e "$1" ]; then
	sed -n 's/^# //p' "$0" | sed 1d >&2
	exit 64
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
needed='tools/testing/selftests/mm/hmm-tests.c tools/testing/selftests/kselftest_harness.h tools/testing/selftests/kselftest.h lib/test_hmm_uapi.h
	mm/gup_test.h Makefile'

source=$1
if [ ! -d "$source" ]; then
	name=$(basename "$source" | sed 's/\.tar\..*//')
	# shellcheck disable=SC2046,SC2086 # each file is a word
	tar xf "$source" -C "$folder" --strip-components=1 $(printf "$name/%s " $needed)
	source=$folder
fi
cc=${CC:-gcc}
"$cc" -static -O1 -w -I "$source" -I "$source/tools/testing/selftests/mm" -o "$folder/hmm-tests" "$source/tools/testing/selftests/mm/hmm-tests.c"

# Which cases test the same. A test that is not named has no counterpart: what only this driver's interface has (open_close, snapshot, compound), or
# what no case asks yet (mixedmap, migrate_mixed, pages that a program pins, and memory that a child shares with its parent).
cat >"$folder/same" <<'EOT'
anon_read data_by_faults
anon_read_prot mprotect_refuses_all
anon_read_multiple data_by_faults
anon_write data_by_faults
anon_write_prot mprotect_refuses_write
anon_write_child fork_device_writes
anon_write_huge kind_huge
anon_write_hugetlbfs kind_hugetlb
anon_teardown host_ends
file_read kind_file_shared
file_write kind_file_shared
migrate data_by_request
migrate_fault data_by_request
migrate_multiple data_by_request
migrate_file_private kind_file_private
migrate_release munmap
migrate_shared kind_shmem
double_map two_devices
exclusive exclusive_ends
exclusive_mprotect exclusive_mprotect
exclusive_cow exclusive_fork
hmm_cow_in_device fork_parent_writes
EOT
cases=$(awk '{ print $2 }' "$folder/same" | sort -u)

# in_guest FILE OPTIONS...: what it prints goes to FILE; without a line of a test there it has not run.
in_guest() {
	file=$1
	shift
	"$fivestep" guest run ${kernel:+--kernel "$kernel"} --time-limit 30m "$@" >"$file" 2>"$file.err" || true
	grep -qE '^(not )?ok ' "$file" || { cat "$file.err" >&2; exit 77; }
}

kernel=${2:-}
in_guest "$folder/kernel.tap" --append hugepages=8 --program "$folder/hmm-tests" -- tests
# shellcheck disable=SC2086 # each case is a word
in_guest "$folder/conform.tap" -- conform --timeout 10m -o "$folder/run.jsonl" $cases --setup hmm,cdm-migrate --device dmirror,softdev

version=$(awk -F ' = ' '/^(VERSION|PATCHLEVEL|SUBLEVEL) =/ { v = v (v == "" ? "" : ".") $2 } END { print v }' "$source/Makefile")
ran=$(sed -n '1s/.*"kernel":"\([^"]*\)".*/\1/p' "$folder/run.jsonl")
case $ran in
"$version"*) ;;
*)
	echo "hmm_tests.sh: the guest's kernel is Linux $ran, and the source is $version: fivestep guest build $1" >&2
	exit 64
	;;
esac

echo "Linux $ran: the kernel's tests of HMM and the cases that test the same"
awk -v same="$folder/same" -v conform="$folder/conform.tap" '
	function result(line) { return line ~ /^not ok/ ? "fails" : line ~ /# SKIP/ ? "skipped" : "passes" }
	BEGIN {
		while ((getline line < same) > 0) {
			split(line, word, " ")
			counterpart[word[1]] = word[2]
		}
		while ((getline line < conform) > 0) {
			if (line !~ /^(not )?ok /)
				continue
			at = line
			sub(/^[^-]*- /, "", at)
			split(at, word, " ")
			says[word[1], word[2], word[3]] = result(line)
		}
		split("dmirror softdev", device, " ")
	}
	/^(not )?ok / {
		name = $0
		sub(/^(not )?ok [0-9]+ /, "", name)
		sub(/ .*/, "", name)
		n = split(name, part, ".")
		kind = part[2] ~ /coherent/ ? "cdm-migrate" : "hmm"
		seen = result($0)
		text = sprintf("%-45s %-8s", name, seen)
		failed += seen == "fails"
		if (part[n] in counterpart) {
			text = text sprintf(" %s %s:", counterpart[part[n]], kind)
			tried = same_result = 0
			for (d = 1; d <= 2; d++) {
				other = says[counterpart[part[n]], kind, device[d]]
				other = other == "" ? "not there" : other
				text = text " " device[d] " " other
				tried += other == "passes" || other == "fails"
				same_result += other == seen
			}
			verdict = seen == "skipped" || tried == 0 ? "not compared" : same_result == tried ? "agree" : "DISAGREE"
			count[verdict]++
			text = text "  " verdict
		}
		print text
	}
	END {
		printf "%d agree, %d disagree, %d could not be compared; %d tests of the kernel fail\n", count["agree"], count["DISAGREE"], count["not compared"], failed
		exit count["DISAGREE"] > 0 || failed > 0
	}' "$folder/kernel.tap"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# numactl_tests.sh SOURCE [BZIMAGE] - numactl's own tests of move_pages(), mbind() and migrate_pages() and fivestep conform, each in the guest, side by
# side: a line for each of numactl's tests, with the cases that test the same, and whether they agree. SOURCE is numactl's source: a folder
# (apt-get source numactl) or a numactl_*.orig.tar.gz. Run by hand. $FIVESTEP is the program. Exit status 1 if they disagree, or a test of numactl's fails;
# 77 without a guest or the library's headers.
set -eu
fivestep=$(realpath "${FIVESTEP:-./fivestep}")
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ ! -e "$1" ]; then
	sed -n 's/^# //p' "$0" | sed 1d >&2
	exit 64
fi
kernel=${2:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

source=$1
if [ ! -d "$source" ]; then
	mkdir "$folder/source"
	tar xf "$source" -C "$folder/source" --strip-components=1
	source=$folder/source
fi

# Which cases test the same. Others of numactl's tests are of its library alone (nodemap, tbitmap, distance), or switched off by numactl itself (prefered).
cat >"$folder/same" <<'EOT'
move_pages data_by_request cdm-migrate emu
move_pages node_locked - -
mbind_mig_pages node_bind_moves - -
migrate_pages node_process_moves - -
EOT

# One program for the guest, of which each test is a child: what it ends with is its result, as under make check.
tests=$(awk '{ print $1 }' "$folder/same" | uniq)
cat >"$folder/all.c" <<'EOT'
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#define TEST(name) int name##_main(int argc, char **argv);
TESTS
#undef TEST
#define TEST(name) {#name, name##_main},
static const struct { const char *name; int (*run)(int argc, char **argv); } all[] = {TESTS};
int main(void)
{
	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		char name[] = "test", pages[] = "64", *args[] = {name, pages, NULL};
		int status = -1;
		pid_t pid = fork();

		if (pid == 0)
			_exit(all[i].run(2, args));
		waitpid(pid, &status, 0);
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
		printf("%sok %u %s%s\n", status == 0 || status == 77 ? "" : "not ", i + 1, all[i].name, status == 77 ? " # SKIP by itself" : "");
		fflush(stdout);
	}
	return 0;
}
EOT
cc=${CC:-gcc}
list=
for test in $tests; do
	# Names of one do not meet those of another.
	"$cc" -O1 -w -c -Dmain="${test}_main" -I "$source" -o "$folder/$test.o" "$source/test/$test.c"
	for symbol in pagesize page_count page_base pages addr status nodes errors nr_nodes node_to_use old_nodes new_nodes get_node_list; do
		echo "$symbol ${test}_$symbol"
	done >"$folder/names"
	objcopy --redefine-syms="$folder/names" "$folder/$test.o"
	list="$list TEST($test)"
done
# shellcheck disable=SC2046,SC2086 # each test is a word
if ! "$cc" -static -O1 -w -DTESTS="$list" -o "$folder/numactl-tests" "$folder/all.c" $(printf "$folder/%s.o " $tests) -lnuma 2>"$folder/link"; then
	cat "$folder/link" >&2
	echo "numactl_tests.sh: numactl's tests cannot be linked: apt-get install libnuma-dev" >&2
	exit 77
fi

# in_guest FILE OPTIONS...: what it prints goes to FILE; without a line of a test there it has not run.
in_guest() {
	file=$1
	shift
	"$fivestep" guest run ${kernel:+--kernel "$kernel"} --time-limit 30m "$@" >"$file" 2>"$file.err" || true
	grep -qE '^(not )?ok ' "$file" || { cat "$file.err" >&2; exit 77; }
}

in_guest "$folder/numactl.tap" --program "$folder/numactl-tests" -- tests
cases=$(awk '{ print $2 }' "$folder/same" | sort -u)
# shellcheck disable=SC2086 # each case is a word
in_guest "$folder/conform.tap" -- conform --timeout 10m -o "$folder/run.jsonl" $cases

echo "Linux $(sed -n '1s/.*"kernel":"\([^"]*\)".*/\1/p' "$folder/run.jsonl"): numactl's tests and the cases that test the same"
awk -v conform="$folder/conform.tap" -v taps="$folder/numactl.tap" '
	function result(line) { return line ~ /^not ok/ ? "fails" : line ~ /# SKIP/ ? "skipped" : "passes" }
	BEGIN {
		while ((getline line < conform) > 0) {
			if (line !~ /^(not )?ok /)
				continue
			at = line
			sub(/^[^-]*- /, "", at)
			split(at, word, " ")
			says[word[1], word[2], word[3]] = result(line)
		}
		while ((getline line < taps) > 0) {
			if (line !~ /^(not )?ok /)
				continue
			at = line
			sub(/^(not )?ok [0-9]+ /, "", at)
			split(at, word, " ")
			seen[word[1]] = result(line)
			failed += result(line) == "fails"
		}
	}
	{
		other = ($2, $3, $4) in says ? says[$2, $3, $4] : "not there"
		verdict = seen[$1] == "skipped" || (other != "passes" && other != "fails") ? "not compared" : seen[$1] == other ? "agree" : "DISAGREE"
		count[verdict]++
		printf "%-16s %-8s %s %s %s: %s  %s\n", $1, seen[$1], $2, $3, $4, other, verdict
	}
	END {
		printf "%d agree, %d disagree, %d could not be compared; %d tests of numactl fail\n", count["agree"], count["DISAGREE"], count["not compared"], failed
		exit count["DISAGREE"] > 0 || failed > 0
	}' "$folder/same"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# fuzz.sh [SECONDS [TARGET...]] - fuzzes the parsers of untrusted input (tests/fuzz/), SECONDS in all (60), the targets one after the
# other, with clang's libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer. Builds in FUZZ_FOLDER (default: fuzzing/ of this folder), where
# what was found stays: corpus/TARGET, and found/TARGET-crash-* (or timeout-, oom-, leak-). Status 1 where anything was found, 77 without libFuzzer.
#
# What is found: repair it, and copy the input to tests/fuzz/corpus/TARGET under a name that says what it is.
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
seconds=${1:-60}
[ $# -eq 0 ] || shift
all=$(sed -n 's/^\tTARGET(\([a-z_]*\)).*/\1/p' "$source/tests/fuzz/targets.h")
targets=${*:-$all}
folder=${FUZZ_FOLDER:-$PWD/fuzzing}
cc=${FUZZ_CC:-clang}

mkdir -p "$folder/build" "$folder/found"
cd "$folder"
cat >try.c <<'END'
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long bytes);
int LLVMFuzzerTestOneInput(const unsigned char *data, unsigned long bytes) { return data == 0 && bytes != 0; }
END
if ! "$cc" -fsanitize=fuzzer,address try.c -o try 2>try.log; then
	echo "fuzz: skipped: $cc has no libFuzzer (Debian: apt install clang libclang-rt-dev): $(head -n 1 try.log)" >&2
	exit 77
fi

# A copy of the tree as it is now: one that is configured builds in no other folder. What did not change keeps its time, for make.
mkdir -p source
(cd "$source" && { git ls-files -co --exclude-standard 2>/dev/null || find . -type f ! -path './fuzzing/*'; } | tar -cf - -T -) | (cd source && tar -xf -)
[ -e source/configure ] || (cd source && ./bootstrap >/dev/null 2>&1)
source=$folder/source

cd build
[ -e Makefile ] || "$source/configure" -q CC="$cc" CFLAGS='-O1 -g -fsanitize=fuzzer-no-link' --enable-sanitizers=address,undefined >/dev/null
make -s -j"$(nproc)" libfivestep-internal.a >/dev/null
# The libraries as configure found them.
set --
# shellcheck disable=SC2016 # the text of a make variable
for lib in $(sed -n 's/^required_libs = //p' "$source/Makefile.am" | tr -d '$()'); do
	# shellcheck disable=SC2046 # several words
	set -- "$@" $(sed -n "s/^$lib = //p" Makefile)
done

# seeds TARGET: the folders of inputs that reach far.
seeds() {
	echo "$source/tests/fuzz/corpus/$1"
	case $1 in
	runfile) echo "$source/tests/runs" ;;
	matrix_market) echo "$source/kernels/inputs" ;;
	plan) echo "$source/harness/plans" ;;
	group) echo "$source/harness/counter/groups" ;;
	hwloc) echo "$source/tests/machines" ;;
	esac
}

# own LOG: where a process that probes a library (base/isolated.c) crashed in code of ours. The target goes on, as it should where the library crashed: its
# frames come first then, but for those of libc and the sanitizers.
own() {
	awk -v source=" $source/" '
		/^==[0-9]+==.*ERROR/ || /runtime error:/ { library = 0 }
		!/^ *#[0-9]+ 0x/ || library { next }
		index($0, source) { print; exit }
		/\(\/.*\.so/ && !/\/libc\.so/ { library = 1 }' "$1"
}

count=0
for target in $targets; do count=$((count + 1)); done
each=$((seconds / count > 0 ? seconds / count : 1))
status=0
for target in $targets; do
	"$cc" -g -O1 -std=gnu11 -fsanitize=fuzzer,address,undefined -DFUZZ_TARGET="fuzz_$target" -I. -I"$source" -o "fuzz-$target" \
		"$source/tests/fuzz/driver.c" "$source/tests/fuzz/file.c" "$source/tests/fuzz/$target.c" "$source/tests/fake/machine.c" libfivestep-internal.a "$@" -lm -lpthread -ldl
	mkdir -p "../corpus/$target"
	result='nothing found'
	: >"$target.start"
	# shellcheck disable=SC2046 # several folders
	if ! (cd "$source" && srcdir="$source" FIVESTEP_DATADIR="$source" UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
		"$folder/build/fuzz-$target" -max_total_time="$each" -timeout=120 -rss_limit_mb=2048 -max_len=65536 -artifact_prefix="$folder/found/$target-" \
		"$folder/corpus/$target" $(seeds "$target") >"$folder/$target.log" 2>&1); then
		result="FOUND: $folder/$target.log, $folder/found"
		status=1
	elif [ -n "$(own "$folder/$target.log")" ]; then
		result="FOUND: in a process of its own, $(own "$folder/$target.log" | sed 's/.* in //'): $folder/$target.log, $folder/found"
		status=1
	elif crashes=$(grep -c '^==[0-9]*==.*ERROR' "$folder/$target.log"); then
		result="nothing found; $crashes crashes of a library in a process of its own, each of them told"
		find "$folder/found" -name "$target-*" -newer "$target.start" -exec rm {} +
	fi
	runs=$(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 inputs in \2 s/p' "$folder/$target.log")
	echo "fuzz: $target: ${runs:-ended early}, $(find "$folder/corpus/$target" -type f | wc -l) kept: $result"
done
exit $status

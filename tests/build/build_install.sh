#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build_install.sh - what is installed is enough: the program finds its plans, and an external program, with a benchmark of
# its own, is built of the header, the library and the pkg-config file alone, and runs. The library defines nothing but its interface: that
# program has a function of its own for each internal name.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

prefix=$tmp/prefix
tree_copy "$tmp/tree"
mkdir "$tmp/build"
(cd "$tmp/tree" && { [ -x configure ] || ./bootstrap; } && cd "$tmp/build" &&
	"$tmp/tree/configure" --prefix="$prefix" CC="${CC:-cc}" CFLAGS=-O0) >"$tmp/log" 2>&1
ok $? "configure in another folder"
tree_make "make install" "$tmp/build" install

# globals LIBRARY: the functions and data that it defines for others.
globals() {
	"${NM:-nm}" -g "$1" | awk 'NF == 3 && $2 ~ /^[A-TV-Zuv]$/ { print $3 }' | sort -u
}

globals "$prefix/lib/libfivestep.a" >"$tmp/defined"
grep -v -e '^fs_' -e '^fivestep_' "$tmp/defined" >"$tmp/strange"
is "$(cat "$tmp/strange")" "" "the installed library defines only names that begin with fs_ or fivestep_"
has "$(cat "$tmp/defined")" fivestep_main "among them fivestep_main"
globals "$tmp/build/libfivestep-internal.a" | grep -v -e '^fs_' -e '^fivestep_' >"$tmp/internal"
has "$(cat "$tmp/internal")" lock_take "while its parts call each other by many more"
# Nothing but what is installed may be needed from here on.
rm -rf "$tmp/tree" "$tmp/build"
unset FIVESTEP_DATADIR

for file in bin/fivestep lib/libfivestep.a lib/pkgconfig/fivestep.pc include/fivestep/base/reason.h include/fivestep/harness/fivestep.h include/fivestep/harness/fivestep/device.h include/fivestep/harness/body.h \
	share/man/man1/fivestep.1 share/fivestep/plans/quick.plan share/fivestep/plot/style.gp; do
	test -f "$prefix/$file"
	ok $? "$file is installed"
done

FIVESTEP=$prefix/bin/fivestep
cd "$tmp" || exit 99
fs 0 "the installed program runs" list plans
has "$out" quick "and finds its plans"
fs 4 "it finds the library that it puts into programs" record -o "$tmp/none.profile" -- true
has "$err" "started nothing on a device" "and says that the program used no device"

cat >own.c <<'EOC'
#include <fivestep.h>

static const struct fs_metric metrics[] = {{.name = "answer", .unit = "ns", .better = FS_LOWER, .help = "always the same"}, {0}};

static int run(struct fs_job *job)
{
	fs_sample(job, "answer", 42);
	return 0;
}

/* As many as there may be, and one more. */
#define FOUR(a) {.name = a "1", .unit = "ns", .help = "one"}, {.name = a "2", .unit = "ns", .help = "two"}, {.name = a "3", .unit = "ns", .help = "three"}, {.name = a "4", .unit = "ns", .help = "four"}
static const struct fs_metric full[] = {FOUR("a"), FOUR("b"), FOUR("c"), {.name = "d1", .unit = "ns", .help = "one"}, {.name = "d2", .unit = "ns", .help = "two"}, {.name = "d3", .unit = "ns", .help = "three"}, {.name = "answer", .unit = "ns", .help = "the last"}, {0}};
static const struct fs_metric many[] = {FOUR("a"), FOUR("b"), FOUR("c"), FOUR("d"), {.name = "answer", .unit = "ns", .help = "one too many"}, {0}};
static const struct fs_bench last = {.name = "last", .summary = "as many metrics as there may be", .host_only = true, .metrics = full, .run = run};
static const struct fs_bench over = {.name = "over", .summary = "one more", .host_only = true, .metrics = many, .run = run};
static const struct fs_bench own = {.name = "own", .summary = "an external benchmark", .host_only = true, .metrics = metrics, .run = run};
static const struct fs_bench *const benches[] = {&own, &last, &over, NULL};
static const struct fs_extension extension = {.benches = benches};

int main(int argc, char **argv)
{
	return fivestep_main(argc, argv, &extension);
}
EOC
# A call of one of these from within the library would end the program.
awk 'BEGIN { print "#include <stdlib.h>" } { print "void " $1 "(void);\nvoid " $1 "(void)\n{\n\tabort();\n}" }' internal >internal.c
PKG_CONFIG_PATH=$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH
flags=$(pkg-config --cflags --libs fivestep 2>&1)
ok $? "pkg-config knows fivestep"
# shellcheck disable=SC2086 # words are wanted
"${CC:-cc}" -Wall -Wextra -Werror -o own own.c internal.c $flags >log 2>&1
status=$?
ok $status "an external program builds, with functions named like the library's internal ones"
[ $status -eq 0 ] || tap_diag "$(cat log)"

FIVESTEP=$tmp/own
fs 0 "it lists its own benchmark beside the others" list benchmarks
has "$out" own "by its name"
has "$out" floor "beside the built-in ones"
fs 0 "and measures it" run own --rounds 3 -q -o own.jsonl
has "$(cat own.jsonl)" '"answer"' "its metric is in the run file"
fs 0 "a benchmark with as many metrics as there may be" run last --rounds 1 -q -o last.jsonl
has "$(cat last.jsonl)" '"answer":{"unit":"ns","better":"lower","samples":[42.0]' "has the value of its last one"
fs 4 "one with one more" run over --rounds 1 -q -o over.jsonl
has "$(cat over.jsonl)" "over declares more than 16 metrics" "is told so, and writes nowhere else"

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tools.sh - what contributors' tools are given: compile_commands.json names each source with the command that compiles it; check-quick leaves out the
# tests that are slow, all of which are there; mutants are made of every file, meet every test, and change nothing that no test can see; the hook stops a
# commit whose style is wrong; make has a job a CPU; a check of a shell test that fails says where it stands.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

source=$(cd "$srcdir" && pwd)
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

sh "$source/build-aux/compile_commands.sh" "$srcdir" "${MAKE:-make}" >"$tmp/commands.json"
ok $? "compile_commands.sh ends well"
sed -n 's/.*"file": "\([^"]*\)"}.*/\1/p' "$tmp/commands.json" | sed "s|^$(sed -n "s/^srcdir = //p" Makefile)/||; s|^\./||" | LC_ALL=C sort -u >"$tmp/named"
missing=
for file in base/text.c bench/floor.c command/list.c harness/device/emu/emu.c harness/round/job.c kernels/triad.c tests/plan/plan.c; do
	grep -qxF "$file" "$tmp/named" || missing="$missing $file"
done
is "$missing" "" "it names a source of each room"
is "$(grep -c '"command": ".* -c -o ' "$tmp/commands.json")" "$(grep -c '"file": ' "$tmp/commands.json")" "each with its command"

missing=
sed -n 's/^slow_tests += //p' "$source"/tests/*/local.mk >"$tmp/slow"
while read -r test; do
	[ -f "$source/$test" ] || [ -f "$source/$test.c" ] || missing="$missing $test"
done <"$tmp/slow"
is "$missing" "" "tests that are marked slow are there"

touch "$tmp/stale.log" "$tmp/stale.trs"
"${MAKE:-make}" -s known-tests TESTS="tests/plan/plan tests/analysis/show tests/build/rooms.sh tests/base $tmp/stale" >"$tmp/log" 2>&1
is "$? $(grep -c "no such test: tests/base $tmp/stale;" "$tmp/log")" "2 1" "make check names the tests it was given that do not exist"
"${MAKE:-make}" -s known-tests >"$tmp/log" 2>&1
ok $? "make check without names knows all of its tests"

# The map of mutants: room, file, tests.
grep -v -e '^#' -e '^$' "$source/build-aux/mutants.map" | cut -f 2 >"$tmp/patterns"
missing=
for file in $(cd "$source" && find base results harness analysis guest fleet command kernels bench conform -name '*.c'); do
	while read -r pattern; do
		# shellcheck disable=SC2254 # a pattern
		case $file in $pattern) continue 2 ;; esac
	done <"$tmp/patterns"
	missing="$missing $file"
done
is "$missing" "" "each source has a line in build-aux/mutants.map"
missing=
for test in $(grep -v '^#' "$source/build-aux/mutants.map" | cut -f 3 | tr ' ' '\n' | sort -u); do
	[ -f "$source/$test" ] || [ -f "$source/$test.c" ] || missing="$missing $test"
done
is "$missing" "" "and each test there exists"
missing=
for test in $(cd "$source" && sed -n -e 's/^test_programs += //p' -e 's/^test_scripts += //p' tests/*/local.mk); do
	cut -f 3 "$source/build-aux/mutants.map" | tr ' ' '\n' | grep -qxF "$test" || missing="$missing $test"
done
is "$missing" "" "and each test is there, with the sources that it tests, or with those of no source"

cat >"$tmp/sample.c" <<'EOF'
static int sample(int n)
{
	char text[64 + 1];

	if (n < 2)
		return fs_because(why, -EINVAL, "1 + 2",
				  "%d * 2", n * 2);
	buffer = malloc(n + 1);
	free(buffer);
	say("n + 1: %d", n + 1);
	fs_expect(job, "pages", n / 2, FS_EQ, 7);
	usleep(n * 10);
	return 0;
}
EOF
is "$(cd "$tmp" && awk -f "$source/build-aux/mutants.awk" sample.c | cut -f 2,3 | tr '\t\n' ' ;')" \
	"5 ' < ' to ' <= ';5 ' < ' to ' >= ';5 2 to 3;5 condition negated;8 statement deleted;11 ' / ' to ' * ';11 2 to 3;11 7 to 8;11 statement deleted;13 0 to 1;" \
	"a mutant of each operator, constant, condition and statement, but none of messages, waits and sizes of memory"

mkdir "$tmp/repository"
cd "$tmp/repository" || exit 99
mkdir -p build-aux/hooks
cp "$source/build-aux/hooks/pre-commit" build-aux/hooks/pre-commit
printf '#!/bin/sh\ngrep -q good text\n' >build-aux/lint.sh
chmod +x build-aux/lint.sh build-aux/hooks/pre-commit
{
	git init -q . && git config user.name tester && git config user.email tester@example.org && git config core.hooksPath build-aux/hooks
} >"$tmp/log" 2>&1
ok $? "a repository with the hook"
echo bad >text
git add text
if git commit -q -m 'a change' >"$tmp/log" 2>&1; then
	ok 1 "the hook stops a commit that lint does not pass"
else
	ok 0 "the hook stops a commit that lint does not pass"
fi
echo good >text
git add text
git commit -q -m 'a change' >"$tmp/log" 2>&1
ok $? "and lets through what passes"

# ---- jobs

mkdir "$tmp/jobs"
cp "$source/GNUmakefile" "$tmp/jobs"
# shellcheck disable=SC2016 # make's
printf 'a b:\n\t@echo "$(filter -j%%,$(MAKEFLAGS))" >$@\n' >"$tmp/jobs/Makefile"
jobs_of() {
	rm -f "$tmp/jobs/a" "$tmp/jobs/b"
	"${MAKE:-make}" -s -C "$tmp/jobs" "$@" >"$tmp/log" 2>&1
	cat "$tmp/jobs/a"
}
cpus=$(getconf _NPROCESSORS_ONLN)
is "$(jobs_of a)" "-j$((cpus < 8 ? cpus : 8))" "make has as many jobs as there are CPUs, up to eight"
is "$(jobs_of -j1 a)" "-j1" "or as it is told"
is "$(jobs_of a b)" "" "or one after the other, where there are several goals"

# ---- a check that fails says where it stands

cat >"$tmp/fails.sh" <<'EOT'
. "$srcdir/tests/tap.sh"
value=7
is "a text
of two lines" "another" "a name after a text of several lines"
is "$value" "8" "of which $value is known"
ok 1 "of which"
done_testing
EOT
sh "$tmp/fails.sh" >"$tmp/log" 2>&1
is "$(sed -n 's/^# at .*fails.sh:/line /p' "$tmp/log" | tr '\n' ' ')" "line 4 line 5 line 6 " "each check that fails names its own line and no other"
is "$(grep -c fails.sh "$tmp/log")" 3 "and nothing else"

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tools.sh - what contributors' tools are given: compile_commands.json names each source with the command that compiles it; check-quick leaves out the
# tests that are slow, all of which are there; the hook stops a commit whose style is wrong.

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

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# digest.sh - the digests beside the runs of a fleet: report, collect and compare print the same with them, without them, and where some are torn,
# foreign, stale, of another build or not files at all. That digests are read is seen by one that lies.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/fleet_tap.sh
. "$srcdir/tests/fleet/fleet_tap.sh"
# said NAME: what report, collect and compare say of both fleets, in NAME.* ; no Slurm is asked.
said() {
	rm -rf runs_a runs_b page
	for what in 'report a -o page' 'report a --json' 'report b --all' 'collect a -o runs_a' 'collect b -o runs_b' 'compare a b --all' 'compare a b --json' \
		'compare runs_a runs_b --all'; do
		echo "== $what"
		# shellcheck disable=SC2086 # words
		alone fleet $what 2>>"$1.err"
		echo "== status $?"
	done >"$1.out"
	cat page/index.html >>"$1.out"
}
# as_without NAME WHAT: whether that is what is said without digests.
as_without() {
	said "$1"
	cmp -s without.out "$1.out"
	ok $? "$2"
}
# unused REASON NAME WHAT: whether it is said that a digest is not used.
unused() {
	grep -F -q -e "$1" "$2.err"
	ok $? "$3"
}

make_fleet a -v nodes=46 -v cells=3 -v plain=1
make_fleet b -v nodes=46 -v cells=3 -v again=9
# A run with every verdict, with skips, warnings and texts to be made visible.
cp "$mixed" a/runs/1-7.jsonl
sed 's/"seed":/"seed":1/' "$mixed" >b/runs/1-7.jsonl
{
	printf '{"type":"what\033[31m"}\n'
	tail -n 2 a/runs/1-8.jsonl
} >>a/runs/1-9.jsonl

said without
is "$(grep -c '^== status [0145]$' without.out)$(grep -c '^n.* SLOWER' without.out)" "838" "without digests there are reports, and comparisons with 19 slower nodes"
fs 0 "digests are written" fleet digest a/runs/*.jsonl b/runs/*.jsonl
is "$(find a b -name '*.jsonl.digest' | wc -l) $(find a b -name '*.digest.*' | wc -l)" "92 0" "one beside each run, and nothing else"
as_without with "with digests the same is printed"
cmp -s without.err with.err
ok $? "and said on standard error"
is "$(find runs_a -name '*.jsonl.digest' | wc -l)" 46 "collect brings them along"

# One that lies: the head of the run's own digest, which says of what content it is, and another run's body with its size and sum.
lying() {
	head -c 40 "$1.digest" >lie
	tail -c +41 "$2.digest" >>lie
	cat lie >"$3.digest"
}
cp a/runs/1-3.jsonl.digest kept
lying a/runs/1-3.jsonl b/runs/1-1.jsonl a/runs/1-3.jsonl
said lying
cmp -s without.out lying.out
is $? 1 "what is printed is from the digests: one that lies is believed"
cat kept >a/runs/1-3.jsonl.digest

# What does not hold is not used.
head -c -9 kept >a/runs/1-3.jsonl.digest
as_without torn "with one that is torn the same is printed"
unused "a digest is not used, and its run was read instead: $tmp/a/runs/1-3.jsonl.digest: torn" torn "and it is said"
head -c 30 kept >a/runs/1-3.jsonl.digest
as_without short "with less than a head"
unused "1-3.jsonl.digest: torn" short "it is said"
{
	head -c 200 kept
	printf '\377'
	tail -c +202 kept
} >a/runs/1-3.jsonl.digest
as_without damaged "with one that is damaged"
unused "1-3.jsonl.digest: damaged" damaged "it is said"
cp a/runs/1-4.jsonl.digest a/runs/1-3.jsonl.digest
as_without foreign "with another run's"
unused "1-3.jsonl.digest: of another content of the run" foreign "it is said"
{
	head -c 8 kept
	printf '\377\377'
	tail -c +11 kept
} >a/runs/1-3.jsonl.digest
as_without build "with another build's"
unused "1-3.jsonl.digest: made by another build" build "it is said"
echo nothing of the kind, but as long as the head of a digest would be >a/runs/1-3.jsonl.digest
as_without none "with a text"
unused "1-3.jsonl.digest: not a digest" none "it is said"
rm a/runs/1-3.jsonl.digest
mkdir a/runs/1-3.jsonl.digest
as_without folder "with a folder"
rmdir a/runs/1-3.jsonl.digest
mkfifo a/runs/1-3.jsonl.digest
as_without pipe "with a pipe, for which nobody waits"
unused "1-3.jsonl.digest: not a regular file" pipe "it is said"
rm a/runs/1-3.jsonl.digest
cp kept elsewhere
ln -s "$tmp/elsewhere" a/runs/1-3.jsonl.digest
as_without link "with a link"
rm a/runs/1-3.jsonl.digest
cp kept a/runs/1-3.jsonl.digest
chmod 666 a/runs/1-3.jsonl.digest
as_without writable "with one that all may write"
unused "1-3.jsonl.digest: others may write it than may write the run" writable "it is said"
chmod 644 a/runs/1-3.jsonl.digest
head -c -9 kept >a/runs/1-3.jsonl.digest
cp kept a/runs/1-5.jsonl.digest
: >a/runs/1-6.jsonl.digest
as_without many "with several kinds at once"
unused "3 digests are not used, and their runs were read instead, such as $tmp/a/runs/1-3.jsonl.digest: torn" many "they are counted"

# Stale: the run has other content of the same size, and the same times.
cp kept a/runs/1-3.jsonl.digest
fs 0 "their own digests again" fleet digest a/runs/1-5.jsonl a/runs/1-6.jsonl
cp -p a/runs/1-3.jsonl before
sed 's/"samples":\[./"samples":[9/' before >a/runs/1-3.jsonl
touch -r before a/runs/1-3.jsonl
is "$(wc -c <a/runs/1-3.jsonl)" "$(wc -c <before)" "a run changes, and its size and time do not"
said stale
unused "1-3.jsonl.digest: of another content of the run" stale "its digest is stale"
find a b -name '*.digest' -exec rm {} +
said again
cmp -s again.out stale.out
ok $? "and the run is read"

# Only what is complete has one.
head -c -5 before >torn.jsonl
fs 4 "a torn run" fleet digest torn.jsonl
has "$err" "torn.jsonl: the last line is torn" "has no digest"
fs 64 "nor has a run that is not there" fleet digest nothing.jsonl before
is "$(ls ./*.digest)" "./before.digest" "but the others have"
is "$("$FIVESTEP" fleet digest before 2>&1; cmp before.digest kept)" "" "the same, whenever it is written"

done_testing

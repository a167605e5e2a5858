#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# A large run is read once; its digest says the same, and is not taken where anything changed.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

for seed in 1 7; do
	awk -v cells=160 -v rounds=100 -v seed=$seed -v percent=$seed -f "$srcdir/tests/analysis/large_run.awk" >large$seed.jsonl
done
echo torn >>large7.jsonl
settle large7.jsonl
FIVESTEP_CACHE=/dev/null/none fs 1 "large runs without a cache" compare large1.jsonl large7.jsonl --explain
without=$out$err
has "$err" "a truncated line" "with a torn line"
export FIVESTEP_CACHE="$tmp/cache"
fs 1 "large runs for the first time" compare large1.jsonl large7.jsonl --explain
is "$out$err" "$without" "are compared alike"
is "$(find "$FIVESTEP_CACHE/digests" -name '*.digest' | wc -l)" 2 "and leave a digest each"
fs 1 "for the second time" compare large1.jsonl large7.jsonl --explain
is "$out$err" "$without" "too"
mv large7.jsonl other.jsonl
settle other.jsonl
fs 1 "under another name" compare large1.jsonl other.jsonl --explain
has "$err" "other.jsonl:16003: a truncated line" "it is called by that"
for digest in "$FIVESTEP_CACHE"/digests/*.digest; do
	echo >>"$digest"
done
mv other.jsonl large7.jsonl
fs 1 "with digests that are spoilt" compare large1.jsonl large7.jsonl --explain
is "$out$err" "$without" "the runs are read"
awk -v cells=160 -v rounds=100 -v seed=7 -v percent=0 -f "$srcdir/tests/analysis/large_run.awk" >large7.jsonl
fs 0 "another run in the same file" compare large1.jsonl large7.jsonl
lacks "$out" "slower" "is read, too"

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench_record.sh - what benchmarks record, to the letter: metrics, units, floors, what a value contains, what is expected, and, with a clock that is a
# millisecond later whenever it is read (as in units.sh), each figure. Where a change of it is wanted, see tests/kept.sh.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
cd "$tmp" || exit 99
# Bytes in the time of a reading: with other pages there are other figures.
[ "$(pages 1)" -eq 4096 ] || skip_all "what is kept was recorded with pages of 4 KiB"
[ "$(nproc)" -ge 2 ] || skip_all "some figures are of two CPUs"
case $("$FIVESTEP" doctor 2>/dev/null) in
*"skip  hmm emu"*) skip_all "no hmm on this machine" ;;
esac

sed 's/^/run /; s/$/ lie=clock.step/' >plan <<'EOF'
access_bandwidth setup=copy,hmm,hmm-prefetch device=emu size=256*base
access_bandwidth setup=cdm,copy-mapped,svm,svm-coarse device=model size=256*base
access_latency setup=copy,hmm device=emu size=1M
access_latency setup=cdm,cdm-host device=model size=1M
atomics setup=hmm device=emu turns=1000
atomics setup=cdm,svm device=model turns=1000
body_speed size=1M
copies setup=copy,copy-overlap device=emu size=4097,1M shift=3
copies setup=copy-pinned device=model size=1M
device_ceiling setup=copy,cdm-migrate,hmm-managed device=model size=64*base
false_sharing setup=hmm device=emu turns=1000
floor size=4M
false_sharing setup=cdm device=model turns=1000
fault_back setup=hmm device=emu size=64*base
fault_burst setup=hmm device=emu burst=16
fault_latency setup=hmm device=emu size=64*base
first_touch setup=copy,hmm device=emu size=64*base
first_touch setup=cdm,svm,hmm-managed device=model size=64*base
hmat_claims setup=cdm device=model size=1M threads=1
invalidate setup=hmm device=emu size=64*base
launch setup=copy,hmm device=emu
launch setup=cdm device=model
migrate_bandwidth setup=copy,hmm,hmm-prefetch device=emu size=64*base batch=16*base
migrate_bandwidth setup=cdm-migrate,hmm-managed,copy-mapped,svm-coarse device=model size=64*base batch=16*base
migrate_batch setup=copy,hmm device=emu batch=64
migrate_batch setup=cdm-migrate device=model batch=64
migrate_concurrent setup=hmm device=emu size=64*base
migrate_concurrent setup=cdm-migrate device=model size=64*base
prefetch setup=hmm device=emu size=64*base
program_speed size=512K
reuse setup=copy,hmm device=emu
reuse setup=cdm,copy-mapped device=model
sparse_touch setup=copy,hmm,hmm-prefetch device=emu size=1M touched=10
sparse_touch setup=cdm-migrate,copy-mapped device=model size=1M touched=10
two_streams setup=copy,copy-overlap device=emu size=4096
EOF
fs 0 "a round of each" run ./plan --rounds 1 --timeout 10m --counters none --seed 7 -q -o run.jsonl
awk -f "$srcdir/tests/round/bench_record.awk" run.jsonl | awk 'BEGIN { RS = "" } { gsub(/\n/, "\t"); print }' | LC_ALL=C sort | tr '\t' '\n' >got
as_kept bench-record.txt

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sde.sh - PAPI reads fivestep's own counts while a round runs: the example's tool sees them grow, and at the end has what the device has.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

reader=$(dirname "$FIVESTEP")/examples/sde_reader
[ -x "$reader" ] || skip_all "not built: needs PAPI and libsde (libpapi-dev), and make check"
fs 0 "doctor" doctor
case $out in
*"skip  hmm emu"*) skip_all "no hmm on this machine" ;;
esac

FIVESTEP=$reader
fs 0 "an external program runs its benchmark" run sde_reader --setup hmm --device emu --rounds 2 -p "size=$(pages 512)" -q -o "$tmp/run.jsonl"
rounds=$(grep '"type":"round"' "$tmp/run.jsonl")
is "$(printf '%s\n' "$rounds" | grep -c '"verdict":"ok"')" 2 "both rounds are ok"
# 8 turns of 512 pages, each of which faults on the device's side.
is "$(printf '%s\n' "$rounds" | grep -o '"what":"sde:::fivestep::faults_to_device","seen":[0-9.]*,"relation":"==","expected":[0-9.]*' | sort -u)" \
	'"what":"sde:::fivestep::faults_to_device","seen":4096.0,"relation":"==","expected":4096.0' "PAPI counted every fault, and so did the device"
is "$(printf '%s\n' "$rounds" | grep -o '"what":"sde:::fivestep::pages_to_device","seen":[0-9.]*' | sort -u)" \
	'"what":"sde:::fivestep::pages_to_device","seen":4096.0' "and every page"
is "$(printf '%s\n' "$rounds" | grep -o '"what":"sde:::fivestep::bytes_to_host","seen":[0-9.]*' | sort -u)" \
	'"what":"sde:::fivestep::bytes_to_host","seen":'"$(pages 4096).0" "and every byte on the way back"
is "$(printf '%s\n' "$rounds" | grep -c '"what":"readings that grew","seen":[0-9.]*,"relation":">=","expected":8.0,"holds":true')" 2 \
	"it saw them grow in every turn"
fs 0 "the program is a fivestep with one more benchmark" list benchmarks
has "$out" sde_reader "its own"
has "$out" fault_latency "beside the others"

done_testing

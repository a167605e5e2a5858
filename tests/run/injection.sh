#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Failure injection: every allocation, read, write, open, mapping, process and thread that short commands ask for fails once, by number, until
# none is left. Whatever fails: no process dies of a signal, nothing is left behind, a failure has its reason, and no round is `ok` that has lost
# something without a word.
#
# By default one number of INJECTION_STEP (23) is tried, and of allocations, most of them jansson's and thousands, one of twenty times as many, from
# a start that follows from INJECTION_SEED. INJECTION_STEP=1 INJECTION_ALLOC_STEP=1 tries all: an hour. INJECTION_KINDS says which kinds.
# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

step=${INJECTION_STEP:-23}
alloc_step=${INJECTION_ALLOC_STEP:-$((step * 20))}
kinds=${INJECTION_KINDS:-alloc open read write map process thread}
seed=${INJECTION_SEED:-1}
library=$tmp/fake_failures.so
# A sanitizer's own malloc wants to be first.
if grep -q __asan_init "$FIVESTEP" || grep -q __tsan_init "$FIVESTEP"; then
	skip_all "a build with a sanitizer: its malloc cannot be replaced. Run it with a plain build"
fi
# make coverage: each process reads and writes hundreds of files of counts when it ends, and those calls would be tried as well, for hours.
if grep -q __gcov_ "$FIVESTEP"; then
	skip_all "a build that counts the lines that run: its own reads and writes would fail, too. Run it with a plain build"
fi
"${CC:-cc}" -shared -fPIC -O1 -o "$library" "$srcdir/tests/fake/failures.c" -ldl 2>"$tmp/log"
ok $? "tests/fake/failures.c builds"
[ ! -s "$tmp/log" ] || tap_diag "$(cat "$tmp/log")"
mkdir "$tmp/t"
state=$tmp/state

# injected KIND NUMBER ARGS...: runs fivestep with that call failing, in a folder and a session of its own. $status is its exit status.
injected() {
	kind=$1
	number=$2
	shift 2
	rm -rf "$tmp/d" && mkdir "$tmp/d"
	cp "$tmp"/*.jsonl "$tmp/d/"
	head -c 24 /dev/zero >"$state"
	(
		cd "$tmp/d" || exit 99
		export HOME="$tmp/d" XDG_CACHE_HOME="$tmp/d/cache" TMPDIR="$tmp/t" FAIL_KIND="$kind" FAIL_AT="$number" FAIL_STATE="$state" LD_PRELOAD="$library"
		exec setsid --wait "$FIVESTEP" "$@" >"$tmp/out" 2>"$tmp/err"
	)
	status=$?
}

# what KIND NUMBER: where it failed, for whoever looks into it.
where() {
	printf '%s call %s, at 0x%s' "$1" "$2" "$(od -An -t x8 -j16 -N8 "$state" | tr -d ' ')"
}

word() {
	od -An -t u8 -j"$1" -N8 "$state" | tr -d ' '
}

# keys FILE: which members a run file has, and how often, but for noise.
keys() {
	sed 's/"noise":{[^}]*}//' "$1" | grep -o '"[A-Za-z_.0-9:-]*":' | sort | uniq -c
}

# lost: what an answer with the usual status and without a warning differs in from that in which nothing failed.
lost() {
	if [ -e "$tmp/d/r.jsonl" ]; then
		keys "$tmp/d/r.jsonl" >"$tmp/keys"
		# What could not be counted is absent with its reason.
		grep -q '"absent"' "$tmp/d/r.jsonl" || diff "$tmp/whole" "$tmp/keys" | grep '^[<>]' | head -n 3
	else
		diff "$tmp/whole" "$tmp/out" | grep '^[<>]' | head -n 3
	fi
}

# judge SCENARIO KIND NUMBER: adds to $bad what does not hold. $usual is the status when nothing fails: compare's is 1 where the machine was slower in
# the second of two runs.
judge() {
	fault=
	[ "$status" -lt 128 ] || fault="ended by a signal: status $status"
	[ "$status" -ne 139 ] || fault="crashed"
	if grep -q '"verdict":"crash".*killed by signal' "$tmp"/d/*.jsonl 2>/dev/null; then
		fault="a round was killed by a signal"
	fi
	if [ "$status" -ne "$usual" ] && [ ! -s "$tmp/err" ] && ! grep -qE '(fail|invalid|skip|crash|timeout)' "$tmp/out"; then
		fault="status $status without a word"
	fi
	if grep '"type":"round"' "$tmp"/d/*.jsonl 2>/dev/null | grep -E '"verdict":"(fail|crash|invalid|timeout|skip)"' | grep -qE '"why":("",|"why":null)'; then
		fault="a verdict without a reason"
	fi
	if [ -n "$(ls -A "$tmp/t")" ]; then
		fault="left behind: $(ls -A "$tmp/t")"
		rm -rf "${tmp:?}/t"/*
	fi
	if [ -z "$fault" ] && [ "$status" -eq "$usual" ] && [ ! -s "$tmp/err" ]; then
		fault=$(lost)
		[ -z "$fault" ] || fault="fine, but lost: $fault"
	fi
	if [ -n "$fault" ]; then
		bad="$bad
$1: $(where "$2" "$3"): $fault: $(tail -n 2 "$tmp/err" | tr '\n' ' ')"
	fi
}

# scenario NAME ARGS...: all kinds, number by number.
scenario() {
	name=$1
	shift
	for kind in $kinds; do
		injected "$kind" 0 "$@"
		usual=$status
		n=$(word 0)
		if [ -e "$tmp/d/r.jsonl" ]; then keys "$tmp/d/r.jsonl"; else cat "$tmp/out"; fi >"$tmp/whole"
		[ "$n" -gt 0 ] || continue
		bad=
		tried=0
		hit=0
		stride=$step
		[ "$kind" != alloc ] || stride=$alloc_step
		i=$((1 + seed % stride))
		[ "$i" -le "$n" ] || i=$n
		while [ "$i" -le "$n" ]; do
			injected "$kind" "$i" "$@"
			tried=$((tried + 1))
			hit=$((hit + $(word 8)))
			judge "$name" "$kind" "$i"
			i=$((i + stride))
		done
		[ -z "$bad" ]
		ok $? "$name: $kind: $hit of $n calls failed, one at a time, and all was said"
		[ -z "$bad" ] || tap_diag "$bad"
	done
}

"$FIVESTEP" run first_touch --setup copy --rounds 10 -p "size=$(pages 16)" -q -o "$tmp/a.jsonl" >/dev/null 2>&1
"$FIVESTEP" run first_touch --setup copy --rounds 10 -p "size=$(pages 16)" -q -o "$tmp/b.jsonl" >/dev/null 2>&1
# made_up FILE SEED PERCENT: the second cell is slower by that.
made_up() {
	awk -v cells=2 -v rounds=12 -v seed="$2" -v percent="$3" -f "$srcdir/tests/analysis/large_run.awk" >"$tmp/$1"
}
made_up base.jsonl 1 0
made_up slower.jsonl 7 3
scenario 'run under hmm' run triad --setup hmm --device emu --rounds 1 -p "size=$(pages 16)" -q -o r.jsonl
scenario 'run under copy' run first_touch --setup copy --device emu --rounds 1 -p "size=$(pages 16)" -q -o r.jsonl
scenario 'show' show a.jsonl
scenario 'compare' compare --json a.jsonl b.jsonl
scenario 'compare with a slower run' compare --json base.jsonl slower.jsonl
scenario 'history' history add --db h.db a.jsonl b.jsonl
scenario 'export' export --format junit a.jsonl

done_testing

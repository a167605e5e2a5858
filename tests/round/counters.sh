#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# counters.sh - counters from the command line: what is selected is recorded by step, or absent with reason and remedy while the timing runs all
# the same; mistakes are named.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
forbid=${FIVESTEP%/*}/tests/build/forbid

# measure FILE ARGS...: one small round under hmm, or where there is no userfaultfd under copy.
setup=hmm
"$FIVESTEP" run --timeout "$patient" fault_latency --setup hmm -p "size=$(pages 16)" --rounds 1 --counters none -o "$tmp/probe.jsonl" >/dev/null 2>&1 || setup=copy
measure() {
	file=$1
	shift
	run triad --setup "$setup" --device emu -p "size=$(pages 64)" --rounds 1 -o "$tmp/$file" "$@"
}

# run ARGS...: status 0, and one round that is ok.
run() {
	fs 0 "$file: the timing runs" run "$@"
	round=$(grep '"type":"round"' "$tmp/$file")
	has "$round" '"verdict":"ok"' "$file: and is good"
}

# ---- what is selected is what is recorded

measure none.jsonl --counters none
lacks "$round" '"rusage.' "none: no source is read"
has "$round" '"emu.' "none: but the device's own counts"
measure default.jsonl
has "$round" '"rusage.minflt":{"value":' "without a selection what is usual is read"
measure some.jsonl --counters rusage:minflt,vmstat:pgmigrate_*
has "$round" '"rusage.minflt":{"value":' "an event by name"
has "$round" '"vmstat.pgmigrate_fail":' "and by a glob"
lacks "$round" '"rusage.majflt":{' "and no other"
measure group.jsonl --counters faults
has "$round" '"derived":{"faults.per_MiB":{"value":' "a group derives its metrics"
has "$(head -1 "$tmp/group.jsonl")" '"formula":"faults / (bytes / 1048576)"' "by formulas that the run file keeps"
is "$(printf %s "$round" | grep -o '"step":"[a-z_]*","ns":[0-9]*,"counters":{[^}]*}' | wc -l | tr -d ' ')" 5 "each of the five steps has its counts"

fs 0 "a report of it" report "$tmp/group.jsonl" -o "$tmp/report"
has "$(cat "$tmp/report"/*.md)" 'Derived from counters' "shows what was derived"

cat >"$tmp/mine.group" <<'EOF'
# Of my own
event a = rusage:minflt
metric per_page ratio = a / pages
about
Mine.
EOF
measure mine.jsonl --counters "none,$tmp/mine.group"
has "$round" '"mine.per_page":' "the user's own group is a file"
printf 'option counters=rusage rounds=1\nrun triad setup=copy device=emu size=1M\n' >"$tmp/mine.plan"
fs 0 "a plan may name its counters" run "$tmp/mine.plan" -o "$tmp/plan.jsonl"
has "$(head -1 "$tmp/plan.jsonl")" '"counters":"rusage"' "which the run file says"
fs 0 "the command line wins" run "$tmp/mine.plan" --counters none -o "$tmp/plan2.jsonl"
has "$(head -1 "$tmp/plan2.jsonl")" '"counters":"none"' "over the plan"

# ---- mistakes

mistake() {
	fs 64 "--counters $1 is a mistake" run triad --setup copy --rounds 1 --counters "$1" -o "$tmp/mistake.jsonl"
	has "$err" "$2" "which is named"
	[ ! -e "$tmp/mistake.jsonl" ]
	ok $? "and nothing is measured"
}
mistake falts 'no source or group falts'
has "$err" 'did you mean faults' "with what is near"
mistake perf:page-fault 'perf has no event page-fault'
has "$err" 'did you mean page-faults' "with what is near"
printf '# Wrong\nevent a = rusage:minflt\nmetric m ratio = a / b\nabout\nWrong.\n' >"$tmp/wrong.group"
mistake "$tmp/wrong.group" 'wrong.group:3: '

# ---- lists

fs 0 "counters are listed" list counters
has "$out" "+ minflt [faults]" "with their events"
fs 0 "groups are listed" list groups
has "$out" "faults / (bytes / 1048576)" "with their formulas"
has "$out" "A fault is not a touch" "and what they mean"
fs 0 "doctor" doctor
has "$out" "perf" "says what perf can count"

# ---- what may not be counted

"$forbid" perf_event_open EPERM true
if [ $? -eq 77 ]; then
	echo "# no seccomp here: forbidden system calls are not tried"
else
	program=$FIVESTEP
	FIVESTEP=$forbid
	for errno in EPERM ENOSYS; do
		file=$errno.jsonl
		fs 0 "perf_event_open gives $errno: the timing runs" perf_event_open $errno "$program" run triad --setup "$setup" -p "size=$(pages 64)" --rounds 1 \
			--counters default,faults,papi:perf::PAGE-FAULTS -o "$tmp/$file"
		round=$(grep '"type":"round"' "$tmp/$file")
		has "$round" '"verdict":"ok"' "$errno: and is good"
		has "$round" '"perf":"perf_event_open is ' "$errno: perf is absent"
		has "$round" 'by a seccomp filter, as in containers -> ' "$errno: for this reason, and with a remedy"
		lacks "$round" '"perf.page-faults":{' "$errno: and not zero"
		has "$round" '"rusage.minflt":{"value":' "$errno: what needs no permission is counted"
		has "$round" '"faults.per_MiB":"perf.page-faults is absent' "$errno: what is derived of it is absent as well"
	done
	FIVESTEP=$program
fi

# A source that looks at the buffer is told of it once it is there, and that it will go.
file=numa.jsonl
run triad --setup copy --device emu -p "size=$(pages 64)" --rounds 1 -o "$tmp/$file" --counters numa:buffer_host
if printf %s "$round" | grep -q '"numa.buffer_host":{'; then
	steps=$(printf %s "$round" | grep -o '"numa.buffer_host":{"value":-\{0,1\}[0-9]*' | sed 's/.*://')
	ok "$(printf '%s\n' "$steps" | awk 'NR <= 4 { came += $1 } NR == 5 { left = $1 } END { print !(came > 0 && left == -came) }')" \
		"the buffer's pages come in steps 1 to 4, and go in step 5"
else
	skip "no numa_maps here" 1
fi

# As nobody the kernel may not be counted where perf_event_paranoid is 2 (the kernel's default) or more.
nobody='setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all'
if [ "$(id -u)" -eq 0 ] && $nobody "$FIVESTEP" list plans >/dev/null 2>&1 && [ "$(cat /proc/sys/kernel/perf_event_paranoid)" -ge 2 ]; then
	chmod 755 "$tmp"
	mkdir -m 777 "$tmp/nobody"
	# shellcheck disable=SC2086 # a command with its arguments
	$nobody "$FIVESTEP" run --timeout "$patient" triad --setup copy -p "size=$(pages 64)" --rounds 1 --counters perf:page-faults,perf:context-switches,perf:migrate:mm_migrate_pages \
		-o "$tmp/nobody/run.jsonl" >/dev/null 2>"$tmp/err"
	ok $? "without the right to count the kernel: the timing runs"
	round=$(grep '"type":"round"' "$tmp/nobody/run.jsonl")
	has "$round" 'kernel.perf_event_paranoid' "the reason is perf_event_paranoid"
	has "$round" '"perf.page-faults:u":{"value":' "faults of user code are counted, and called so"
	lacks "$round" '"perf.context-switches":{' "what happens in the kernel is absent"
	has "$round" '"perf.migrate:mm_migrate_pages":"' "a tracepoint as well"
else
	skip "this is not root, or everybody may count the kernel" 5
fi

done_testing

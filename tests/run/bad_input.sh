#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input and lacking rights: each a clear message and the right exit status, and nothing is lost.
. "${srcdir:-.}/tests/tap.sh"

forbid=${FORBID:-./tests/build/forbid}

fs 64 "an unknown benchmark" run fault_latancy -o "$tmp/x"
has "$err" "fault_latancy" "is named"
has "$err" "fault_latency" "with the nearest"
fs 64 "an unknown setup" run triad --setup hmmm -o "$tmp/x"
has "$err" "hmm" "with the nearest"
fs 64 "an unknown device" run triad --device emo -o "$tmp/x"
has "$err" "emu" "with the nearest"
fs 64 "an unknown command" rnu
has "$err" "run" "with the nearest"
fs 64 "an unknown parameter" run triad -p sise=1M -o "$tmp/x"
has "$err" "size" "with the nearest"
fs 64 "a value out of range" run triad --setup hmm -p granule=4G -o "$tmp/x"
has "$err" "granule" "names the parameter"
has "$err" "1G" "and its limits"
fs 64 "a value that is no power of two" run triad --setup hmm -p granule=12K -o "$tmp/x"
has "$err" "granule=12K: expected a power of two" "is said to be none"
fs 64 "a value that is no number" run triad -p size=lots -o "$tmp/x"
has "$err" "lots" "names the value"
fs 64 "an unknown choice" run triad --setup hmm -p thrash=pinn -o "$tmp/x"
has "$err" "pin" "with what there is"
is "$(ls "$tmp/x" 2>/dev/null)" "" "and none of them wrote a file"

printf 'option rounds=2\n\nrun triad sze=1M\n' >"$tmp/bad.plan"
fs 64 "a malformed plan" run "$tmp/bad.plan" -o "$tmp/x"
has "$err" "bad.plan:3" "names the file and the line"
printf 'runn triad\n' >"$tmp/bad.plan"
fs 64 "a malformed word" run "$tmp/bad.plan" -o "$tmp/x"
has "$err" "bad.plan:1" "names the file and the line"
fs 64 "a plan that is not there" run "$tmp/none.plan" -o "$tmp/x"
has "$err" "none.plan" "names the file"

fs 64 "an unwritable output" run floor --rounds 1 -p size=2M -o /proc/nowhere/run.jsonl
has "$err" "/proc/nowhere" "names the file"
echo '{"mine":1}' >"$tmp/there.jsonl"
fs 64 "an output that exists" run floor --rounds 1 -p size=2M -o "$tmp/there.jsonl"
is "$(cat "$tmp/there.jsonl")" '{"mine":1}' "is left as it was"
fs 4 "resuming what is no run" run --resume "$tmp/there.jsonl"
has "$err" "there.jsonl" "names the file"

# A small file system of its own is the full disk: the write fails in the middle of a record.
mkdir "$tmp/small"
cat >"$tmp/full.sh" <<'END'
mount -t tmpfs -o size=32k none "$1/small" || exit 77
"$FIVESTEP" run --timeout 10m first_touch --setup copy --rounds 50 -p "size=$2" -o "$1/small/full.jsonl" >"$1/out" 2>"$1/err"
status=$?
cp "$1/small/full.jsonl" "$1/full.jsonl"
exit $status
END
unshare --user --map-root-user --mount sh "$tmp/full.sh" "$tmp" "$(pages 16)" 2>/dev/null
status=$?
if [ $status -eq 77 ] || [ $status -eq 1 ]; then
	echo "# no user namespaces here: a full disk is not tried"
else
	is $status 99 "a full disk"
	has "$(cat "$tmp/err")" "full.jsonl" "names the file"
	[ "$(grep -c '"type":"round"' "$tmp/full.jsonl")" -ge 1 ]
	ok $? "what was measured so far is kept"
	fs 0 "it can be resumed elsewhere" run --resume "$tmp/full.jsonl"
	is "$(grep -c '"type":"round".*"verdict":"ok"' "$tmp/full.jsonl")" 50 "with no round lost or doubled"
fi

fs 77 "a size larger than memory" run triad --setup copy --rounds 1 -p size=60T -o "$tmp/size.jsonl"
has "$out" "available" "is refused before it is allocated"
fs 77 "no such node" run triad --setup cdm --rounds 1 -p node=77 -p size=1M -o "$tmp/node.jsonl"
has "$out" "node 77" "is a skip that names it"

"$forbid" userfaultfd EPERM true
if [ $? -eq 77 ]; then
	echo "# no seccomp here: forbidden system calls are not tried"
else
	program=$FIVESTEP
	FIVESTEP=$forbid
	for call in memfd_create pidfd_open; do
		fs 0 "doctor where $call is forbidden" $call EPERM "$program" doctor
		has "$(printf '%s\n' "$out" | grep '^warn  rounds ')" "allow $call in the container's seccomp profile" "says that no round can run, and what to allow"
		fs 99 "a run there" $call EPERM "$program" run triad --setup copy --rounds 1 -o "$tmp/$call.jsonl"
		has "$err" "allow $call in the container's seccomp profile" "says the same"
	done
	lacks "$("$program" doctor)" "warn  rounds" "a machine where both work has no such line"
	fs 77 "userfaultfd forbidden" userfaultfd EPERM "$program" run fault_latency --setup hmm --rounds 1 -o "$tmp/f1.jsonl"
	has "$out" "unprivileged_userfaultfd" "is a skip with what to set"
	fs 77 "a kernel without userfaultfd" userfaultfd ENOSYS "$program" run fault_latency --setup hmm --rounds 1 -o "$tmp/f2.jsonl"
	has "$out" "Linux >= 5.14" "is a skip with what it needs"
	fs 77 "descriptors of other processes forbidden" pidfd_getfd EPERM "$program" run fault_latency --setup hmm --rounds 1 -o "$tmp/f4.jsonl"
	has "$out" "ptrace_scope" "is a skip with what to allow"
	fs 0 "no permission for counters" perf_event_open EACCES "$program" run first_touch --setup copy --rounds 1 -p "size=$(pages 16)" \
		--counters perf -o "$tmp/f3.jsonl"
	is "$(grep -c '"verdict":"ok"' "$tmp/f3.jsonl")" 1 "is no skip of the cell"
	has "$(grep '"type":"round"' "$tmp/f3.jsonl")" '"absent":{"perf":"perf_event_open is not permitted' "but the counter is absent with a reason"
	FIVESTEP=$program
fi

done_testing

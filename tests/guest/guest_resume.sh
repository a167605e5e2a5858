#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_resume.sh - a guest that is killed, or whose run file cannot grow, leaves what was measured, and its run is resumed.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# A guest killed in the middle: what was measured is kept, and resumed.
few="first_touch fault_back --setup hmm --device dmirror -p size=1M --rounds 30"
# shellcheck disable=SC2086
"$FIVESTEP" guest run --clock instructions -- run $few --output="$tmp/killed.jsonl" >"$tmp/out" 2>"$tmp/err" &
pid=$!
tries=0
while ! grep -q '"verdict":"ok"' "$tmp/killed.jsonl" 2>/dev/null && [ $tries -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
pkill -KILL -P $pid qemu-system
wait $pid
is $? 99 "a guest that is killed"
has "$(cat "$tmp/err")" "was killed by signal 9" "is said"
has "$(cat "$tmp/err")" "-- run --resume $tmp/killed.jsonl" "with how to go on"
has "$(cat "$tmp/out")" "first_touch" "and the table of what there is"
grep -q '"verdict":"ok"' "$tmp/killed.jsonl"
ok $? "what was measured is kept"
has "$(tail -n 1 "$tmp/killed.jsonl")" '"stop":"died","why":"qemu-system-x86_64 was killed by signal 9' "and the file itself says how it ended"
is "$(pgrep -c -P $$ qemu-system)" 0 "nothing is left running"
fs 0 "such a file" show "$tmp/killed.jsonl"
has "$err" "did not finish" "is read, and that is said"
printf '{"type":"round","rou' >>"$tmp/killed.jsonl"
cp "$tmp/killed.jsonl" "$tmp/before.jsonl"
fs 64 "going on under another clock" guest run --cpus 1 -- run --resume "$tmp/killed.jsonl"
has "$err" "run.jsonl was measured with the clock instructions" "is refused"
has "$err" "run.jsonl in the guest is $tmp/killed.jsonl on this machine" "and which file it is here is said"
fs 0 "going on after a torn line" guest run --clock instructions -- run --resume="$tmp/killed.jsonl"
head -c "$(wc -c <"$tmp/before.jsonl")" "$tmp/killed.jsonl" | cmp -s - "$tmp/before.jsonl"
ok $? "leaves what was there as it was"
is "$(grep -c '^{"type":"round".*"verdict":"ok"' "$tmp/killed.jsonl")" 60 "and adds the rounds that were missing"
is "$(grep -o '^{"type":"round","round":[0-9]*,"cell":[0-9]*' "$tmp/killed.jsonl" | sort | uniq -d)" "" "none is doubled"
fs 0 "the whole" show "$tmp/killed.jsonl"
lacks "$err" "did not finish" "did end by itself"
fs 64 "a run that is not there" guest run -- run --resume "$tmp/none.jsonl"
has "$err" "none.jsonl" "is named"

# A disk that is full after some rounds: a file system of its own, where that is allowed.
mkdir "$tmp/small"
cat >"$tmp/full.sh" <<-EOF
	mount -t tmpfs -o size=64k none "$tmp/small" || exit 77
	"$FIVESTEP" guest run -- run guest -o "$tmp/small/full.jsonl" >"$tmp/out" 2>"$tmp/err"
	status=\$?
	cp "$tmp/small/full.jsonl" "$tmp"
	exit \$status
EOF
unshare -rm sh "$tmp/full.sh" 2>/dev/null
status=$?
if [ $status -eq 77 ] || [ $status -eq 1 ]; then
	skip "no file system can be mounted here (unshare -rm)" 3
else
	is $status 99 "a run file that cannot grow"
	has "$(cat "$tmp/err")" "full.jsonl: No space left on device; what was measured before is kept" "is said"
	fs 0 "what was measured before" show "$tmp/full.jsonl"
fi

done_testing

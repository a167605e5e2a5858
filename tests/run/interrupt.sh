#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Ctrl-C keeps what was measured and says how to go on; a second one does not have to be waited for.
. "${srcdir:-.}/tests/tap.sh"

run=$tmp/run.jsonl
# SIGINT is ignored by background processes of a shell: env gives it back.
env --default-signal=INT "$FIVESTEP" run --timeout "$patient" first_touch --setup copy --rounds 10000 -p "size=$(pages 16)" -o "$run" >"$tmp/out" 2>"$tmp/err" &
pid=$!
# The file is not there at first, and grep then counts nothing at all.
rounds() {
	n=$(grep -sc '"type":"round"' "$run")
	echo "${n:-0}"
}
while [ "$(rounds)" -lt 3 ] && kill -0 $pid 2>/dev/null; do
	sleep 0.1
done
kill -INT $pid
wait $pid
is $? 130 "the exit status is 128 + the signal's number"
[ "$(grep -c '"type":"round"' "$run")" -ge 3 ]
ok $? "what was measured is kept"
is "$(tail -n 1 "$run" | grep -c '"stop":"interrupted"')" 1 "the record says why it ended"
has "$(cat "$tmp/err")" "--resume" "the message says how to resume"
has "$(cat "$tmp/out")" "first_touch" "the table shows what is there"

done_testing

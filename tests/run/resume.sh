#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# SIGKILL of the runner at random moments: the file stays readable, --resume completes it with no round lost or
# doubled, no process is left behind. RESUME_KILLS sets how often (15 by default).
. "${srcdir:-.}/tests/tap.sh"

run=$tmp/run.jsonl
kills=${RESUME_KILLS:-15}
rounds=40

alive() {
	pgrep -f "$FIVESTEP (run|__round)" | wc -l
}

# The kernel kills a round whose runner died; how soon, nobody promises. A minute is for what never ends.
wait_for_none() {
	tries=0
	while [ "$(alive)" -ne 0 ] && [ $tries -lt 600 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

# A name of its own, so that only this test's processes are looked at.
cp "$FIVESTEP" "$tmp/killed-fivestep"
FIVESTEP=$tmp/killed-fivestep
mkdir "$tmp/TMPDIR"
TMPDIR=$tmp/TMPDIR
export TMPDIR

i=0
torn=0
while [ $i -lt "$kills" ]; do
	if [ -f "$run" ]; then
		"$FIVESTEP" run --resume "$run" >/dev/null 2>&1 &
	else
		"$FIVESTEP" run --timeout "$patient" first_touch migrate_bandwidth --setup 'copy,hmm' --rounds $rounds -p "size=$(pages 16)" -o "$run" >/dev/null 2>&1 &
	fi
	pid=$!
	# Between 0 and 0.3 s, the same for every run of the test.
	sleep "0.$(printf '%03d' $(((i * 7919 + 31) % 300)))"
	kill -KILL $pid 2>/dev/null
	wait $pid 2>/dev/null
	wait_for_none
	[ -f "$run" ] && [ "$(tail -c 1 "$run" | od -An -c | tr -d ' ')" != '\n' ] && torn=$((torn + 1))
	i=$((i + 1))
done
echo "# $kills kills, $torn torn lines"
is "$(alive)" 0 "no process is left behind"
is "$(find "$TMPDIR" /dev/shm -newer "$FIVESTEP" -name '*fivestep*' 2>/dev/null)" "" "nor a temporary file"
if [ -f "$run" ]; then
	fs 0 "a last resume completes it" run --resume "$run"
else
	fs 0 "every kill came before the file was there" run first_touch migrate_bandwidth --setup 'copy,hmm' --rounds $rounds -p "size=$(pages 16)" -o "$run"
fi
grep -o '^{"type":"round","round":[0-9]*,"cell":[0-9]*' "$run" | sort >"$tmp/rounds"
is "$(uniq -d "$tmp/rounds" | wc -l)" 0 "no round is doubled"
cells=$(sed 's/.*"cell"://' "$tmp/rounds" | sort -u | wc -l)
is "$(wc -l <"$tmp/rounds")" $((cells * rounds)) "no round is lost"
fs 0 "the file is readable" show "$run"
fs 0 "resuming what is complete changes nothing" run --resume "$run"
is "$(grep -c '"type":"round"' "$run")" $((cells * rounds)) "no round is added"

# Cut in the middle of the last round's record, as a kill in the middle of a write leaves it.
bytes=$(($(wc -c <"$run") - $(tail -n 1 "$run" | wc -c) - 50))
head -c $bytes "$run" >"$tmp/torn.jsonl"
fs 0 "a torn file can be resumed" run --resume "$tmp/torn.jsonl"
is "$(grep -c '^{"type":"round".*}$' "$tmp/torn.jsonl")" $((cells * rounds)) "the torn round is done again"
fs 0 "and read" show "$tmp/torn.jsonl"
has "$err" "torn.jsonl:" "the torn line is named"

done_testing

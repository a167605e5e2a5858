#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep ab: two sides in turns. Its sides are this build, and a stand-in for other builds whose values drift from one turn to the next.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# A build in a few lines: a turn's value is 4000 times FACTOR, and DRIFT percent more with each turn that either side took before.
cat >build <<'END'
#!/bin/sh
while [ $# -gt 1 ]; do
	case $1 in
	-o) file=$2 ;;
	--rounds) rounds=$2 ;;
	esac
	shift
done
turn=$(cat turn)
echo $((turn + 1)) >turn
echo "$SIDE" >>order
[ "$turn" != "${HANG_AT:-none}" ] || { touch hangs; exec sleep 3600; }
[ "$turn" != "${FAIL_AT:-none}" ] || { echo "it broke" >&2; exit 99; }
awk -v turn="$turn" -v factor="${FACTOR:-1}" -v drift="${DRIFT:-0}" -v rounds="$rounds" 'BEGIN {
	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"x\",\"started\":\"\",\"plan\":{\"name\":\"p\",\"text\":\"\"},\"seed\":1,\"options\":{},"
	printf "\"clock\":\"monotonic\",\"build\":{},\"machine\":{\"fingerprint\":\"0011223344556677\",\"identity\":{},\"factors\":{},"
	print "\"state\":{}},\"devices\":[],\"cells\":[]}"
	for (r = 0; r < rounds; r++) {
		noise = (turn * 7 + r) % 10 / 2500
		printf "{\"type\":\"round\",\"round\":%d,\"cell\":0,\"bench\":\"b\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r
		printf "\"params\":{},\"set\":[],\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.3f]}},",
			4000 * factor * (1 + noise) * (1 + turn * drift / 100)
		print "\"steps\":[],\"evidence\":[]}"
	}
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
}' >"$file"
END
chmod +x build
begin() {
	echo 0 >turn
	: >order
}

# --- what changes slowly hits both sides alike
begin
fs 1 "a side that is 5 % slower, while all drifts by 1 % a turn" ab --a "SIDE=a DRIFT=1 ./build" --b "SIDE=b DRIFT=1 FACTOR=1.05 ./build" \
	--rounds 24 --seed 1 -o drift --verdict-file verdict.json
has "$out" "SLOWER" "is found"
has "$out" "paired  measured in turns" "in pairs"
has "$(cat verdict.json)" '"verdict": "SLOWER"' "the verdict file says so, too"
has "$(cat verdict.json)" '"status": 1' "with the exit status"
has "$(cat verdict.json)" '"looks": 1' "and that exactly 24 rounds are looked at once"
is "$(sort order | uniq -c | tr -s ' ')" " 24 a
 24 b" "each side has 24 turns"
is "$(paste -d ' ' - - - - <order | sort | uniq -c | wc -l)" 2 "in blocks of two orders, a b b a and b a a b"
begin
fs 0 "two sides that are the same, while all drifts" ab --a "SIDE=a DRIFT=1 ./build" --b "SIDE=b DRIFT=1 ./build" --rounds 24 --seed 2 -o same
lacks "$out" "SLOWER" "are not called slower"
begin
for side in one two; do
	./build -o part --rounds 1 && sed '$d' part >$side.jsonl
	r=1
	while [ $r -lt 12 ]; do
		DRIFT=1 ./build -o part --rounds 1
		sed -n "s/\"round\":0/\"round\":$r/p" part >>$side.jsonl
		r=$((r + 1))
	done
done
"$FIVESTEP" compare --explain one.jsonl two.jsonl >unpaired 2>/dev/null
has "$(cat unpaired)" "SLOWER" "one after the other, the drift passes for a change"

# --- when it stops
begin
fs 0 "two sides without noise between them" ab --a "SIDE=a ./build" --b "SIDE=b ./build" -o plain
has "$err" "16 rounds of each side are in plain-a.jsonl and plain-b.jsonl (decided)" "are decided after the least rounds"
has "$out" "1 same" "as the same"
fs 0 "its files compared" compare --json plain-a.jsonl plain-b.jsonl
has "$out" '"looks": 5' "know that a session of 16 to 48 rounds may look five times"
fs 0 "a side's run file" show plain-a.jsonl
has "$out" "16 " "is a run file as any other"
fs 0 "with rounds of a turn" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --turn 5 --rounds 10 -o turns
has "$err" "10 rounds of each side" "the rounds go on from one to the next"
fs 64 "files that are there already" ab --a ./build --b ./build -o plain
has "$err" "results are never overwritten" "are left alone"

# --- what goes wrong
begin
FAIL_AT=5 fs 99 "a side that breaks" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --rounds 12 --seed 1 -o broken
has "$err" "exited with status 99: it broke" "is told, with its last words"
fs 0 "is resumed by the same command" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume broken
has "$err" "12 rounds of each side" "to its end"
is "$(grep -c '"type":"round"' broken-a.jsonl) $(grep -c '"type":"round"' broken-b.jsonl)" "12 12" "no round is there twice"
begin
export HANG_AT=7
"$FIVESTEP" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --rounds 12 --seed 1 -o cut >out 2>err </dev/null &
pid=$!
while [ ! -e hangs ] && kill -0 $pid 2>/dev/null; do
	sleep 0.05
done
kill -INT $pid 2>/dev/null || kill -TERM $pid
wait $pid
status=$?
unset HANG_AT
[ $status -eq 130 ] || [ $status -eq 143 ]
ok $? "an interrupt ends it ($status)"
has "$(cat err)" "keep what was measured" "and says what is kept"
is "$(cat cut-a.jsonl cut-b.jsonl | grep -c '"type":"round"')" 7 "every turn before it"
[ ! -e cut-a.jsonl.turn ] && [ ! -e cut-b.jsonl.turn ]
ok $? "nothing of the turn that was cut off is left"
fs 0 "it is resumed by the same command" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume cut
has "$err" "12 rounds of each side" "to its end"
fs 64 "what is no session" ab --a ./build --b ./build --resume nothing
cp plain-a.jsonl no-a.jsonl && sed -i '1s/"session"/"other"/' no-a.jsonl && cp plain-b.jsonl no-b.jsonl
fs 64 "a run that ab did not begin" ab --a ./build --b ./build --resume no
has "$err" "was not written by fivestep ab" "is told"

# --- nothing that a file says is executed, loaded or put into an environment
begin
FAIL_AT=3 fs 99 "a session that is interrupted" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --rounds 2 --seed 1 -o given touch
printf '#!/bin/sh\ntouch %s/executed\n' "$tmp" >evil
chmod +x evil
for field in 's|"a":"SIDE=a ./build"|"a":"BASH_ENV=./evil ENV=./evil LD_PRELOAD=./evil ./build"|' 's|"a":"SIDE=a ./build"|"a":"./evil"|' \
	's|"b":"SIDE=b ./build"|"b":"./evil"|' 's|"words":\["touch"\]|"words":["touch","--counters","./evil"]|' 's|"words":\["touch"\]|"words":[7]|' \
	's|"words":\["touch"\]|"words":[]|'; do
	for side in a b; do
		sed "1$field" given-$side.jsonl >evil-$side.jsonl
	done
	! cmp -s given-a.jsonl evil-a.jsonl
	ok $? "a file is changed: $field"
	fs 64 "what it says is not what is given here: refused" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume evil touch
	has "$err" "evil-a.jsonl" "the file is named"
	fs 64 "nothing is taken from it where nothing is given" ab --resume evil
done
fs 64 "another command than the file's" ab --a "SIDE=a ./build -p x=1" --b "SIDE=b ./build" --resume given touch
has "$err" "side a is '..../build -p x=1' here, and '..../build' in given-a.jsonl" "is told with both"
fs 64 "another word than the file's" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume given triad
has "$err" "argument 1 for both sides is 'triad' here, and 'touch' in given-a.jsonl" "is told with both"
fs 64 "other rounds than the file's" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume given --rounds 7 touch
has "$err" "rounds_min is '7' here, and '2' in given-a.jsonl" "are told with both"
fs 64 "another seed than the file's" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume given --seed 7 touch
for number in '"turn":1/"turn":0' '"turn":1/"turn":-1' '"rounds_max":2/"rounds_max":1e300' '"seed":1}}/"seed":-1}}' '"turn":1/"turn":"x"'; do
	sed "1s/$number/g" given-a.jsonl >evil-a.jsonl
	sed "1s/$number/g" given-b.jsonl >evil-b.jsonl
	! cmp -s given-a.jsonl evil-a.jsonl
	ok $? "a file is changed: $number"
	fs 64 "a number that cannot be is refused" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume evil touch
done
[ ! -e executed ]
ok $? "nothing of a file was executed"
fs 0 "the same command resumes" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --rounds 2 --resume given touch

# --- files that were there before are not removed, and not written to before all is well
: >empty-a.jsonl
: >empty-b.jsonl
fs 4 "empty files" ab --a ./build --b ./build --resume empty
sed 1q plain-a.jsonl >heads-a.jsonl
sed 1q plain-b.jsonl >heads-b.jsonl
begin
FAIL_AT=0 fs 99 "files that hold no rounds, and a first turn that fails" ab --a "SIDE=a ./build" --b "SIDE=b ./build" --resume heads
[ -e empty-a.jsonl ] && [ -e empty-b.jsonl ] && [ -e heads-a.jsonl ] && [ -e heads-b.jsonl ]
ok $? "all are still there"
printf 'no run' >foreign-a.jsonl
cp foreign-a.jsonl foreign-b.jsonl
fs 4 "files of something else" ab --a ./build --b ./build --resume foreign
is "$(cat foreign-a.jsonl)$(wc -c <foreign-a.jsonl)" "no run6" "are not written to"
: >half-b.jsonl
fs 64 "one of the two names is taken" ab --a ./build --b ./build -o half
[ ! -e half-a.jsonl ]
ok $? "the other file is not left behind"
fs 64 "a stem that is too long" ab --a ./build --b ./build -o "$(printf '%0600d' 0)"
has "$err" "is longer than" "is told"

# --- sides
many=$(awk 'BEGIN { for (i = 0; i < 60; i++) printf " -p size=4K" }')
fs 64 "a side of more words than a command line may have" ab --a "./build$many" --b ./build -o many
has "$err" "the command line has more than 128 words" "is refused whole, not cut"
for bad in "./none" "guest build --" "guest run --kernel x" "'open" "a | b"; do
	fs 64 "a side that cannot be: $bad" ab --a "$bad" --b ./build -o bad
	lacks "$(ls)" "bad-a" "leaves nothing"
done
fs 64 "one side" ab --a ./build
has "$err" "--a and --b are both needed" "asks for the other"
fs 64 "no number of rounds" ab --a '' --b '' --rounds many
fs 64 "what run does not know" ab --a '' --b '--nonsense' fault_latency -p "size=$(pages 16)" --setup hmm -o bad2
has "$err" "side b exited with status 64: fivestep: run: unrecognized option" "is its side's to tell"
fs 64 "--resume and -o" ab --a ./build --b ./build --resume plain -o other

# --- this build, for real: settings that only a side has
fs 77 "a benchmark that is skipped" ab --a '' --b '' fault_latency --setup copy --rounds 2 -o skipped
fs 1 "two settings" ab --a '-p granule=1*base' --b '-p granule=4*base' fault_latency -p "size=$(pages 64)" --setup hmm --device emu --rounds 2 -o settings
has "$out" "64 -> 16 faults" "cells are matched by position, and 16K pages fault a quarter as often"
has "$out" "-p granule=1*base -> -p granule=4*base" "what differs is told"
is "$(grep -o '"round":[0-9]*' settings-a.jsonl | sort -u | wc -l)" 2 "rounds are numbered through"

done_testing

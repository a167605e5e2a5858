#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep selftest: a gate that works passes, and each way to break it is seen: a margin too wide, a slow-down that does not come through,
# sides that differ when nothing was changed, noise. The gate is broken in a stand-in for fivestep; the slow-down itself is this build's.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
# Folders of others are not this test's business.
mkdir temporary
TMPDIR=$tmp/temporary
export TMPDIR

# A turn's value is 4000, and what is injected; BROKEN says what is wrong with it.
cat >build <<'END'
#!/bin/sh
inject=0
while [ $# -gt 1 ]; do
	case $1 in
	-o) file=$2 ;;
	--rounds) rounds=$2 ;;
	--inject) inject=$2 ;;
	esac
	shift
done
turn=$(cat "$TURN")
echo $((turn + 1)) >"$TURN"
factor=1
verdict=ok
metric=touch
# Ten turns go to the calibration.
noise=0
[ "$turn" -lt 10 ] || noise=0.2
case $BROKEN:$file in
deaf:*) [ "$turn" -lt 10 ] || inject=0 ;;
biased:*-b.jsonl*) factor=1.05 ;;
invalid:*-b.jsonl*) [ "$turn" -lt 4 ] || verdict=invalid ;;
renamed:*-b.jsonl*) metric=other ;;
noisy:*) [ "$turn" -lt 10 ] || noise=150 ;;
esac
awk -v turn="$turn" -v verdict="$verdict" -v metric="$metric" -v factor="$factor" -v inject="$inject" -v noise="$noise" -v rounds="$rounds" 'BEGIN {
	printf "{\"type\":\"run\",\"schema\":1,\"id\":\"x\",\"started\":\"\",\"plan\":{\"name\":\"p\",\"text\":\"\"},\"seed\":1,\"options\":{},"
	printf "\"clock\":\"monotonic\",\"build\":{},\"machine\":{\"fingerprint\":\"0011223344556677\",\"identity\":{},\"factors\":{},"
	print "\"state\":{}},\"devices\":[],\"cells\":[]}"
	srand(turn)
	for (r = 0; r < rounds; r++) {
		value = 4000 * factor * (1 + noise * (rand() - 0.5) / 100) + inject
		printf "{\"type\":\"round\",\"round\":%d,\"cell\":0,\"bench\":\"b\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r
		printf "\"params\":{},\"set\":[],\"verdict\":\"%s\",\"why\":\"a page was left behind\",\"remedy\":\"take it along\",", verdict
		printf "\"metrics\":{\"%s\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.3f]}},", metric, value
		print "\"steps\":[],\"evidence\":[]}"
	}
}' >"$file"
END
chmod +x build
export TURN="$tmp/turn"

# gate WANT NAME BROKEN ARG...
gate() {
	gate_want=$1
	gate_name=$2
	gate_broken=$3
	shift 3
	echo 0 >turn
	fs "$gate_want" "$gate_name" selftest --on "BROKEN=$gate_broken ./build" --seed 1 "$@"
}

gate 0 "a gate that works" none
has "$out" "a wait of 400 ns makes it 10.0 % longer" "the wait is calibrated"
has "$out" "the gate works (exit 0)" "passes"
has "$out" "on this machine a change of" "and says what change can be resolved"
gate 0 "--quick" none --quick
lacks "$out" "on this machine" "leaves that out"
gate 0 "--repeat" none --quick --repeat 2 --change 3
has "$out" "no change: 2 of 2 without a false verdict; +3.0 %: found in 2 of 2" "counts"
gate 1 "a margin that nothing can pass" none --quick --margin 50
has "$out" "NOT OK    +10.0 % added" "is seen"
has "$out" "do not trust its verdicts (exit 1)" "and said"
gate 1 "a slow-down that does not come through" deaf --quick
has "$out" "NOT OK    +10.0 % added" "is seen"
gate 1 "sides that differ for no reason" biased --quick
has "$out" "NOT OK    no change" "are seen"
gate 5 "noise" noisy --quick --rounds 16
has "$out" "too noisy" "is not taken for a broken gate"
gate 4 "rounds that are invalid" invalid --quick
has "$err" "3 of 5 rounds failed or are invalid and are not counted:" "are counted"
has "$err" "b hmm emu: 3 of 5 rounds (round number 2, 3, 4): invalid: a page was left behind -> take it along" "with which they are, why, and what to do"
gate 4 "sides without a metric in common" renamed --quick
has "$err" "no metric has values on both sides" "are told so, and not that rounds failed"
fs 64 "a change that is none" selftest --change 0
fs 77 "a benchmark that is skipped" selftest --quick fault_latency --setup copy
fs 64 "a benchmark that there is not" selftest --quick nonsense
is "$(ls temporary)" "" "no folder is left"

# --- the slow-down itself
if "$FIVESTEP" run --timeout "$patient" fault_latency --setup hmm --device emu -p "size=$(pages 16)" --rounds 1 --inject 1000000 -q -o slow.jsonl >/dev/null 2>err; then
	has "$(cat slow.jsonl)" '"injected":{"ns":1000000' "the record says what was injected"
	fs 0 "what was injected" show --json slow.jsonl
	has "$err" "a test, not a result: 1e+06 ns were added to every measured time" "is told whenever it is read"
	is "$(printf '%s' "$out" | awk '/"metric": "to_host_p50"/ { on = 1 } on && /"median"/ { sub(/.*: /, ""); print ($0 + 0 >= 980000); exit }')" 1 \
		"every touch took 1 ms longer"
else
	skip "fault_latency cannot run here: $(tail -n 1 err)" 4
fi

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# predict.sh - fivestep predict: an invented machine (predict_run.awk) whose unit costs are known is found again, and its program's time follows; what it
# must not predict is refused; and the records of real rounds say what it needs.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# make_run NAME KEY=VALUE...
make_run() {
	make_name=$1
	shift
	make_n=$#
	for make_arg; do
		set -- "$@" -v "$make_arg"
	done
	shift $make_n
	awk "$@" -f "$srcdir/tests/analysis/predict_run.awk" >"$make_name.jsonl"
}
# What follows NAME on the line of the table that begins with it, in single blanks.
row() {
	printf '%s\n' "$out" | tr -s ' ' | sed -n "s|^$1 ||p" | sed 's/ $//'
}
# The rows of the table, sorted.
rows() {
	printf '%s\n' "$out" | sed -n '/^PROGRAM/,/^$/p' | tr -s ' ' | sort
}
make_run model kind=model
make_run programs kind=programs

# ---- unit costs

fs 0 "a calibration" predict --model model.jsonl --units
has "$out" "computed, not measured" "says that it is computed"
is "$(row 'emu/mirror fault_to_device')" "1.00 us [1.00, 1.00]" "a fault costs what it was made to cost"
is "$(row 'emu/mirror page_to_device')" "300 ns [300, 300]" "so does a page that moves on request"
is "$(row 'emu/mirror migrate_to_device')" "5.00 us [5.00, 5.00]" "so does a request, apart from its pages"
is "$(row 'emu/device copy_byte_to_device')" "0.100 ns [0.100, 0.100]" "so does a byte of a copy"
lacks "$out" "the units make" "all rows are explained"
has "$(row 'emu/mirror: 5 values of benchmarks, condition [0-9.]*; no benchmark of this run contains')" "fault_to_host" "kinds that no benchmark contains are named"

# ---- predictions

fs 0 "a check in which all agrees" predict --model model.jsonl --check programs.jsonl --steps
is "$(row 'p hmm emu size=409600 total')" "144 us [144, 144] fault_to_device 69 % 144 us [144, 144] +0.0 %" "the program is what its events and computing cost"
is "$(row ' device' | head -n 1)" "103 us [103, 103] 103 us [103, 103] +0.0 %" "so is its step 3"
is "$(row 'p copy emu size=819200 total')" "168 us [168, 168] copy_byte_to_device 49 % 168 us [168, 168] +0.0 %" "computing scales with the size"
has "$out" "2 cells, whose times the model never saw: median error 0.0 %" "the summary says how good it is"

# Of two sizes the model knows how computing grows: between them along a power, here the square, 1100 ns * 2 * 2 in step 3; and in proportion
# where one of them computes nothing.
make_run square kind=model second=2
fs 0 "a model of two sizes, in which computing grows with the square" predict --model square.jsonl --check programs.jsonl --steps --within=200
has "$(row 'p copy emu size=819200 total')" "170 us [170, 170] copy_byte_to_device 48 % 168 us" "is predicted along that curve"
make_run idle kind=model second=none
fs 0 "a model of two sizes, one of which computes nothing" predict --model idle.jsonl --check programs.jsonl --steps --within=200
lacks "$out" nan "gives numbers"
has "$(row 'p copy emu size=819200 total')" "168 us [168, 168] copy_byte_to_device 49 % 168 us" "in proportion to the nearer one"

# Programs and benchmarks in one run, in turn: what is predicted must not be what computing is taken from.
make_run both kind=both
fs 0 "a run against itself" predict --model both.jsonl --check both.jsonl
has "$(row 'p hmm emu size=409600 total')" "reference" "predicts no program: each cell gave the computing"
fs 0 "with computing from copies" predict --model both.jsonl --check both.jsonl --computing copy
is "$(row 'p hmm emu size=409600 total')" "144 us [144, 144] fault_to_device 69 % 144 us [144, 144] +0.0 %" "predicts the others"
has "$(row 'p copy emu size=409600 total')" "reference" "and not those"
has "$out" "1 cells, whose times the model never saw" "and counts them"
make_run late kind=both slow=2
fs 1 "with a program that its events do not explain" predict --model late.jsonl --check late.jsonl --computing 'cop*'
has "$(row 'p hmm emu size=409600 total')" "MISSES" "its own time is not what it is predicted by"
fs 4 "with computing from setups that no program ran under" predict --model both.jsonl --check both.jsonl --computing cdm
has "$out$err" "no program in it was measured under cdm" "says so"

# The same with rounds of hmm that mostly take 60 us and at times 90, where copies take 85: the better way is not the predicted one, by 42 %.
awk '/"type":"round"/ && /"bench":"p"/ && /"setup":"hmm"/ { sub(/"total":[^[]*\[[^]]*/, "\"total\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[" (n++ < 4 ? 60000 : wide)) } 1' \
	wide=90000 both.jsonl >apart.jsonl
fs 1 "a way that is better than the one predicted, in some rounds" predict --model apart.jsonl --check apart.jsonl --computing copy
has "$out" "for 1 of 2 programs and sizes, at most 41.8 % off; for 1 more, rounds do not tell the two apart" "may be by chance"
awk '/"type":"round"/ && /"bench":"p"/ && /"setup":"hmm"/ { sub(/"total":[^[]*\[[^]]*/, "\"total\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[60000") } 1' \
	both.jsonl >sure.jsonl
fs 1 "and in all" predict --model sure.jsonl --check sure.jsonl --computing copy
is "$(printf '%s\n' "$out" | grep "the way predicted" | sed 's/.* for //')" "1 of 2 programs and sizes, at most 41.8 % off" "is not"

# The data decide how long kmeans works: one round with half the work is not what the median of all rounds is held against.
make_run odd kind=programs odd=yes
fs 0 "a program that has less work in its first round" predict --model model.jsonl --check odd.jsonl
has "$(row 'p hmm emu size=409600 total')" "144 us [144, 144] fault_to_device 69 % 144 us" "is predicted by the events of most rounds"

make_run slow kind=programs slow=2
if command -v gnuplot >/dev/null; then
	fs 0 "a picture of it" predict --model model.jsonl --check programs.jsonl --pictures pictures
	ok "$([ -s pictures/predicted.svg ] && echo 0 || echo 1)" "is drawn"
	has "$(cat pictures/data/predicted.tips)" "p hmm size=409600: +0.0 %" "with each cell and its error"
	is "$(grep -c . pictures/data/predicted.tsv)" 2 "and its numbers"
	ok "$([ -s pictures/explained.svg ] && echo 0 || echo 1)" "where the time goes is drawn as well"
	# Of 144.1 us faults are 100 us, first touches and a launch 42, computing the rest; nothing is left.
	has "$(cat pictures/data/explained.tips)" "p hmm size=409600: faults 69.4 %" "with each part and its share"
	has "$(cat pictures/data/explained.tips)" "p hmm size=409600: first touches, allocation, launches 29.1 %" "by kinds that are alike"
	lacks "$(cat pictures/data/explained.tips)" "not explained" "and no rest where there is none"
	fs 1 "a program that is slower than its events explain" predict --model model.jsonl --check slow.jsonl --pictures slow
	has "$(cat slow/data/explained.tips)" "p hmm size=409600: not explained 41.7 %" "has a rest"
else
	skip "no gnuplot" 10
fi
fs 64 "a picture of nothing measured" predict --model model.jsonl --pictures pictures
fs 1 "a program that is slower than its events explain" predict --model model.jsonl --check slow.jsonl
has "$(row 'p hmm emu size=409600 total')" "MISSES" "is marked"
fs 0 "a wider tolerance" predict --model model.jsonl --check slow.jsonl --within=200

fs 0 "what if a fault took twice as long" predict --model model.jsonl --check programs.jsonl --what-if fault_to_device=x2
has "$out" "WHAT IF" "says that it is not this machine"
is "$(row 'p hmm emu size=409600 total')" "244 us [244, 244] fault_to_device 82 %" "the program with faults takes that much longer"
is "$(row 'p copy emu size=819200 total')" "168 us [168, 168] copy_byte_to_device 49 %" "the one without does not"
fs 0 "what if it were ten times faster" predict --model model.jsonl --check slow.jsonl --what-if fault_to_device=/10,launch=x0
is "$(row 'p hmm emu size=409600 total')" "52.1 us [52.1, 52.1] first_touch_on_host 77 %" "another event dominates, and nothing is checked"

# ---- an event that is made 20 % dearer moves the programs that contain it, by the share that they contain, and no other

make_run dear kind=model fault=1200
make_run dear_programs kind=programs fault=1200
fs 0 "a machine whose faults are dearer" predict --model dear.jsonl --check dear_programs.jsonl
is "$(row 'p hmm emu size=409600 total')" "164 us [164, 164] fault_to_device 73 % 164 us [164, 164] +0.0 %" "the program with faults is dearer by its 100 faults, 20 us"
is "$(row 'p copy emu size=819200 total')" "168 us [168, 168] copy_byte_to_device 49 % 168 us [168, 168] +0.0 %" "the one without is not"
fs 1 "measured before that" predict --model dear.jsonl --check programs.jsonl --within 5
has "$(row 'p hmm emu size=409600 total')" "MISSES" "the program with faults misses"
lacks "$(row 'p copy emu size=819200 total')" "MISSES" "the one without does not"
has "$(row p)" "2 6.9 % +13.9 % hmm size=409600 1 2" "the table of programs says which cell is worst"
# All kinds of events, on real profiles: made dearer by 20 %, a way's time grows by 20 % of what that kind makes of it.
cat >share.awk <<'EOF'
{ gsub(/[",]/, "") }
$1 == "setup:" { way = $2 }
$1 == "computed:" { computed[way] = $2 }
$1 == "events:" { events = 1; next }
$1 == "}" { events = 0 }
events { sub(/:$/, "", $1); part[way, $1] = $2 }
END { for (way in computed) printf "%s %.0f\n", way, computed[way] + 0.2 * part[way, kind] }
EOF
printf 'region a 256K\nregion b 128K\nphase fill host writes=a\nphase use device reads=a:50%% writes=b\nphase look host reads=b\nrepeat 3 use look\n' >app.profile
fs 0 "a program by its parts" advise --model model.jsonl --program app.profile --json
parts=$out
for kind in fault_to_device page_to_device migrate_to_device first_touch_on_host copy_byte_to_device launch alloc; do
	fs 0 "$kind 20 % dearer" advise --model model.jsonl --program app.profile --json --what-if $kind=x1.2
	is "$(printf '%s\n' "$out" | awk -v kind=none -f share.awk | sort)" "$(printf '%s\n' "$parts" | awk -v kind=$kind -f share.awk | sort)" \
		"moves each way by its share"
done

# ---- named machines, from public figures

fs 0 "a machine with public figures" predict --model model.jsonl --check programs.jsonl --machine pcie5-uvm
has "$out" "WHAT IF: public figures of pcie5-uvm" "is said to be no measured one"
is "$(row 'p hmm emu size=409600 total')" "2.04 ms [2.04, 2.04] fault_to_device 98 %" "100 faults of 20 us in place of 1 us"
has "$out" "fault_to_device 20 us: T. Zheng et al." "has the source of each figure"
fs 0 "one without figures of faults" predict --model model.jsonl --check programs.jsonl --machine cxl
is "$(row 'p hmm emu size=409600 total')" "144 us [144, 144] fault_to_device 69 %" "keeps what they cost on the model's machine"
fs 64 "a machine without figures" predict --model model.jsonl --check programs.jsonl --machine abacus
has "$err" "gh200, mi300a, pcie5-uvm, cxl" "names those with figures"
awk -v kind=model -v clock=instructions -f "$srcdir/tests/analysis/predict_run.awk" >counted.jsonl
fs 3 "times for a model in instructions" predict --model counted.jsonl --machine gh200
has "$err" "figures of gh200 are times, and counted.jsonl counts instructions" "are refused"

# ---- what is not predicted

make_run lacking kind=model without=first_touch_on_host
fs 1 "a kind of event that no benchmark contains" predict --model lacking.jsonl --check programs.jsonl
has "$(row 'p hmm emu size=409600 total')" "lacks first_touch_on_host" "is named where a program has it"
make_run apart kind=model without=launch
fs 0 "kinds that no benchmark tells apart" predict --model apart.jsonl --check programs.jsonl --within 1000
has "$(row 'p hmm emu size=409600 total')" "fault_to_device not told apart, launch not told apart" "are named where a program has them"
fs 0 "and as JSON" predict --model apart.jsonl --check programs.jsonl --within 1000 --json
has "$(printf '%s' "$out" | tr -d ' \n')" '"not_told_apart":["fault_to_device","launch"]' "as well"
make_run other kind=programs cpu=another
fs 3 "a run of another machine" predict --model model.jsonl --check other.jsonl
has "$err" "the machines differ in cpu: invented in the model, another in the run" "is refused with the difference"
make_run instructions kind=programs clock=instructions
fs 3 "a run by another clock" predict --model model.jsonl --check instructions.jsonl
sed 's/"granule":"4K"/"granule":"64K"/g' programs.jsonl >granule.jsonl
fs 4 "a way of sharing that was not calibrated" predict --model model.jsonl --check granule.jsonl
has "$out" "the model has no unit costs of emu/mirror granule=64K" "is named with its parameter"
sed 's/"memory":"device"/&,"pinned":true/' programs.jsonl >pinned.jsonl
fs 0 "copies from pinned memory, which were not calibrated" predict --model model.jsonl --check pinned.jsonl
has "$out" "the model has no unit costs of emu/device pinned" "are not predicted by those from other memory"
sed 's/"bench":"p"/"bench":"q"/g' programs.jsonl >unknown.jsonl
fs 4 "a program that was not calibrated" predict --model model.jsonl --check unknown.jsonl
has "$out" "the model has no computing of q" "is named"
sed 's/"events"/"none"/g' programs.jsonl >old.jsonl
fs 4 "a run whose records do not say the events" predict --model model.jsonl --check old.jsonl
has "$out" "the record does not say its events" "is told so"
sed 's/"contains"/"none"/g' model.jsonl >empty.jsonl
fs 4 "a run that calibrates nothing" predict --model empty.jsonl --units
has "$err" "what to do: fivestep run calibrate" "and how to have one that does"

# ---- hostile numbers and words

make_run negative kind=model 'bad="fault_to_device":-'
fs 0 "a negative number of events" predict --model negative.jsonl --units
has "$err" "m: the events are ignored: a number is negative, missing or beyond 1e60" "is not used"
is "$(row 'emu/mirror fault_to_device')" "" "and nothing is said about that event"
make_run unknown_kind kind=model 'bad="fault_to_nowhere":'
fs 0 "a kind of event that is unknown" predict --model unknown_kind.jsonl --units
has "$err" "m: the events are ignored: a kind is unknown" "is not used either"
make_run huge kind=model 'bad="fault_to_device":1e300,"fault_to_host":1'
fs 0 "an absurd number of events" predict --model huge.jsonl --units
lacks "$out" nan "leads to no number that is none"
for factor in fault_to_device fault_to_device= fault_to_device=2 fault_to_device=x-1 fault_to_device=/0 fault_to_device=xnan fault_to_device=x1e999 fault=x2 fault_to_device=x-0 fault_to_device=2x fault_to_device=3us \
	'fault_to_device=x2,' fault_to_device=x2,launch=x2,fault_to_device=x3 page=2M,page=4M ''; do
	fs 64 "what if \"$factor\"" predict --model model.jsonl --check programs.jsonl --what-if "$factor"
done
fs 64 "no model" predict
fs 64 "units of what if" predict --model model.jsonl --units --what-if launch=x2
fs 64 "pages of another size, of events that were recorded" predict --model model.jsonl --check programs.jsonl --what-if page=2M
for page in page= page=3K page=1 page=-2M page=4E page=x2; do
	fs 64 "what if \"$page\"" predict --model model.jsonl triad --what-if "$page"
done
fs 64 "programs beside those of a check" predict --model model.jsonl --check programs.jsonl triad
for within in -1 x nan 1e9; do
	fs 64 "a tolerance of $within" predict --model model.jsonl --check programs.jsonl --within="$within"
done

# ---- real rounds say what is needed

bytes=$(pages 48)
fs 0 "a program under copies and by faults" run triad --device emu --setup copy,hmm -p "size=$bytes" --rounds 1 -q -o real.jsonl
has "$(grep '"setup":"hmm"' real.jsonl | tail -n 1)" '"events":{"first_touch_on_device":16.0,"fault_to_device":48.0,"first_way_to_device":48.0,"launch":1.0,' \
	"says the events of step 3 by faults"
has "$(grep '"setup":"hmm"' real.jsonl | tail -n 1)" '"events":{"fault_to_host":32.0,"first_way_to_host":32.0,"arrival_on_host":16.0,"after_byte":' "and of step 4"
has "$(grep '"setup":"copy"' real.jsonl | tail -n 1)" '"events":{"copy_to_device":2.0,"copy_byte_to_device":' "and by copies"
fs 0 "a benchmark" run fault_back --device emu --setup hmm -p "size=$(pages 16)" --rounds 1 -q -o bench.jsonl
has "$(tail -n 2 bench.jsonl)" '"contains":{"fault_to_host":1.0,"touch_by_host":1.0}' "says what is in its values"

# ---- programs that were never measured under a way of sharing: their events are those that measured rounds were checked against

cat >small.plan <<EOF
option rounds=1 max-rounds=1
run launch setup=copy,hmm,hmm-prefetch device=emu
run fault_back setup=hmm device=emu size=$(pages 16)
run triad jacobi btree sort bfs setup=copy device=emu size=$(pages 40),$(pages 64)
EOF
fs 0 "a calibration with programs under copies" run ./small.plan -q -o small.jsonl
fs 0 "programs under other ways of sharing" run triad jacobi btree sort --setup copy,copy-overlap,hmm,hmm-prefetch --device emu -p "size=$(pages 64)" --rounds 1 -q -o ways.jsonl
# No program has such an event: what is computed stays, and nothing is said of what was measured.
no_change=--what-if=touch_by_host=x2
fs 0 "they are predicted from their records" predict --model small.jsonl --check ways.jsonl --steps $no_change
recorded=$(rows)
fs 0 "and without ever having been run so" predict --model small.jsonl triad jacobi btree sort --setup copy,copy-overlap,hmm,hmm-prefetch -p "size=$(pages 64)" --steps $no_change
is "$(rows)" "$recorded" "to the same figures, in each step"
is "$(printf '%s\n' "$recorded" | grep -c ' emu ')" 16 "for every program under each way"
fs 0 "all programs of the model" predict --model small.jsonl --setup hmm
is "$(printf '%s\n' "$out" | grep -c '^[a-z]* *hmm  *emu ')" 10 "at the sizes that it has"
has "$out" "computed, not measured" "are said to be computed"
lacks "$out" MEASURED "beside no measured figure"
fs 0 "what depends on the data has the data of the model's round" predict --model small.jsonl bfs --setup copy -p "size=$(pages 64)"
has "$out" reference "so that the reference is recognised"
fs 0 "a way that nobody calibrated, beside one that is known" predict --model small.jsonl triad --setup copy,cdm
has "$out" "left out: the model has no unit costs of them" "ways of sharing without unit costs are counted"
fs 0 "what if mirrored pages moved by 16" predict --model small.jsonl triad --setup hmm -p "size=$(pages 64)" --what-if "page=$(pages 16),fault_to_host=x0"
has "$out" "WHAT IF" "is said to be no such machine"
fs 0 "programs as JSON" predict --model small.jsonl triad --setup hmm --json
has "$out" '"what": "computed, not measured"' "say so too"
lacks "$out" '"measured"' "and have no measured figure"
fs 0 "a check as JSON" predict --model small.jsonl --check ways.jsonl --json $no_change
has "$out" '"measured"' "has some"
fs 64 "a program that does not exist" predict --model small.jsonl no_program
fs 4 "a program that nobody calibrated" predict --model small.jsonl gemm
sed 's/"page_sizes":\[[0-9]*/"page_sizes":[12345/' small.jsonl >pages.jsonl
fs 3 "a machine with other pages" predict --model pages.jsonl
has "$err" "the machines differ in page_sizes: base pages of 12345 bytes in the model" "is refused with the difference"
fs 0 "but not its unit costs" predict --model pages.jsonl --units

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# advise.sh - fivestep advise: on an invented machine whose unit costs are known, the ways of a described program cost what its pages say, in the right
# order, with the right break-even; a wrong profile is refused with line and field.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
page=$(pages 1)

awk -v kind=model -f "$srcdir/tests/analysis/predict_run.awk" >model.jsonl
fs_advise() {
	fs_want=$1
	fs_name=$2
	shift 2
	fs "$fs_want" "$fs_name" advise --model model.jsonl --program app.profile "$@"
}
# What follows WAY on its line of the table, in single blanks.
row() {
	printf '%s\n' "$out" | tr -s ' ' | sed -n "s|^$1 emu ||p" | sed 's/ $//'
}

# ---- 64 pages: the device reads all, then writes a quarter

cat >app.profile <<EOP
program p
region a $(pages 64)
phase fill host writes=a time=10us
phase use device reads=a after=fill
EOP
fs_advise 0 "a program"
has "$out" "computed, not measured: p (app.profile) by the unit costs of model.jsonl" "says that it is computed"
# 64 first touches of 400 ns, 10 us, a launch of 2 us; 64 faults of 1 us.
is "$(row hmm)" "102 us [102, 102] x 1.64 fault_to_device 63 % lacks alloc, lacks alloc_page, lacks release, lacks release_page, lacks release_visitor, lacks first_way_to_device" "hmm costs its faults"
has "$(row copy | sed 's/ %.*//')" "63.8 us [63.8, 63.8] x 1.03 copy_byte_to_device" "copy costs its bytes"
has "$out" "hmm-prefetch on emu is the best of 4 ways" "pages moved ahead are best"
# Faults and bytes: n + 0 = 26.2 (page of 4096: 64 * 4096 * 0.1 ns): 41 % of the pages.
if [ "$page" -eq 4096 ]; then
	has "$out" "hmm would be as fast as copy if the device touched 40.6 % of these pages, or if fault_to_device cost 410 ns (now 1.00 us)" "and the break-even is where it must be"
else
	skip "the break-even is for pages of 4096 bytes"
fi
sed 's/reads=a/reads=a:10%/' app.profile >few.profile
mv few.profile app.profile
fs_advise 0 "one tenth of the pages"
has "$out" "hmm on emu is the best of" "is better by faults"
fs_advise 0 "what if a fault were ten times as dear" --what-if fault_to_device=x10
has "$out" "WHAT IF" "says that it is no such machine"
lacks "$out" "hmm on emu is the best of" "others are better again"
fs_advise 0 "a machine with public figures" --machine gh200
has "$out" "WHAT IF: public figures of gh200" "is said to be no measured one"
has "$out" "copy_byte_to_device 450 GB/s: NVLink-C2C" "has the source of each figure"
fs_advise 0 "as JSON" --json
has "$out" '"what": "computed, not measured"' "says that it is computed too"
has "$out" '"setup": "hmm"' "and has the ways"

# ---- a map of what is best: 1000 pages; a launch each, faults of 1 us, pages of 300 ns and a request of 5 us

cat >app.profile <<EOP
region a $(pages 1000)
phase fill host writes=a
phase use device reads=a
EOP
if command -v gnuplot >/dev/null; then
	fs_advise 0 "a picture" --pictures map
	ok "$([ -s map/break-even.svg ] && echo 0 || echo 1)" "is drawn"
	is "$(sed -n 's/^\([0-9]*\t\)\{4\}//p' map/data/break-even.tsv | grep -xc '"[A-Z]\( = [A-Z]\)\{0,1\}"')" 49 "a place has letters, which are narrower than it is"
	has "$(grep '^x_label' map/data/break-even.gp)" "  A: " "and what they mean is below"
	tips=$(cat map/data/break-even.tips)
	is "$(printf '%s\n' "$tips" | grep -c .)" 49 "for each share and number of turns"
	has "$tips" "0.1 % of the pages, 1 turns: hmm;" "few pages are best brought by faults"
	# 300 faults against 1000 pages on request: 300 us to 305.
	has "$tips" "30 % of the pages, 1 turns: hmm;" "up to where faults cost as much"
	lacks "$tips" "100 % of the pages, 1 turns: hmm;" "and all of them not"
	# The pages are there after the first turn, but hmm-prefetch asks for them in each: 5 us a turn.
	has "$tips" "100 % of the pages, 1 turns: hmm-prefetch;" "but by one request"
	lacks "$tips" "1000 turns: hmm-prefetch;" "which is too dear in each of many turns"
else
	skip "no gnuplot" 8
fi

# ---- repeated phases: after the first time only what has changed crosses; a million are as soon computed as ten

cat >app.profile <<EOP
region a $(pages 8)
region b $(pages 8)
phase fill host writes=a,b
phase use device reads=a,b writes=b
phase look host reads=b:1
repeat 3 use look
EOP
fs_advise 0 "three turns" --json
# By copies: a and b go once; b comes back each time: no unit cost of that, so only launches and what goes.
is "$(printf '%s\n' "$out" | grep -c '"launch": 6000')" 4 "have three launches under each way"
sed 's/repeat 3/repeat 1000000/' app.profile >many.profile
mv many.profile app.profile
fs_advise 0 "a million turns" --json
is "$(printf '%s\n' "$out" | grep -c '"launch": 2.0*e*+*9\|"launch": 2000000000')" 4 "have a million launches under each way"
is "$(printf '%s\n' "$out" | sed -n 's/.*"copy_byte_to_device": \([0-9.]*\).*/\1/p' | uniq)" "$(awk -v bytes="$(pages 16)" 'BEGIN { printf "%.1f", bytes / 10 }')" \
	"while what the device still has crosses once"

# ---- several repeats

cat >app.profile <<EOP
region a $(pages 8)
phase one device reads=a
phase two device reads=a
phase three device reads=a
repeat 4 one
repeat 5 two three
EOP
fs_advise 0 "two repeats" --json
is "$(printf '%s\n' "$out" | grep -c '"launch": 28000')" 4 "are fourteen launches under each way"

# ---- order

cat >app.profile <<EOP
region a $(pages 8)
phase use device reads=a after=fill
phase fill host writes=a
EOP
fs_advise 0 "a phase that waits for one below"
has "$out" "best of" "runs after it"

# ---- what is wrong is refused, with line, field and what was expected

# wrong NAME LINE WHAT
wrong() {
	printf 'region a %s\nphase fill host writes=a\n%s\n' "$(pages 8)" "$2" >app.profile
	fs_advise 64 "$1"
	has "$err" "$3" "is named with line and field"
	has "$err" "what to do: " "and with what was expected"
}
wrong "a negative share" "phase use device reads=a:-5%" 'app.profile:3: reads: "-5%" is no share'
wrong "a share that is no number" "phase use device reads=a:nan%" 'app.profile:3: reads: "nan%" is no share'
wrong "more than all" "phase use device reads=a:101%" 'app.profile:3: reads: "101%" is not more than 0'
wrong "more pages than there are" "phase use device writes=a:9" 'app.profile:3: writes: "9" is not more than 0'
wrong "no pages" "phase use device writes=a:0" 'app.profile:3: writes: "0" is not more than 0'
wrong "an exponent" "phase use device writes=a:1e3" 'app.profile:3: writes: "1e3" is no share'
wrong "half a page" "phase use device writes=a:1.5" 'app.profile:3: writes: "1.5" is no number of pages'
wrong "10^18 pages" "region b 4096000000000000000000" 'app.profile:3: region: with "4096000000000000000000" there are more than 16777216 pages'
wrong "a size with a sign" "region b -64K" 'app.profile:3: region: "-64K" is no size'
wrong "a region twice" "region a 64K" 'app.profile:3: region: "a" is given twice'
wrong "a region with no name" "region a/b 64K" 'app.profile:3: region: "a/b" is no name'
wrong "a property twice" "region b 64K links links" 'app.profile:3: region: "links" is given twice'
wrong "a phase twice" "phase fill device reads=a" 'app.profile:3: phase: "fill" is given twice'
wrong "a phase without name" "phase" 'app.profile:3: phase: "" is no name'
wrong "a phase without side" "phase use" 'app.profile:3: phase: "" is neither host nor device'
wrong "a list that ends in a comma" "phase use device reads=a," 'app.profile:3: reads: "" is no region'
wrong "a list with nothing between commas" "phase use device reads=a after=,fill" 'app.profile:3: after: "" is no phase'
wrong "a share of nothing" "phase use device reads=:5" 'app.profile:3: reads: "" is no region'
wrong "a region read twice" "phase use device reads=a,a" 'app.profile:3: reads: "a" is given twice'
wrong "no value" "phase use device reads=" 'app.profile:3: phase: "reads=" has no value'
wrong "two names" "program x
program y" 'app.profile:4: program: "y" is a second name'
wrong "a name of two words" "program x y" 'app.profile:3: program: "y" is one word too many'
wrong "no name" "program" 'app.profile:3: program: "" is no name'
wrong "too long a time" "phase use device reads=a time=99999999999s" 'app.profile:3: time: "99999999999s" is more than 30 years'
wrong "a time twice" "phase use device reads=a time=1ms time=2ms" 'app.profile:3: time: "2ms" is given twice'
wrong "after twice" "phase use device reads=a after=fill after=fill" 'app.profile:3: after: "fill" is given twice'
wrong "nine regions" "$(for i in 2 3 4 5 6 7 8 9; do echo "region r$i 4K"; done)" 'app.profile:10: region: "r9" is one region too many'
wrong "65 phases" "$(i=1; while [ $i -lt 65 ]; do echo "phase p$i host reads=a"; i=$((i + 1)); done)" 'app.profile:66: phase: "p64" is one phase too many'
wrong "an unknown property" "region b 64K fast" 'app.profile:3: region: "fast" is unknown'
wrong "an unknown region" "phase use device reads=z" 'app.profile:3: reads: "z" is no region'
wrong "an unknown field" "phase use device speed=3" 'app.profile:3: phase: "speed" is an unknown field'
wrong "a third side" "phase use gpu reads=a" 'app.profile:3: phase: "gpu" is neither host nor device'
wrong "a negative time" "phase use device reads=a time=-3ms" 'app.profile:3: time: "-3ms" is no time'
wrong "a time without unit" "phase use device reads=a time=3" 'app.profile:3: time: "3" is no time'
wrong "a phase that waits for itself" "phase use device reads=a after=use" 'app.profile:3: after: "use" waits for a phase that waits for it: the phases are cyclic'
wrong "a phase that waits for none" "phase use device reads=a after=nothing" 'app.profile:3: after: "nothing" is no phase'
wrong "an unknown word" "loop 3 fill" 'app.profile:3: keyword: "loop" is unknown'
wrong "no device" "# nothing" "app.profile: no phase runs on the device"
for repeat in 0 -1 nan 1.5 1e3 99999999 x ''; do
	wrong "repeat \"$repeat\"" "phase use device reads=a
repeat $repeat fill" 'app.profile:4: repeat: "'
done
wrong "phases that do not follow each other" "phase use device reads=a
phase look host reads=a
repeat 2 fill look" 'app.profile:5: repeat: "look" does not follow'
wrong "a phase in two repeats" "phase use device reads=a
repeat 2 fill
repeat 3 fill" 'app.profile:5: repeat: "fill" is repeated by a line above'
wrong "17 repeats" "phase use device reads=a
$(for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do echo repeat 1 use; done)" 'app.profile:20: repeat: "1 use" is one too many'
wrong "half a question" "phase use device reads=a:??" 'app.profile:3: reads: "??" is no share'
printf 'region a 64K\nphase x host after=z writes=a\nphase y host after=x\nphase z device after=y\n' >app.profile
fs_advise 64 "phases in a circle"
has "$err" 'app.profile:2: after: "x" waits for a phase that waits for it: the phases are cyclic' "are named"
printf 'region a 64K\n\0phase x device\n' >app.profile
fs_advise 64 "a zero byte"
fs 64 "no profile" advise --model model.jsonl
fs 64 "a profile that is not there" advise --model model.jsonl --program none.profile
fs 0 "the example of the documents" advise --model model.jsonl --program "$srcdir/examples/solver.profile"
sed 's/"contains"/"none"/g' model.jsonl >empty.jsonl
fs 4 "a run that calibrates nothing" advise --model empty.jsonl --program "$srcdir/examples/solver.profile"
has "$err" "fivestep run calibrate" "says how to have one that does"

done_testing

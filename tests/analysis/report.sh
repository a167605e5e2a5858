#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep report: what must be on the page is there, nothing on it comes from elsewhere, every picture is drawn without a
# warning, and without gnuplot there is a report all the same.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs
plots=$FIVESTEP_DATADIR/analysis/plot
[ -d "$plots" ] || plots=$FIVESTEP_DATADIR/plot
gnuplot=$(command -v gnuplot || true)

# files FOLDER SUFFIX: how many there are
files() {
	find "$1" -maxdepth 1 -name "*.$2" | wc -l
}

fs 4 "a run with a skip and an invalid round" report "$runs/mixed.jsonl" -o "$tmp/mixed"
page=$(cat "$tmp/mixed/index.html")
text=$(cat "$tmp/mixed/report.md")
for part in "machine 00112233aabbccdd" "virtual machine" "emulated: emu" "one memory node only" "fivestep guest run, or boot with numa=fake=2" \
	"1.90 ms" "[1.84, 1.96]" "2.02 x floor.raw" "emu.faults" "no such event on this machine" "1 of 7 rounds invalid" "FAILS in 1 of 7" "1048576 bytes"; do
	has "$page" "$part" "the page holds: $part"
	has "$(printf '%s' "$text" | sed 's/\\//g')" "$part" "so does the Markdown"
done
for part in "In short" "With copies: the best, or as good as the best" "With coherent memory: not measured: one memory node only" "The claims of 2017" \
	"HMM by faults can be slow" "To decide, this is needed" "side by side" "The same by steps" "copies</td><td>copy</td><td>emu (emulated)"; do
	has "$page" "$part" "the page answers: $part"
done
lacks "$(sed '1,/<body>/d' "$tmp/mixed/index.html")" "<script" "texts of records are no markup on the page"
lacks "$(printf '%s' "$text" | sed 's/\\<//g')" "<script" "nor in the Markdown"
# The only addresses on the page are names of XML; all else would be fetched from elsewhere.
is "$(sed 's/xmlns[:a-z]*="[^"]*"//g; s/<script type="module">//; s/createElementNS(.http:[^,]*,//' "$tmp/mixed/index.html" | grep -ciE '(https?:)?//[a-z]|src=|fetch\(|XMLHttp|import\b|<link|<script|@import|url\([^#]')" 0 "nothing is fetched from elsewhere"
grep -oE ' href="[^#][^"]*"' "$tmp/mixed/index.html" | cut -d '"' -f 2 | while read -r file; do
	[ -s "$tmp/mixed/$file" ] || echo "$file"
done >"$tmp/missing"
is "$(cat "$tmp/missing")" "" "what is linked to is there"
is "$(grep -oE 'id="[^"]*"' "$tmp/mixed/index.html" | sort | uniq -d)" "" "no id is there twice"

# All programs in one picture.
fs 0 "a run of two programs" run gups jacobi btree --setup copy,hmm --device emu -p "size=$(pages 64)" --rounds 1 -o "$tmp/programs.jsonl"
fs 0 "its report" report "$tmp/programs.jsonl" -o "$tmp/programs"
is "$(cut -f 1,2 "$tmp/programs/programs-1.tsv" | tr '\t\n' ' ;')" "program way;gups copy;gups hmm;jacobi copy;jacobi hmm;btree copy;btree hmm;" "has each program under each way"
# of PROGRAM WAY COLUMN: what the picture's table has there.
of() {
	awk -F '\t' -v program="$1" -v way="$2" -v column="$3" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i } $1 == program && $2 == way { print $at[column] }' \
		"$tmp/programs/programs-1.tsv"
}
# faults SETUP: of device and CPU in the steps of its round.
faults() {
	grep "\"bench\":\"gups\",\"kind\":\"kernel\",\"setup\":\"$1\"" "$tmp/programs.jsonl" | grep '"type":"round"' |
		sed 's/.*"steps":\[\(.*\)\],"counters".*/\1/' | grep -oE '"(emu.faults_to_device|rusage.minflt|rusage.majflt)":\{"value":[0-9]*' |
		sed 's/.*://' | awk '{ n += $1 } END { print n }'
}
is "$(of gups copy faults)" "$(faults copy) faults" "under copies the faults are first touches"
seen=$(faults hmm)
[ "$seen" -gt "$(faults copy)" ]
ok $? "under hmm there are more faults: $seen"
is "$(of gups hmm faults)" "$seen faults" "all of them are in the table"
is "$(of btree copy calls)" "5 calls" "a tree under copies takes five calls: two copies there, one back, one to marshal, one launch"
is "$(of btree hmm calls)" "1 calls" "under hmm the launch alone"
marshal=$(of btree copy marshal)
[ -n "$marshal" ]
ok $? "the time of marshalling is in the table: $marshal"
is "$(of btree hmm marshal)$(of gups copy marshal)" "" "and none where nothing is marshalled"
if command -v gnuplot >/dev/null; then
	picture=$(cat "$tmp/programs/programs-1.svg")
	has "$picture" "$seen faults" "and beneath its bar"
	has "$picture" ", 5 calls" "with the calls"
	has "$picture" "marshal (in device)" "marshalling is a part of step 3"
	has "$picture" "btree: marshal $marshal, a part of device" "of that time"
	is "$(printf '%s\n' "$picture" | grep -c ': marshal ')" 1 "of one bar only"
else
	skip "gnuplot is not installed" 5
fi

if [ -n "$gnuplot" ]; then
	is "$(files "$tmp/mixed" svg)" "$(files "$tmp/mixed/data" gp)" "each picture is there as SVG"
	is "$(files "$tmp/mixed" png)" "$(files "$tmp/mixed/data" gp)" "and as PNG"
	is "$(grep -c '<svg role' "$tmp/mixed/index.html")" "$(files "$tmp/mixed" svg)" "and on the page"
	lacks "$page" "could not be drawn" "all were drawn"
	for kind in stack distribution counts lines floors; do
		[ -s "$tmp/mixed/$kind-1.svg" ]
		ok $? "there is a picture of the $kind"
		has "$text" "($kind-1.svg)" "which the Markdown names"
	done
	# Every script draws every picture it is for, without a word.
	fs 0 "a benchmark that nobody knows declares its pictures" report "$runs/plots.jsonl" --base "$runs/plots.jsonl" -o "$tmp/plots"
	is "$(cd "$tmp/plots" && echo *-1.svg)" "bars-1.svg crossing-1.svg distribution-1.svg forest-1.svg heat-1.svg lines-1.svg stack-1.svg" "and has them"
	is "$(grep -c "gnuplot_svg" "$tmp/plots"/*.svg "$tmp/plots/index.html" | grep -v ':0$')" "" "no picture calls a script that is not there"
	has "$(cat "$tmp/plots/bars-1.svg")" "<title>copy share=1: there 2.79 us" "who points at a bar is told its value"
	awk -v only="load|apart|paged" -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >"$tmp/curves.jsonl"
	fs 0 "curves, distributions and sizes of pages" report "$tmp/curves.jsonl" -o "$tmp/curves"
	used=
	for data in "$tmp"/curves/data/*.gp "$tmp"/mixed/data/*.gp "$tmp"/plots/data/*.gp "$tmp"/programs/data/programs*.gp; do
		name=$(basename "$data" .gp)
		case $name in
		stack* | counts* | bars*) script=boxes ;;
		floors* | page_sizes*) script=ratios ;;
		programs*) script=panels ;;
		heat* | forest* | against* | multiples*) script=${name%-*} ;;
		*) script=lines ;;
		esac
		used="$used $script"
		said=$(cd "$(dirname "$data")" && LC_ALL=C.UTF-8 gnuplot --default-settings -e "plots='$plots'; script='$script'; name='$name'" "$plots/draw.gp" 2>&1)
		is "$said" "" "$name is drawn by $script.gp without a warning"
	done
	for script in "$plots"/*.gp; do
		case $(basename "$script") in draw.gp | style.gp | series.gp | scatter.gp) continue ;; esac
		has "$used " " $(basename "$script" .gp) " "$(basename "$script") was run"
	done
	# The bars say what the record says: hmm's third step takes from 0.5 to 1.3 ms, in the third block of boxes.
	is "$(awk 'BEGIN { RS = "\n\n\n" } NR == 4' "$tmp/mixed/data/stack-1.tsv" | sed -n 2p | cut -f 1,2)" "$(printf '500\t1300')" "a bar is as long as its step"
	# A point of the curve is the upper edge of a bucket.
	is "$(sed -n 2p "$tmp/mixed/data/distribution-1.tsv" | cut -f 1)" 2016 "the distribution has the edges of the histogram"

	plots_page=$(cat "$tmp/plots/index.html")
	has "$plots_page" "imagined: which is better?" "a picture answers the question that is declared"
	has "$plots_page" 'kind &quot;hologram&quot;, which this fivestep cannot draw' "what cannot be drawn is said"
	has "$plots_page" "From about share = 5" "the crossing is found"
	has "$plots_page" "up to about share = 5.2 hmm is better, from there on cdm." "and said at the top"
	is "$(sed -n 1p "$tmp/plots/data/heat-1.tsv" | cut -f 3)" 15331832 "the best place is pale"
	has "$(cat "$tmp/plots/bars-1.tsv")" "$(printf 'copy share=1\tthere\t2.79 us')" "the table beside it holds it"
	is "$(files "$tmp/plots" pdf)" "$(files "$tmp/plots" svg)" "each picture is there as PDF"

	mkdir "$tmp/bad" && cp -R "$plots" "$tmp/bad/plot" && chmod -R u+w "$tmp/bad" && echo 'set nonsense' >>"$tmp/bad/plot/boxes.gp"
	saved=$FIVESTEP_DATADIR
	FIVESTEP_DATADIR=$tmp/bad
	fs 99 "a script that gnuplot refuses" report "$runs/fine.jsonl" -o "$tmp/refused"
	has "$err" "gnuplot: " "is said"
	has "$(cat "$tmp/refused/index.html")" "could not be drawn" "and stands where the picture would"
	FIVESTEP_DATADIR=$saved
	# Pictures are drawn several at once: what one of them says stands with it, and the others are there.
	mkdir "$tmp/refuses"
	printf '#!/bin/sh\ncase $* in *heat-1*) echo "a made-up refusal of one" >&2; exit 1 ;; esac\nexec %s "$@"\n' "$gnuplot" >"$tmp/refuses/gnuplot"
	chmod +x "$tmp/refuses/gnuplot"
	PATH=$tmp/refuses:$PATH fs 99 "one picture that gnuplot refuses" report "$runs/plots.jsonl" --base "$runs/plots.jsonl" -o "$tmp/one"
	is "$(grep -c "could not be drawn. gnuplot: a made-up refusal of one" "$tmp/one/report.md")" 1 "is said once"
	is "$(files "$tmp/one" svg)" "$(($(files "$tmp/plots" svg) - 1))" "and each other one is drawn"
	[ -e "$tmp/one/bars-1.svg" ] && [ ! -e "$tmp/one/heat-1.svg" ]
	ok $? "by its name"
	FIVESTEP_DATADIR=$tmp/none
	fs 99 "no scripts" report "$runs/fine.jsonl" -o "$tmp/scripts"
	has "$err" "FIVESTEP_DATADIR" "says what to set"
	FIVESTEP_DATADIR=$saved
else
	skip "gnuplot is not there"
fi

mkdir "$tmp/bin"
PATH_saved=$PATH
PATH=$tmp/bin
export PATH
"$FIVESTEP" report "$runs/fine.jsonl" -o "$tmp/plain" 2>"$tmp/err"
status=$?
PATH=$PATH_saved
is "$status" 0 "without gnuplot there is a report"
has "$(cat "$tmp/err")" "install gnuplot" "that says how to get pictures"
has "$(cat "$tmp/plain/index.html")" "There are no pictures: gnuplot was not found" "on the page too"
has "$(cat "$tmp/plain/index.html")" "1.90 ms" "with its tables"
is "$(files "$tmp/plain" svg)" 0 "and no pictures"

fs 4 "two runs" report "$runs/fine.jsonl" "$runs/mixed.jsonl" -o "$tmp/two"
has "$(cat "$tmp/two/index.html")" "Run 2: fixture" "a chapter each"
is "$(grep -oE 'id="[^"]*"' "$tmp/two/index.html" | sort | uniq -d)" "" "no id is there twice"
fs 77 "nothing but skips" report "$runs/skips.jsonl" -o "$tmp/skips"
has "$(cat "$tmp/skips/index.html")" "sysctl vm.unprivileged_userfaultfd=1" "says what to do"
fs 0 "in instructions" report "$runs/instructions.jsonl" -o "$tmp/insn"
has "$(cat "$tmp/insn/index.html")" "in instructions" "is said"
has "$(cat "$tmp/insn/index.html")" "This machine is emulated" "as is an emulated machine"

fs 3 "a base of another clock" report "$runs/fine.jsonl" --base "$runs/instructions.jsonl" -o "$tmp/x"
has "$err" "not comparable: the clock of" "is refused"
fs 3 "a base of another machine" report "$runs/plots.jsonl" --base "$runs/mixed.jsonl" -o "$tmp/x"
has "$err" "not the same machine: guest is true" "is refused by the field"
fs 64 "a base for two runs" report "$runs/fine.jsonl" "$runs/mixed.jsonl" --base "$runs/fine.jsonl" -o "$tmp/x"
fs 64 "no file" report -o "$tmp/x"
fs 64 "no folder" report "$runs/fine.jsonl"
has "$err" "-o DIR" "says what is missing"
fs 64 "a file that is not there" report "$tmp/none.jsonl" -o "$tmp/x"
has "$err" "$tmp/none.jsonl: No such file" "is named"
fs 64 "a folder as a run" report "$tmp" -o "$tmp/x"
: >"$tmp/empty.jsonl"
fs 4 "an empty file" report "$tmp/empty.jsonl" -o "$tmp/x"
has "$err" "the file is empty" "is named"
echo '{"a":1}' >"$tmp/json.jsonl"
fs 4 "JSON that is no run" report "$tmp/json.jsonl" -o "$tmp/x"
has "$err" "no run record" "is named"
[ ! -e "$tmp/x" ]
ok $? "nothing is written then"
fs 64 "a file as the folder" report "$runs/fine.jsonl" -o "$tmp/empty.jsonl"
has "$err" "$tmp/empty.jsonl" "is named"
fs 64 "a folder that cannot be made" report "$runs/fine.jsonl" -o /proc/nowhere/report
has "$err" "/proc/nowhere/report" "is named"

# Pages moved are those that a device says moved: the model counts pages in other ways only.
fs 0 "one program on two devices" run triad --device emu,model --setup copy,hmm,cdm-migrate -p size="$(pages 16)" --rounds 1 -o "$tmp/moved.jsonl"
fs 0 "and its report" report "$tmp/moved.jsonl" -o "$tmp/moved"
# moved SETUP DEVICE [REPORT]: what the table says.
moved() {
	sed -n "s/^| [^|]* | $1 | $2 (emulated) | [^|]* | [^|]* | [^|]* | [^|]* | \\([^ |]*\\) |\$/\\1/p" "$tmp/${3:-moved}/report.md" | sed 's|[\\]||g'
}
# What emu counted in steps 3 and 4 under hmm.
counted=$(grep '"setup":"hmm","device":"emu"' "$tmp/moved.jsonl" | sed 's|{"step":|\n&|g' | grep -E '^{"step":"(device|cpu_after)"' |
	grep -oE '"emu.pages_to_(device|host)":{"value":[0-9]+' | awk -F: '{ sum += $NF } END { print sum }')
[ "${counted:-0}" -gt 0 ]
ok $? "emu counts pages that moved: $counted"
is "$(moved hmm emu)" "$counted" "they are what the table says"
is "$(moved cdm-migrate model)" - "a page that was put, entered and left is not three pages moved"

# The report knows them by what the device declares: whatever their names; none where none is declared; by the older names in older runs.
sed 's|\([".]\)pages_to_|\1gone_to_|g' "$tmp/moved.jsonl" >"$tmp/renamed.jsonl"
sed 's|"moved":{[^}]*}|"moved":{}|g' "$tmp/moved.jsonl" >"$tmp/undeclared.jsonl"
sed 's|"moved":{[^}]*},||g' "$tmp/moved.jsonl" >"$tmp/older.jsonl"
is "$(grep -c 'emu.pages_to_' "$tmp/renamed.jsonl") $(head -n 1 "$tmp/older.jsonl" | grep -c '"moved"')" "0 0" "such runs were made"
for which in renamed undeclared older; do
	fs 0 "the report of a run whose counts are $which" report "$tmp/$which.jsonl" -o "$tmp/$which"
done
is "$(moved hmm emu renamed) $(moved hmm emu undeclared) $(moved hmm emu older)" "$counted - $counted" "pages that moved are those that the device declares"
done_testing

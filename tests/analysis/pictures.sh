#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What answers the question in a picture's title: it is said of a made-up run of which it is true, and not of one of which it is false or not certain. And
# what is drawn: curves of one metric over another, distributions side by side, results by size of page.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99
mkdir bin
PATH_saved=$PATH

# run_of FILE PLOTS with lines SETUP PARAMS METRIC... on standard input: a run of so many rounds of each under the benchmark "b". A metric is
# NAME:UNIT:BETTER:MEDIAN:SPREAD[:LAST], whose rounds are that many percent apart, the last LAST times as much, or NAME:UNIT:BETTER:h, a histogram whose tail is so many times as long.
run_of() {
	awk -v plots="$2" -v rounds="${rounds:-7}" '
		{ n++; setup[n] = $1; params[n] = $2; for (m = 3; m <= NF; m++) metric[n, m] = $m; fields[n] = NF }
		END {
			printf "{\"type\":\"run\",\"schema\":1,\"id\":\"r\",\"started\":\"2026-01-02T03:04:05Z\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":1,\"clock\":\"monotonic\","
			printf "\"machine\":{\"fingerprint\":\"00\",\"identity\":{},\"factors\":{},\"state\":{}},\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true,"
			printf "\"parameters\":{\"granule\":{\"initial\":\"4K\",\"form\":\"granule\"},\"page\":{\"initial\":\"4K\",\"form\":\"page\"}}}],"
			printf "\"benches\":{\"b\":{\"summary\":\"made up\",\"plots\":[%s],\"parameters\":{\"size\":{\"initial\":\"1M\"}}}},\"cells\":[", plots
			for (i = 1; i <= n; i++)
				printf "%s{%s}", (i > 1 ? "," : ""), cell(i)
			print "]}"
			for (r = 0; r < rounds; r++)
				for (i = 1; i <= n; i++) {
					printf "{\"type\":\"round\",\"round\":%d,%s,\"verdict\":\"ok\",\"why\":\"\",\"remedy\":\"\",\"metrics\":{", r, cell(i)
					for (m = 3; m <= fields[i]; m++)
						printf "%s%s", (m > 3 ? "," : ""), value(metric[i, m], r)
					print "},\"steps\":[],\"evidence\":[]}"
				}
			print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
		}
		function cell(i,    k, pair, part, text, set) {
			split(params[i], pair, ",")
			for (k = 1; k in pair; k++) {
				split(pair[k], part, "=")
				text = text (k > 1 ? "," : "") "\"" part[1] "\":\"" part[2] "\""
				set = set (k > 1 ? "," : "") "\"" part[1] "\""
			}
			return sprintf("\"cell\":%d,\"bench\":\"b\",\"kind\":\"benchmark\",\"setup\":\"%s\",\"device\":\"emu\",\"params\":{%s},\"set\":[%s]", i - 1, setup[i], text, set)
		}
		function value(text, r,    part) {
			split(text, part, ":")
			return sprintf("\"%s\":{\"unit\":\"%s\",\"better\":\"%s\",%s}", part[1], part[2], part[3], part[4] == "h" ? \
				sprintf("\"histogram\":[[%d,%d,960],[%d,%d,40]]", 100, 104, 100 * part[5], 104 * part[5]) : \
				sprintf("\"samples\":[%.6f]", part[4] * (1 + (r - (rounds - 1) / 2) * part[5] / 100) * (r == rounds - 1 && part[6] ? part[6] : 1)))
		}' >"$1"
}

# pictures: of the run, what they would be drawn from, in folder/data; the page as Markdown in $page. Without gnuplot an answer is a paragraph of it.
pictures() {
	rm -rf folder
	PATH=$tmp/bin
	"$FIVESTEP" report "$1" -o folder 2>said
	status=$?
	PATH=$PATH_saved
	is "$status" 0 "$what: a report"
	page=$(sed 's/\\//g' folder/report.md)
}
said() {
	has "$page" "$1" "$what: $1"
}
unsaid() {
	lacks "$page" "$1" "$what: not $1"
}

# ---- one metric over another

load='{"draw":"against","metrics":["wait","busy"],"over":"pause","mark":"idle","title":"how long?"}'
what="one curve that rises"
run_of rises.jsonl "$load" <<'EOR'
copy pause=0 wait:ns:lower:300:1 busy:GB/s:higher:9:1 idle:ns:lower:100:1
copy pause=5 wait:ns:lower:110:1 busy:GB/s:higher:3:1 idle:ns:lower:101:1
hmm pause=0 wait:ns:lower:150:1 busy:GB/s:higher:6:1 idle:ns:lower:150:1
hmm pause=5 wait:ns:lower:150:1 busy:GB/s:higher:2:1 idle:ns:lower:150:1
EOR
pictures rises.jsonl
said "copy: wait is 3.0 times idle at 9.00 GB/s."
unsaid "in no way"
is "$(sed -n '/^$/q; p' folder/data/against-1.tsv | cut -f 1,2 | tr '\t\n' ' ;')" "0 101;3 110;9 300;" "the curve begins without load, and goes by the load"
is "$(sed 1d folder/against-1.tsv | cut -f 1,2,3,5 | tr '\t\n' ' ;')" "copy 5 3.00 GB/s 110 ns;copy 0 9.00 GB/s 300 ns;hmm 5 2.00 GB/s 150 ns;hmm 0 6.00 GB/s 150 ns;" "so does the table"
is "$(awk '/^$/ { n++ } n == 4 && NF' folder/data/against-1.tsv | grep -vc '^-9')" 14 "each round of a way is a dot"
has "$(cat folder/data/against-1.gp)" "direct = 1" "names stand beside the curves"
what="curves of which none is certain to rise"
run_of flat.jsonl "$load" <<'EOR'
copy pause=0 wait:ns:lower:120:9 busy:GB/s:higher:9:1 idle:ns:lower:100:9
hmm pause=0 wait:ns:lower:150:1 busy:GB/s:higher:6:1 idle:ns:lower:150:1
EOR
pictures flat.jsonl
said "wait is certainly above idle in no way of sharing."
unsaid "times idle"
has "$(cat folder/data/against-1.gp)" "y_log = 0" "the axis begins at 0"
what="a curve that goes far up"
run_of far.jsonl "$load" <<'EOR'
copy pause=0 wait:ns:lower:40000:1 busy:GB/s:higher:9:1 idle:ns:lower:100:1
EOR
pictures far.jsonl
said "copy: wait is 400 times idle"
has "$(cat folder/data/against-1.gp)" "y_log = 1" "its axis is logarithmic"
what="a curve of too few rounds"
rounds=3 run_of few.jsonl "$load" <<'EOR'
copy pause=0 wait:ns:lower:900:1 busy:GB/s:higher:9:1 idle:ns:lower:100:1
EOR
pictures few.jsonl
unsaid "times idle"
unsaid "in no way"
what="a round far above the others"
rounds=10 run_of outside.jsonl "$load" <<'EOR'
copy pause=0 wait:ns:lower:100:1:50 busy:GB/s:higher:9:1 idle:ns:lower:100:1
EOR
if command -v gnuplot >/dev/null; then
	fs 0 "a report with pictures" report outside.jsonl -o drawn
	has "$(cat drawn/report.md)" "1 round is outside of the picture." "$what: it is told"
	fs 0 "a report with pictures" report rises.jsonl -o drawn
	lacks "$(cat drawn/report.md)" "outside of the picture" "where there is none, it is not"
else
	skip "gnuplot is not installed" 4
fi
what="names that are long"
run_of names.jsonl "$load" <<'EOR'
a-way-of-sharing-with-a-long-name pause=0 wait:ns:lower:900:1 busy:GB/s:higher:9:1 idle:ns:lower:100:1
EOR
pictures names.jsonl
has "$(cat folder/data/against-1.gp)" "direct = 0" "they are in a legend"

# ---- distributions

apart='{"draw":"multiples","metrics":["time"],"title":"how far apart?"}'
what="one way is always best"
run_of best.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:100:1
hmm size=1M time:ns:lower:200:1
cdm size=1M time:ns:lower:150:1
EOR
pictures best.jsonl
said "Every round of copy is better than every round of any other way."
unsaid "overlap with"
is "$(sed -n 's/^x_\(from\|to\) = //p' folder/data/multiples-1.gp | tr '\n' ' ')" "$(awk 'BEGIN { printf "%.9e %.0f", 97 - 0.05 * 109, 206 + 0.05 * 109 }' | sed 's/ .*//') $(awk 'BEGIN { printf "%.9e", 206 + 0.05 * 109 }') " "all strips have one scale"
what="the more, the better"
run_of more.jsonl "$apart" <<'EOR'
copy size=1M time:GB/s:higher:100:1
hmm size=1M time:GB/s:higher:200:1
EOR
pictures more.jsonl
said "Every round of hmm is better than every round of any other way."
what="two ways overlap"
run_of overlap.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:100:1
hmm size=1M time:ns:lower:103:1
cdm size=1M time:ns:lower:150:1
EOR
pictures overlap.jsonl
said "Rounds of copy, the best by its median, overlap with those of hmm."
unsaid "Every round of"
what="works of two sizes"
run_of works.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:100:1
hmm size=1M time:ns:lower:200:1
copy size=2M time:ns:lower:200:1
hmm size=2M time:ns:lower:150:1
EOR
pictures works.jsonl
said "b size=1M: how far apart?"
said "b size=2M: how far apart?"
said "Every round of copy is better"
said "Every round of hmm is better"
what="a way alone"
run_of alone.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:100:1
EOR
pictures alone.jsonl
unsaid "Every round of"
what="rounds that are all equal"
run_of equal.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:100:0
hmm size=1M time:ns:lower:200:0
EOR
pictures equal.jsonl
unsaid "how far apart?"
what="more ways than a picture has place for"
for way in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
	echo "way$way size=1M time:ns:lower:${way}00:1"
done | run_of many.jsonl "$apart"
pictures many.jsonl
said "how far apart? (continued)"
unsaid "Every round of"
is "$(sed 1d folder/multiples-2.tsv | cut -f 1)" "way13" "the last is in the second"
what="touches with a long tail"
run_of tail.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:h:1
hmm size=1M time:ns:lower:h:30
EOR
pictures tail.jsonl
said "One in a hundred takes 30 times the median or longer: hmm."
unsaid "Ninety-nine"
what="touches without one"
run_of short.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:h:1
EOR
pictures short.jsonl
said "Ninety-nine of a hundred take less than 2 times the median, in each way."
unsaid "One in a hundred"
what="touches of too few rounds"
rounds=3 run_of little.jsonl "$apart" <<'EOR'
copy size=1M time:ns:lower:h:30
EOR
pictures little.jsonl
unsaid "One in a hundred"
unsaid "Ninety-nine"

# ---- sizes of pages

bars='{"draw":"bars","metrics":["time"]}'
what="pages of several sizes"
run_of paged.jsonl "$bars" <<'EOR'
hmm size=1M,page=4K time:ns:lower:200:1
hmm size=1M,page=2M time:ns:lower:100:1
hmm size=2M,granule=64K time:ns:lower:300:1
hmm size=2M,granule=4K time:ns:lower:100:1
cdm size=1M,page=4K time:ns:lower:100:1
cdm size=1M,page=2M time:ns:lower:101:1
copy size=1M,page=4K time:GB/s:higher:5:1
copy size=1M,page=2M time:GB/s:higher:6:1
copy size=4M,page=2M time:GB/s:higher:60:1
EOR
pictures paged.jsonl
said "Do larger pages pay?"
said "Of 4, 2 are certainly better and 1 worse with larger pages. Best: b time hmm size=1M, page 2M, 2.0 times as good. Worst: b time hmm size=2M, granule 64K, 0.33 times as good."
is "$(sed 1d folder/page_sizes-1.tsv | cut -f 1,4 | tr '\t\n' ' ;')" "b time hmm size=1M, page 2M 2;b time hmm size=2M, granule 64K 0.333;b time cdm size=1M, page 2M 0.99;b time copy size=1M, page 2M 1.2;" \
	"each is beside the same with the smallest pages, and one that has none is left out"
what="pages of which nothing is certain"
run_of uncertain.jsonl "$bars" <<'EOR'
hmm page=4K time:ns:lower:100:9
hmm page=2M time:ns:lower:101:9
EOR
pictures uncertain.jsonl
said "Of 1, 0 are certainly better and 0 worse with larger pages."
unsaid "Best:"
unsaid "Worst:"
what="pages of too few rounds"
rounds=3 run_of scarce.jsonl "$bars" <<'EOR'
hmm page=4K time:ns:lower:100:1
hmm page=2M time:ns:lower:900:1
EOR
pictures scarce.jsonl
said "Do larger pages pay?"
unsaid "certainly"
what="pages of one size"
run_of same.jsonl "$bars" <<'EOR'
hmm page=4K time:ns:lower:100:1
cdm page=4K time:ns:lower:900:1
EOR
pictures same.jsonl
unsaid "Do larger pages pay?"

# ---- all programs

# Of triad, "hmm" on the other device takes 12 us, and copies 15; of bfs copies are best.
programs() {
	what=$1
	shift
	awk -v only="triad|bfs" "$@" -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >programs.jsonl
	pictures programs.jsonl
}
programs "two programs with a best way each"
said "Of 2 programs, the best for certain: hmm other for 1, copy for 1."
unsaid "cannot be told from another"
programs "two programs, one of which has none" -v factor=1.25
said "Of 2 programs, the best for certain: copy for 1. For 1 the best cannot be told from another."
programs "too few rounds" -v rounds=3
unsaid "the best for certain"
unsaid "cannot be told from another"
awk -v only="triad|bfs" -v factor=1.25 -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' | sed 's/"samples":\[[0-9.]*\]/"samples":[100]/g' >even.jsonl
what="two programs without a best way"
pictures even.jsonl
said "For none of 2 programs one way is the best for certain."
unsaid "Of 2 programs"

# ---- results beside each other

apiece='{"draw":"bars","metrics":["time"],"title":"which?"}'
what="a way that is the best"
run_of one.jsonl "$apiece" <<'EOR'
copy size=1M time:ns:lower:200:1
hmm size=1M time:ns:lower:100:1
cdm size=1M time:ns:lower:300:1
EOR
pictures one.jsonl
said "The best for certain: hmm, 100 ns; next: copy, 200 ns."
unsaid "cannot be told, as"
unsaid "The least"
what="a bandwidth, of which more is better"
sed 's/"better":"lower"/"better":"higher"/g' one.jsonl >more.jsonl
pictures more.jsonl
said "The best for certain: cdm, 300 ns; next: copy, 200 ns."
what="ways that overlap"
run_of overlap.jsonl "$apiece" <<'EOR'
copy size=1M time:ns:lower:101:5
hmm size=1M time:ns:lower:100:5
cdm size=1M time:ns:lower:300:1
EOR
pictures overlap.jsonl
said "The best cannot be told, as intervals overlap: hmm, copy."
unsaid "for certain"
what="more ways that overlap than are named"
for setup in 0 1 2 3 4 5; do
	echo "w$setup size=1M time:ns:lower:10$setup:5"
done | run_of many.jsonl "$apiece"
pictures many.jsonl
said "as intervals overlap: w0, w1, w2, w3 and 2 more."
what="too few rounds to tell"
rounds=3 run_of few.jsonl "$apiece" <<'EOR'
copy size=1M time:ns:lower:200:1
hmm size=1M time:ns:lower:100:1
EOR
pictures few.jsonl
unsaid "for certain"
unsaid "as intervals overlap"
unsaid "The least"
what="bars of different work"
run_of work.jsonl "$apiece" <<'EOR'
copy size=1M time:ns:lower:200:1
copy size=2M time:ns:lower:400:1
hmm size=1M time:ns:lower:100:1
EOR
pictures work.jsonl
said "The least: hmm size=1M, 100 ns; the most: copy size=2M, 400 ns."
unsaid "The best"
what="bars of different work that overlap"
run_of close.jsonl "$apiece" <<'EOR'
copy size=1M time:ns:lower:100:5
hmm size=2M time:ns:lower:101:5
EOR
pictures close.jsonl
said "None is certainly above another."
unsaid "The least"
what="counts that are all alike"
run_of alike.jsonl "$apiece" <<'EOR'
copy size=1M time:faults:exact:64:0
hmm size=1M time:faults:exact:64:0
EOR
pictures alike.jsonl
said "All are the same: 64 faults."
unsaid "certainly above"
what="counts, of which none is better"
run_of exact.jsonl "$apiece" <<'EOR'
copy size=1M time:faults:exact:64:0
hmm size=1M time:faults:exact:96:0
EOR
pictures exact.jsonl
said "The least: copy, 64 faults; the most: hmm, 96 faults."
unsaid "The best"
what="more bars than there is room for"
for setup in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22; do
	echo "w$setup size=1M time:ns:lower:${setup}00:1"
done | run_of crowd.jsonl "$apiece"
pictures crowd.jsonl
said "The least in this picture: w1, 100 ns; the most: w20, 2.00 us."
unsaid "The best"
what="a sentence for each of two metrics"
run_of two.jsonl '{"draw":"bars","metrics":["time","wait"]}' <<'EOR'
copy size=1M time:ns:lower:200:1 wait:ns:lower:50:1
hmm size=1M time:ns:lower:100:1 wait:ns:lower:70:1
EOR
pictures two.jsonl
said "The best by time for certain: hmm, 100 ns; next: copy, 200 ns. The best by wait for certain: copy, 50.0 ns; next: hmm, 70.0 ns."
what="one sentence for five metrics"
run_of five.jsonl '{"draw":"bars","metrics":["v","w","x","y","z"]}' <<'EOR'
copy size=1M v:ns:lower:200:1 w:ns:lower:50:1 x:ns:lower:60:1 y:ns:lower:70:1 z:ns:lower:80:1
hmm size=1M v:ns:lower:200:1 w:ns:lower:40:1 x:ns:lower:60:1 y:ns:lower:70:1 z:ns:lower:80:1
EOR
pictures five.jsonl
said "The least: w of hmm, 40.0 ns; the most: v of copy, 200 ns."
unsaid "The best"

# ---- a map, parts, and lines

map='{"draw":"heat","metrics":["time"],"over":"who","by":"where"}'
what="a map"
run_of map.jsonl "$map" <<'EOR'
hmm who=cpu,where=near time:ns:lower:100:1
hmm who=device,where=near time:ns:lower:500:1
EOR
pictures map.jsonl
said "The least: hmm who=cpu where=near, 100 ns; the most: hmm who=device where=near, 500 ns."
what="a map of one shade"
sed 's/5[0-9][0-9]\.0*\]/100]/; s/5[0-9][0-9]\.[0-9]*\]/100]/; s/"samples":\[[0-9.]*\]/"samples":[100]/' map.jsonl >shade.jsonl
pictures shade.jsonl
said "All are the same: 100 ns."
unsaid "The least"

parts='{"draw":"stack","metrics":["go","back"],"mark":"all"}'
what="parts, one of them the largest"
run_of parts.jsonl "$parts" <<'EOR'
copy size=1M go:ns:lower:50:1 back:ns:lower:20:1 all:ns:lower:70:1
hmm size=1M go:ns:lower:20:1 back:ns:lower:30:1 all:ns:lower:50:1
EOR
pictures parts.jsonl
said "The best for certain: hmm, 50.0 ns; next: copy, 70.0 ns. The largest part of a bar for certain: go in 1, back in 1 of 2."
unsaid "No part of a bar"
what="parts, none of them the largest"
run_of even.jsonl "$parts" <<'EOR'
copy size=1M go:ns:lower:50:9 back:ns:lower:51:9 all:ns:lower:101:9
EOR
pictures even.jsonl
said "No part of a bar is the largest for certain."
unsaid "The largest part"
what="parts of too few rounds"
rounds=3 run_of little.jsonl "$parts" <<'EOR'
copy size=1M go:ns:lower:50:1 back:ns:lower:20:1 all:ns:lower:70:1
EOR
pictures little.jsonl
unsaid "part of a bar"

line='{"draw":"lines","metrics":["time"],"over":"size"}'
what="two lines"
run_of lines.jsonl "$line" <<'EOR'
copy size=1M time:ns:lower:100:1
copy size=4M time:ns:lower:900:1
hmm size=1M time:ns:lower:200:1
hmm size=4M time:ns:lower:300:1
EOR
pictures lines.jsonl
said "The best at size = 1M for certain: copy, 100 ns; next: hmm, 200 ns. The best at size = 4M for certain: hmm, 300 ns; next: copy, 900 ns."
what="a line alone"
run_of alone.jsonl "$line" <<'EOR'
copy size=1M time:ns:lower:100:1
copy size=4M time:ns:lower:900:1
EOR
pictures alone.jsonl
said "The least at the ends of the axis: 1M, 100 ns; the most: 4M, 900 ns."
unsaid "The best"

long='{"draw":"distribution","metrics":["touch"]}'
what="touches"
run_of touches.jsonl "$long" <<'EOR'
copy size=1M touch:ns:lower:h:3
EOR
sed 'p; s/"setup":"copy"/"setup":"hmm"/; s/"cell":0/"cell":1/; s/\[\[100,104/[[300,304/; s/\[300,312,40/[900,912,40/' touches.jsonl |
	awk '/"type":"run"/ { if (run++) next; sub(/"cells":\[/, "&{\"cell\":1,\"bench\":\"b\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{\"size\":\"1M\"},\"set\":[\"size\"]},") }
		/"type":"end"/ { if (end++) next } { print }' >touched.jsonl
pictures touched.jsonl
said "The best by the median for certain: copy"
unsaid "In the median round"
pictures touches.jsonl
unsaid "The best by the median"
said "In the median round, half of the touches take at most 102 ns, and 99 of 100 at most 309 ns."

what="touches of too few rounds"
rounds=3 run_of scarce.jsonl "$long" <<'EOR'
copy size=1M touch:ns:lower:h:3
EOR
pictures scarce.jsonl
unsaid "In the median round"

# ---- floors, counts and changes

what="floors"
awk -v only="floor|many" -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >floors.jsonl
pictures floors.jsonl
said "6 are certainly within 2 times the floor."
said "The furthest for certain: many t hmm n=18 text=v18, 27 times floor.f1."
what="a floor whose double is within the interval"
run_of straddles.jsonl '{"draw":"bars","metrics":["time"]}' <<'EOR'
copy size=1M time:ns:lower:200:3
EOR
sed 's/"unit":"ns"/"floor":"floor.f","unit":"ns"/; s/"benches":{/&"floor":{"summary":"made up","plots":[],"parameters":{}},/' straddles.jsonl |
	awk '/"type":"run"/ { sub(/"cells":\[/, "&{\"cell\":9,\"bench\":\"floor\",\"kind\":\"benchmark\",\"setup\":\"copy\",\"device\":\"emu\",\"params\":{},\"set\":[]},") }
		{ print }
		/"type":"round"/ { sub(/"cell":0,"bench":"b"/, "\"cell\":9,\"bench\":\"floor\""); sub(/"time":.*,"steps"/, "\"f\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[100]}},\"steps\""); print }' >straddled.jsonl
pictures straddled.jsonl
said "Of 1, 0 are certainly within 2 times the floor."
awk -v only="floor|many" -v rounds=3 -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >floors.jsonl
what="floors of too few rounds"
pictures floors.jsonl
unsaid "times the floor."
unsaid "The furthest for certain"
what="counts"
programs "what devices counted"
said "emu.faults_to_device: the least in the median is 0 faults (copy emu), the most 256 faults (hmm emu)."
unsaid "the median is the same"
what="devices that counted the same"
sed 's/\("emu.faults_to_device":{"value":\)[0-9.]*/\1256/g' programs.jsonl >counted.jsonl
pictures counted.jsonl
said "emu.faults_to_device: the median is the same for each, "
unsaid "emu.faults_to_device: the least"
what="a change"
for factor in 1 1.1 0.9; do
	awk -v only="flat|ratio|parts|lone" -v rounds=13 -v id="f$factor" -v factor=$factor -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >f$factor.jsonl
done
changed() {
	rm -rf folder
	PATH=$tmp/bin
	"$FIVESTEP" report --base f1.jsonl "$1" -o folder 2>said
	PATH=$PATH_saved
	page=$(sed 's/\\//g' folder/report.md)
}
changed f1.1.jsonl
said "Slower: "
unsaid "is certainly slower or faster"
unsaid "Faster: "
what="a change for the better"
changed f0.9.jsonl
said "Faster: "
unsaid "Slower: "
what="no change"
changed f1.jsonl
said "is certainly slower or faster."
unsaid "Slower: "

# ---- a sweep of many values

what="values that are close to each other"
for size in 1000000 1000100 1000200 2000000 2000100 4000000; do
	echo "copy size=$size time:ns:lower:100:1"
done | run_of sweep.jsonl '{"draw":"lines","metrics":["time"],"over":"size"}'
pictures sweep.jsonl
is "$(grep '^x_tics' folder/data/lines-1.gp)" "x_tics = \"('1000000' 1.000000000e+06, '' 1.000100000e+06, '' 1.000200000e+06, '2000000' 2.000000000e+06, '' 2.000100000e+06, '4000000' 4.000000000e+06)\"" \
	"not each of them is named, so that no label is over another"

# ---- where the answer stands

if command -v gnuplot >/dev/null; then
	fs 0 "a report with pictures" report paged.jsonl -o drawn
	is "$(grep -c 'Of 4, 2 are certainly better' drawn/report.md)" 1 "the answer is said once in the Markdown: it is the picture's text"
	has "$(sed 's/<[^>]*>//g' drawn/page_sizes-1.svg)" "Of 4, 2 are certainly better" "and stands in the picture, beneath its title"
	fs 0 "the same for print" report paged.jsonl -o print --size 84mm
	command -v pdftotext >/dev/null && lacks "$(pdftotext print/page_sizes-1.pdf - 2>/dev/null)" "certainly better" "where it is the caption's"
else
	skip "gnuplot is not installed" 4
fi

done_testing

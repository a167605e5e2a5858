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

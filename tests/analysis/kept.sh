#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kept.sh - what is written for readers, to the character: reports with the numbers and texts of their pictures, comparisons, exports. The expected texts are in
# tests/kept/, one file a command; their runs are made up of figures so simple that each number there can be checked by hand.
# Where a change of such a text is wanted, see tests/kept.sh.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
cp "$srcdir"/tests/runs/*.jsonl "$tmp"
cd "$tmp" || exit 99
# kept_report NAME PARTS ARGS...: of a report the Markdown (md; head: before the chapters of runs), what the pictures are made of (data), the page from its first heading on (html)
kept_report() {
	report_name=$1
	report_parts=$2
	shift 2
	rm -rf folder
	without_gnuplot report "$@" -o folder >said 2>&1
	for part in $report_parts; do
		case $part in
		md) cp folder/report.md got ;;
		head) sed '/^# Run 1/,$d' folder/report.md >got ;;
		html) sed '1,/<body>/d' folder/index.html >got ;;
		data)
			for file in folder/data/*; do
				printf '==> %s <==\n' "${file#folder/data/}"
				cat "$file"
			done >got
			;;
		esac
		as_kept "$report_name.$part"
	done
}

# made FILE [KEY=VALUE...]: a run with one of everything, see there
made() {
	made_file=$1
	shift
	for made_arg; do
		set -- "$@" -v "$made_arg"
		shift
	done
	awk "$@" -f "$srcdir/tests/analysis/gallery_run.awk" >"$made_file"
}

made gallery.jsonl
made slow.jsonl rounds=13 factor=1.1 id=slow only="flat|ratio|parts|wrong|touch|lone"
made base.jsonl rounds=13 id=base only="flat|ratio|parts|wrong|map"
made instructions.jsonl clock=instructions only="bfs|flat|touch|floor"
made one.jsonl only="triad|bfs|wrong" id=one
made bfs.jsonl only=bfs id=bfs
made other.jsonl cpu=another id=other only="triad|bfs"

kept_report report-mixed "md data" mixed.jsonl
kept_report report-gallery "md data" gallery.jsonl
kept_report report-change data --base base.jsonl slow.jsonl
kept_report report-instructions data instructions.jsonl
kept_report report-several head one.jsonl other.jsonl conform.jsonl skips.jsonl
made wrong.jsonl only=wrong
kept_report report-wrong md wrong.jsonl
kept_report report-conform md conform.jsonl

gnuplot_stands_in
kept_report report-drawn html plots.jsonl

# Every word of a comparison: each verdict, why, and what would decide.
made disturbed.jsonl rounds=13 factor=1.1 id=disturbed only="flat|ratio" busy=1
made few.jsonl rounds=7 factor=1.1 id=few only="flat|ratio"
kept compare.txt 4 compare base.jsonl slow.jsonl
kept compare-explained.txt 4 compare --all --explain base.jsonl slow.jsonl
kept compare.md 4 compare --markdown base.jsonl slow.jsonl
kept compare.json 4 compare --json base.jsonl slow.jsonl
# The same, in counts of instructions; what differs of counts, units and settings.
made counted.jsonl rounds=13 clock=instructions only="flat|wrong|ratio" id=counted
made recounted.jsonl rounds=13 clock=instructions factor=1.01 changed=1 only="flat|wrong|ratio" id=recounted
kept compare-changed.txt 4 compare --all counted.jsonl recounted.jsonl
kept compare-changed-explained.txt 4 compare --explain counted.jsonl recounted.jsonl
kept compare-changed.md 4 compare --markdown --all counted.jsonl recounted.jsonl
kept compare-changed-back.txt 4 compare recounted.jsonl counted.jsonl
kept compare-changed.json 4 compare --json --explain counted.jsonl recounted.jsonl
made changed.jsonl rounds=13 changed=1 only="flat|wrong|parts" id=changed
kept compare-times-changed.txt 4 compare --explain base.jsonl changed.jsonl
kept compare-disturbed.txt 4 compare --explain base.jsonl disturbed.jsonl
kept compare-few.txt 4 compare --explain base.jsonl few.jsonl
kept compare-unlike.txt 3 compare bfs.jsonl other.jsonl
kept compare-allowed.txt 0 compare --allow-unlike cpu bfs.jsonl other.jsonl

made small.jsonl rounds=6 only="bfs|ratio|wrong" id=small
made single.jsonl rounds=1 only="bfs|ratio|wrong" id=single
kept export.csv 4 export --format csv single.jsonl
for format in bmf junit matrix openmetrics otava; do
	kept "export.$format" 4 export --format "$format" small.jsonl
done

COLUMNS=100
kept show.txt 4 show gallery.jsonl
kept show-table.txt 4 show --table gallery.jsonl
kept show-all.txt 4 show --all small.jsonl
kept show.json 4 show --json small.jsonl
kept fleet.txt 4 merge --fleet --all gallery.jsonl other.jsonl

done_testing

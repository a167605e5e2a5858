#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# publish.sh [RUN... | pictures | kernels] - measures the runs of results/published (programs touches guest instructions twelve shapes, or those named) anew on this machine and
# draws the gallery's pictures of them. On a committed tree, and a quiet machine: the runs say their commit, and what disturbed them.
# `publish.sh pictures` measures nothing: it draws the gallery's pictures of the runs that are there. It needs gnuplot.
# By itself, `publish.sh kernels` measures the kernels of all source packages under /usr/src, in results/published/kernels.
set -eu

source=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$source/fivestep}
published=$source/results/published
gallery=$source/docs/gallery
runs=${*:-programs touches guest instructions twelve shapes}
FIVESTEP_DATADIR=$source
export FIVESTEP_DATADIR

work=$(mktemp -d "${TMPDIR:-/tmp}/fivestep-publish.XXXXXX")
trap 'rm -rf "$work"' EXIT

# measured NAME: as results/published/README.md says.
measured() {
	case $1 in
	programs | touches | shapes) (cd "$published" && "$fivestep" run "./$1.plan" --counters rusage --anonymous -o "$work/$1.jsonl") ;;
	guest) (cd "$published" && "$fivestep" guest run -- run ./guest.plan --counters rusage -o "$work/$1.jsonl") ;;
	instructions) (cd "$published" && "$fivestep" guest run --clock instructions -- run ./guest.plan --counters rusage -o "$work/$1.jsonl") ;;
	twelve) (cd "$published" && "$fivestep" guest run --clock instructions -- run ./twelve.plan --counters rusage -o "$work/$1.jsonl") ;;
	*)
		echo "publish: unknown run $1: programs, touches, guest, instructions, twelve or shapes" >&2
		return 64
		;;
	esac
}

if [ "$runs" = kernels ]; then
	"$fivestep" guest kernels -o "$work/kernels"
	mkdir -p "$published/kernels"
	cp "$work"/kernels/kernel-*.jsonl "$work/kernels/kernels.json" "$published/kernels/"
	cp "$work/kernels/kernels.svg" "$gallery/kernels.svg"
	exit
fi
[ "$runs" != pictures ] || runs=
for run in $runs; do
	measured "$run"
	mv "$work/$run.jsonl" "$published/$run.jsonl"
done
(cd "$published" && "$fivestep" report programs.jsonl touches.jsonl guest.jsonl instructions.jsonl twelve.jsonl shapes.jsonl -o "$work/report" >/dev/null)

# Each line: which run of the report (its pictures' prefix), what the title begins with, and the picture's name in the gallery.
while IFS='|' read -r prefix title picture; do
	found=$(cd "$work/report/data" && grep -lF "title = '$title" -- *.gp | grep "^$prefix" | head -n 1)
	if [ -z "$found" ]; then
		echo "publish: the report has no picture $title for $picture.svg" >&2
		exit 99
	fi
	cp "$work/report/${found%.gp}.svg" "$gallery/$picture.svg"
done <<'END'
stack-|triad: time of the five steps|programs
run2-|sparse_touch: from which share of the pages on do copies win?|crossing
run2-|fault_latency: the CPU''s touch of a page that is on the device|touch
run2-|ping_pong: does the page still move with every turn?|thrash
run3-|fault_back: the CPU''s first touch of a page on the device|guest-touch
run4-|fault_back: the CPU''s first touch of a page on the device|instructions-touch
run4-|fault_back: a page moved to the device on request|instructions-migration
run4-|triad: time of the five steps|instructions
run5-|Which way of sharing suits which program, and why?|twelve
run6-|loaded_latency: how long does a read take under load?|load
run6-|fault_back: how far apart are rounds of the CPU''s first touch?|apart
run6-|Do larger pages pay?|pages
END

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# site_scale.sh [SERIES [RUNS]] - how long and with how much memory the site of a long history is written, of 2000 series over 400 runs.
#
# The runs are made up: one of each day, every twentieth series is 5 % slower in the last quarter. It fails if a page is a megabyte or more, or if the site
# takes more than 60 s or 500 MiB; the second time shows what it costs if nothing is new.
set -eu

series=${1:-2000}
runs=${2:-400}
here=$(cd "$(dirname "$0")/.." && pwd)
fivestep=${FIVESTEP:-$PWD/fivestep}
[ -x "$fivestep" ] || fivestep=$here/fivestep
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cat >"$work/runs.awk" <<'EOA'
function draw() { seed = (seed * 16807) % 2147483647; return seed / 2147483647 }
BEGIN {
	seed = 1 + from
	for (run = from; run < to; run++) {
		file = sprintf("%s/run%05d.jsonl", dir, run)
		day = sprintf("%04d-%02d-%02dT06:00:00Z", 2020 + int(run / 336), 1 + int(run / 28) % 12, 1 + run % 28)
		printf("{\"type\":\"run\",\"schema\":1,\"id\":\"%08d-0000-4000-8000-000000000000\",\"started\":\"%s\",\"plan\":{\"name\":\"made up\",\"text\":\"\"},\"seed\":1,\"clock\":\"monotonic\",", run, day) >file
		printf("\"build\":{\"commit\":\"commit%d\"},\"machine\":{\"fingerprint\":\"00112233aabbccdd\",\"identity\":{\"cpu\":\"invented\"},\"factors\":{\"kernel\":\"6.12.%d\"},\"state\":{}},", run, run / 50) >file
		print "\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true}],\"cells\":[]}" >file
		for (c = 0; c < series; c++) {
			value = 4000 * (1 + (draw() + draw() + draw() + draw() - 2) / 100) * (c % 20 == 0 && run >= 0.75 * runs ? 1.05 : 1)
			printf("{\"type\":\"round\",\"round\":0,\"cell\":%d,\"bench\":\"bench%d\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", c, c % 40) >file
			printf("\"params\":{\"size\":\"%dK\"},\"set\":[\"size\"],\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.6f]}},\"steps\":[],\"evidence\":[]}\n", 4 * (c + 1), value) >file
		}
		print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}" >file
		close(file)
	}
}
EOA

# In parts, so that the run files of years need not be on the disk at once; the last ones stay, to be compared.
echo "$series series x $runs runs"
mkdir "$work/runs"
from=0
while [ "$from" -lt "$runs" ]; do
	to=$((from + 50 < runs ? from + 50 : runs))
	rm -f "$work"/runs/*
	awk -v dir="$work/runs" -v series="$series" -v runs="$runs" -v from="$from" -v to=$to -f "$work/runs.awk"
	"$fivestep" history add --db "$work/h.db" "$work"/runs/*.jsonl 2>/dev/null
	from=$to
done

limit() {
	awk -v value="$2" -v most="$3" 'BEGIN { exit !(value <= most) }' || {
		echo "site_scale: $1: $2, more than $3" >&2
		failed=1
	}
}
failed=0
for time in first second; do
	"$fivestep" history site --db "$work/h.db" -o "$work/site" 2>"$work/said" &
	pid=$!
	began=$(date +%s%N)
	peak=0
	while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
		peak=$now
		sleep 0.02
	done
	wait $pid || {
		cat "$work/said" >&2
		exit 99
	}
	took=$(echo $(($(date +%s%N) - began)) | awk '{ printf("%.2f", $1 / 1e9) }')
	echo "$time time: $took s, $((peak / 1024)) MiB; $(sed 's/.*series; //' "$work/said")"
	limit seconds "$took" 60
	limit MiB "$((peak / 1024))" 500
done
largest=$(find "$work/site" -type f -exec wc -c {} + | awk '$2 != "total" { if ($1 > most) most = $1 } END { print most }')
echo "largest page: $((largest / 1000)) kB; all: $(du -sm "$work/site" | cut -f 1) MiB"
limit "bytes of a page" "$largest" 999999
exit $failed

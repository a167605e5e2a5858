#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build_bench.sh - what `make bench` makes of the statuses of `fivestep run`: skips are fine, bad data are not, and whatever was
# measured is reported. The program is one that measures nothing and ends as told.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

cat >"$tmp/fivestep" <<'EOC'
#!/bin/sh
case $1 in
run)
	[ "$RUN_STATUS" -eq 64 ] || echo '{}' >"$4"
	exit "$RUN_STATUS"
	;;
report)
	mkdir "$4"
	exit "$REPORT_STATUS"
	;;
esac
EOC
chmod +x "$tmp/fivestep"
FIVESTEP=$tmp/fivestep
GUEST=no
export GUEST
cd "$tmp" || exit 99

# bench WANT NAME RUN_STATUS REPORT_STATUS
bench() {
	rm -rf results
	out=$(RUN_STATUS=$3 REPORT_STATUS=$4 "$srcdir/build-aux/bench.sh" quick 2>&1)
	is $? "$1" "$2"
}

bench 0 "all is fine" 0 0
has "$out" "report  $tmp/results/local/" "and it says where the report is"
bench 0 "every cell skipped is fine, too" 77 77
has "$out" "fivestep doctor says why" "and said"
bench 4 "bad data are not" 4 0
has "$out" "report  $tmp/results/local/" "but they are reported"
bench 64 "an unknown plan ends it" 64 0
lacks "$out" report "with nothing to report"
bench 99 "a report that cannot be written is not fine" 0 99

RUN_STATUS=0 REPORT_STATUS=0
export RUN_STATUS REPORT_STATUS
rm -rf results
for i in 1 2 3; do
	"$srcdir/build-aux/bench.sh" quick >"$tmp/out.$i" 2>&1
done
is "$(find results/local -name '*.jsonl' | wc -l)" 3 "three in one second are three files"

done_testing

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
guest)
	[ "$2" = run ] || exit "$BUILD_STATUS"
	while [ $# -gt 1 ]; do
		shift
	done
	echo '{}' >"$1"
	;;
report)
	echo "$*" >"$FIVESTEP-asked"
	while [ $# -gt 1 ]; do
		shift
	done
	mkdir "$1"
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

RUN_STATUS=0 REPORT_STATUS=0 BUILD_STATUS=0
export RUN_STATUS REPORT_STATUS BUILD_STATUS FIVESTEP
rm -rf results
for i in 1 2 3; do
	"$srcdir/build-aux/bench.sh" quick >"$tmp/out.$i" 2>&1
done
is "$(find results/local -name '*.jsonl' | wc -l)" 3 "three in one second are three files"

# The guest is two boots more: one under the clock of instructions, one with automatic balancing.
unset GUEST
FIVESTEP_INSTALL=no
export FIVESTEP_INSTALL
rm -rf results
"$srcdir/build-aux/bench.sh" quick >"$tmp/out" 2>&1
is $? 0 "with the guest"
is "$(tr ' ' '\n' <"$FIVESTEP-asked" | sed -n 's/^.*Z\([-a-z]*\)\.jsonl$/here\1/p' | tr '\n' ' ')" "here here-guest here-balanced " "one report has its parts, too"
rm -rf results
BUILD_STATUS=77 "$srcdir/build-aux/bench.sh" quick >"$tmp/out" 2>&1
is $? 0 "without a kernel for it"
has "$(cat "$tmp/out")" "guest: skipped" "it is a skip"
is "$(find results/local -name '*.jsonl' | wc -l)" 1 "and the host's part is there"

BUILD_STATUS=99 "$srcdir/build-aux/bench.sh" quick >"$tmp/out" 2>&1
is $? 99 "with a kernel that does not build"
has "$(cat "$tmp/out")" "guest: lost" "it is lost, and that is said"
has "$(cat "$tmp/out")" "rounds  $tmp/results/local/" "beside the host's part"
# A package manager that is busy for longer than anybody waits.
mkdir "$tmp/build-aux"
cp "$srcdir/build-aux/bench.sh" "$tmp/build-aux"
printf '#!/bin/sh\nexit 75\n' >"$tmp/build-aux/packages.sh"
chmod +x "$tmp/build-aux/packages.sh"
rm -rf results
BUILD_STATUS=77 "$tmp/build-aux/bench.sh" quick >"$tmp/out" 2>&1
is $? 75 "with packages that could not be installed"
has "$(tail -n 1 "$tmp/out")" "guest: lost, see above: what it needs could not be installed; make bench-guest" "the last line says what was lost and what to do"

done_testing

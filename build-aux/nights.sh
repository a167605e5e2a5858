#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# nights.sh [NIGHTS [SEED]] - years of nights through docs/ci/track.sh, with made-up runs: how often it fails for nothing, and what it misses.
#
# FIVESTEP names the program (default: ./fivestep). Of 57 series 38 are noisy (1 % from night to night, one run of fifty 10 % off), 19 are counts. What
# happens, by the night of each year:
#
#   60   a commit makes 3 series 5 % slower; after 7 nights of alarm it is marked as expected
#   110  another makes one series 3 % slower; the same
#   150  a series drifts by 0.1 % a night, for 60 nights; once it is seen, 30 nights go by and all is accepted
#   230  a count changes; it is undone 5 nights later
#   260  one series is 10 % slower on purpose; noted at the first alarm
#   300  the machine is replaced by another, on which everything is twice as fast
#
# Each 4th night there is a merge request: one of two does nothing, the others make a series 10 % slower or change a count.
#
# It prints a line for each night on which something was said, and at the end what was false, missed and gone too early. Status 1 where more than one
# night of a hundred failed for nothing, or an alarm was missed.
set -u

nights=${1:-730}
seed=${2:-1}
FIVESTEP=${FIVESTEP:-./fivestep}
case $FIVESTEP in /*) ;; *) FIVESTEP=$PWD/$FIVESTEP ;; esac
srcdir=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd)
track=$srcdir/docs/ci/track.sh
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' INT TERM HUP
cd "$tmp" || exit 99

# made.awk - one run file: -v night=N -v again=0 (which run of that night) -v slow="CELL:FACTOR ..." -v counts="CELL:N ..." -v machine=N.
cat >made.awk <<'EOA'
function uniform() { return rand() }
function normal() { return sqrt(-2 * log(1 - uniform())) * cos(6.283185307 * uniform()) }
function put(list, into, first,    n, i, parts, items) {
	n = split(list, items, " ")
	for (i = 1; i <= n; i++) {
		split(items[i], parts, ":")
		into[parts[1]] = into[parts[1]] == "" ? first parts[2] : into[parts[1]] * parts[2]
	}
}
BEGIN {
	srand(seed * 1000003 + night * 7 + again)
	for (i = 0; i < 20; i++) uniform()
	put(slow, factor, "")
	put(counts, count, "")
	# started: the day, and the hour by which run of the day it is
	day = sprintf("%04d-%02d-%02dT%02d:00:00Z", 2025 + int(night / 336), 1 + int(night / 28) % 12, 1 + night % 28, 6 + again)
	printf("{\"type\":\"run\",\"schema\":1,\"id\":\"%04x%04x-%04x-4000-8000-%012d\",\"started\":\"%s\",", night, machine, again, seed, day)
	printf("\"plan\":{\"name\":\"nights\",\"text\":\"\"},\"seed\":1,\"clock\":\"monotonic\",\"build\":{\"version\":\"0.1.0\",\"commit\":\"commit%d\"},", night)
	printf("\"machine\":{\"fingerprint\":\"00112233aabbcc%02d\",\"identity\":{\"cpu\":\"invented\",\"cpus\":%d},", machine, machine)
	print "\"factors\":{\"kernel\":\"6.12.1\"},\"state\":{}},\"devices\":[{\"name\":\"emu\",\"summary\":\"\",\"emulated\":true}],\"cells\":[]}"
	for (c = 0; c < cells; c++) {
		off[c] = 1 + 0.01 * normal() + (uniform() < 0.02 ? 0.1 : 0)
		also[c] = 1 + 0.01 * normal() + (uniform() < 0.02 ? 0.1 : 0)
		if (c in factor) off[c] *= factor[c]
	}
	for (r = 0; r < 12; r++)
		for (c = 0; c < cells; c++) {
			printf("{\"type\":\"round\",\"round\":%d,\"cell\":%d,\"bench\":\"b%02d\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",", r, c, c)
			printf("\"params\":{\"size\":\"1M\"},\"set\":[\"size\"],\"verdict\":\"ok\",\"metrics\":{")
			printf("\"first\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.4f]},", 4000 / machine * off[c] * (1 + 0.002 * normal()))
			printf("\"second\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%.4f]},", 900 / machine * also[c] * (1 + 0.002 * normal()))
			printf("\"faults\":{\"unit\":\"faults\",\"better\":\"exact\",\"samples\":[%d]}},\"steps\":[],\"evidence\":[]}\n", c in count ? count[c] : 252)
		}
	print "{\"type\":\"end\",\"stop\":\"done\",\"cells\":[]}"
}
EOA

# A fivestep whose `run` gives a made-up run; all else is the real one's.
cat >made_up <<'EOR'
#!/bin/sh
if [ "$1" = run ]; then
	case $4 in
	*/requests/*-1.jsonl) again=2 ;;
	*/requests/*-2.jsonl) again=3 ;;
	*/requests/*) again=1 ;;
	*) again=0 ;;
	esac
	exec awk -v seed="$SEED" -v night="$NIGHT" -v again=$again -v cells=19 -v slow="$SLOW" -v counts="$COUNTS" -v machine="$MACHINE" -f made.awk >"$4"
fi
exec "$REAL" "$@"
EOR
chmod +x made_up

# track yes|no SLOW COUNTS: one call of track.sh, what it said in said, its status in $status
track() {
	env REAL="$FIVESTEP" FIVESTEP="$tmp/made_up" SEED="$seed" NIGHT="$night" SLOW="$2" COUNTS="$3" MACHINE="$machine" UPDATE="$1" \
		sh "$track" store >said 2>&1
	status=$?
}
# named: the cells of what was said to be worse or changed
named() {
	sed -n 's/^\(WORSE\|CHANGED\)  *b\([0-9]*\).*/\2/p' said | sed 's/^0//' | sort -un | tr '\n' ' '
}
# note CELL WHY: as a person would, at the run that check names
note() {
	note_cell=$(printf 'b%02d' "$1")
	run=$(awk -v cell="$note_cell/" '/"state":/ { bad = /WORSE|CHANGED/ } /"cell":/ { of = index($0, cell) } /"run":/ && bad && of && !done { split($0, p, "\""); print p[4]; done = 1 }' \
		store/check.json)
	[ -z "$run" ] || "$FIVESTEP" history annotate --db store/history.db "$run" "$note_cell/*" --why "$2" >/dev/null
}
# is_in WORD LIST
is_in() {
	case " $2 " in *" $1 "*) ;; *) return 1 ;; esac
}

slow='' counts='' machine=1 active=''
false_nights=0 gone=0 missed=0 requests=0 false_requests=0 missed_requests=0 night=0 alarms=0
told=''
begun=''

# begin CELL WHAT: from now on an alarm about that cell is right; end CELL: it is not
begin() {
	active="$active $1"
	begun="$begun $1:$night"
	echo "night $night: $2"
}
end() {
	is_in "$1" "$told" || {
		echo "night $night: MISSED: cell $1"
		missed=$((missed + 1))
	}
	active=$(printf '%s\n' "$active" | tr ' ' '\n' | grep -vx "$1" | tr '\n' ' ')
	told=$(printf '%s\n' "$told" | tr ' ' '\n' | grep -vx "$1" | tr '\n' ' ')
	begun=$(printf '%s\n' "$begun" | tr ' ' '\n' | grep -v "^$1:" | tr '\n' ' ')
}

# settle: what people do about what is active; each waits until it was told, and then for so many nights
due=''
settle() {
	for one in $due; do
		cell=${one%%:*}
		when=${one##*:}
		[ "$when" -le "$night" ] || continue
		due=$(printf '%s\n' "$due" | tr ' ' '\n' | grep -vx "$one" | tr '\n' ' ')
		case $one in
		*:note:*) note "$cell" "expected" ;;
		*:accept:*) "$FIVESTEP" history baseline --db store/history.db accepted latest ;;
		*:give_up:*) ;;
		esac
		is_in "$cell" "$active" && end "$cell"
	done
}

while [ $night -lt "$nights" ]; do
	case $((night % 365)) in
	60)
		for cell in 3 7 11; do
			slow="$slow $cell:1.05"
			begin $cell "5 % slower: cell $cell"
		done
		;;
	110)
		slow="$slow 5:1.03"
		begin 5 "3 % slower: cell 5"
		;;
	150) begin 9 "drifts by 0.1 % a night: cell 9" ;;
	230)
		counts='2:253'
		begin 2 "another count: cell 2"
		;;
	235)
		counts=''
		end 2
		echo "night $night: the count is undone"
		;;
	260)
		slow="$slow 13:1.1"
		begin 13 "10 % slower on purpose: cell 13"
		;;
	300)
		machine=$((machine + 1))
		echo "night $night: another machine"
		;;
	esac
	drift=$((night % 365 - 150))
	[ $drift -le 60 ] || drift=60
	if [ $((night % 365)) -ge 150 ] && [ $((night % 365)) -lt 300 ]; then
		drifting=$(awk -v d=$drift 'BEGIN { printf "9:%.4f", 1 + 0.001 * d }')
	else
		drifting=''
	fi

	track yes "$slow $drifting" "$counts"
	worse=$(named)
	false=''
	for cell in $worse; do
		if ! is_in "$cell" "$active"; then
			false="$false $cell"
		elif ! is_in "$cell" "$told"; then
			told="$told $cell"
			since=$(printf '%s\n' "$begun" | tr ' ' '\n' | sed -n "s/^$cell://p" | tail -n 1)
			echo "night $night: told of cell $cell, in night $((night - since + 1))"
			alarms=$((alarms + 1))
			case $cell in
			13) due="$due $cell:note:$((night + 1))" ;;
			9) due="$due $cell:accept:$((night + 30))" ;;
			2) ;;
			*) due="$due $cell:note:$((night + 7))" ;;
			esac
		fi
	done
	for cell in $told; do
		is_in "$cell" "$worse" || {
			echo "night $night: GONE: the alarm about cell $cell, though nothing was done about it"
			gone=$((gone + 1))
		}
	done
	if [ -n "$false" ] || { [ $status -ne 0 ] && [ -z "$worse" ]; }; then
		false_nights=$((false_nights + 1))
		echo "night $night: FALSE: status $status, cells$false"
		for cell in $false; do
			is_in "$cell:note:$((night + 7))" "$due" || due="$due $cell:note:$((night + 1))"
		done
	fi
	settle

	if [ $((night % 4)) -eq 3 ]; then
		requests=$((requests + 1))
		with_slow="$slow $drifting"
		with_counts=$counts
		kind=$((night / 4 % 4))
		[ $kind -ne 1 ] || with_slow="$with_slow 15:1.1"
		[ $kind -ne 3 ] || with_counts="$counts 16:300"
		before=$(find store/runs -type f | wc -l)
		track no "$with_slow" "$with_counts"
		[ "$(find store/runs -type f | wc -l)" -eq "$before" ] || echo "night $night: KEPT: the merge request's run is among main's"
		case $kind in
		1 | 3) [ $status -eq 1 ] || {
			missed_requests=$((missed_requests + 1))
			echo "night $night: MISSED: a merge request of kind $kind: status $status"
		} ;;
		*) [ $status -eq 0 ] || {
			false_requests=$((false_requests + 1))
			echo "night $night: FALSE: a merge request that does nothing: status $status:$(named)"
		} ;;
		esac
	fi
	night=$((night + 1))
done

echo "nights: $nights, of which $false_nights failed for nothing; alarms: $alarms told, $missed missed, $gone gone for a night"
echo "merge requests: $requests, of which $false_requests failed for nothing and $missed_requests were missed"
[ $((false_nights * 100)) -le "$nights" ] && [ $missed -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# break_even.sh [ROUNDS [OPTION...]] - whether the break-even of sparse_touch is that of a program, and reuse says of passes what a program shows.
# Prints from which share of the touched pages on copies beat hmm by sparse_touch, with an interval from the rounds (default: 10); then gups with a
# third and with three times that share, on either side of it, and which way is faster there. Then reuse with 1 to 16 passes and jacobi with as many
# sweeps. OPTIONs are those of fivestep run (default: --device emu). $FIVESTEP is the program; GUEST='fivestep guest run OPTION... --' runs all of it
# in the guest, where `--clock instructions` gives the same each time. Exit status 1 if a program and its benchmark disagree, 5 if the rounds are too
# few or too noisy to tell, 4 if nothing could be measured.
set -eu
fivestep=${FIVESTEP:-./fivestep}
rounds=${1:-10}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- --device emu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# measure FILE ARGS...: a run under both ways, as lines of CSV
measure() {
	file=$1
	shift
	# shellcheck disable=SC2086 # options and all
	${GUEST:-"$fivestep"} run "$@" --setup copy,hmm --rounds "$rounds" -o "$folder/run.jsonl" >"$folder/out" 2>&1 || {
		cat "$folder/out" >&2
		exit 4
	}
	"$fivestep" export --format csv "$folder/run.jsonl" >"$folder/$file"
	rm "$folder/run.jsonl"
}

# Of CSV: medians, and the order statistics that are a 95 % interval of them, by setup and parameter; the sum of those metrics that are named.
cat >"$folder/medians.awk" <<'EOT'
BEGIN { FS = ","; split(sum, names, " "); for (n in names) wanted[names[n]] = 1 }
NR > 1 && $13 == "ok" && $15 == "metric" && $17 in wanted {
	value = $10
	if (!sub("(.* )?" param "=", "", value))
		next
	sub(" .*", "", value)
	by_round[$8, value, $12] += $20
}
END {
	for (key in by_round) {
		split(key, k, SUBSEP)
		print k[1], k[2], by_round[key]
	}
}
EOT
medians() {
	awk -v param="$2" -v sum="$3" -f "$folder/medians.awk" "$folder/$1" | sort -k 1,1 -k 2,2g -k 3,3g | awk '
		function flush(  i, p, tail, k) {
			if (n == 0) return
			# The k-th smallest and largest of n: as long as the binomial distribution leaves 2.5 % outside each.
			p = tail = 0.5 ^ n
			for (k = 0; tail <= 0.025; ) { k++; p = p * (n - k + 1) / k; tail += p }
			k = k < 1 ? 1 : k
			print was, (n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2), v[k], v[n + 1 - k]
		}
		{ if ($1 " " $2 != was) { flush(); n = 0; was = $1 " " $2 } v[++n] = $3 }
		END { flush() }'
}

measure sparse sparse_touch -p size=4M -p touched=0.5,1,2,4,8,16,32,64 "$@"
medians sparse touched total >"$folder/sparse.medians"
share=$(awk '
	$1 == "copy" { copy[$2] = $3; low[$2] = $4; high[$2] = $5 }
	$1 == "hmm" { share[++n] = $2; hmm[n] = $3; hmm_low[n] = $4; hmm_high[n] = $5 }
	# Where one of two lines through neighbouring shares crosses zero.
	function at(i, a, b) { return share[i - 1] + (share[i] - share[i - 1]) * -a / (b - a) }
	END {
		for (i = 1; i <= n; i++) {
			d[i] = hmm[i] - copy[share[i]]
			most[i] = hmm_high[i] - low[share[i]]
			least[i] = hmm_low[i] - high[share[i]]
			if (i == 1) continue
			if (!middle && d[i - 1] < 0 && d[i] >= 0) middle = at(i, d[i - 1], d[i])
			if (!first && most[i - 1] < 0 && most[i] >= 0) first = at(i, most[i - 1], most[i])
			if (least[i - 1] < 0 && least[i] >= 0) last = at(i, least[i - 1], least[i])
		}
		if (middle) printf "%.3g %.3g %.3g\n", middle, first ? first : share[1], last ? last : share[n]
	}' "$folder/sparse.medians")
[ -n "$share" ] || {
	echo "break_even.sh: by sparse_touch one way is faster for every share of the pages: there are no two sides" >&2
	cat "$folder/sparse.medians" >&2
	exit 4
}
# shellcheck disable=SC2086 # three numbers
set -- $share "$@"
middle=$1 first=$2 last=$3
shift 3
echo "sparse_touch size=4M: copies win from $middle % of the pages on (95 %: $first to $last)"
less=$(awk -v x="$middle" 'BEGIN { printf "%.3g", x / 3 }')
more=$(awk -v x="$middle" 'BEGIN { x *= 3; printf "%.3g", (x > 100 ? 100 : x) }')

status=0
# winner FILE PARAM VALUE: the faster way, its time and the other's, and whether their intervals are apart
winner() {
	awk -v value="$2" '
		$2 == value { ns[$1] = $3; low[$1] = $4; high[$1] = $5 }
		END {
			fast = ns["hmm"] < ns["copy"] ? "hmm" : "copy"
			slow = fast == "hmm" ? "copy" : "hmm"
			print fast, ns["copy"], ns["hmm"], (high[fast] < low[slow] ? "apart" : "overlap")
		}' "$folder/$1.medians"
}
# line WHAT EXPECTED FILE VALUE
line() {
	# shellcheck disable=SC2046 # four words
	set -- "$1" "$2" $(winner "$3" "$4")
	verdict=agree
	[ "$2" = "$3" ] || verdict=DISAGREE
	if [ "$6" != apart ]; then
		verdict="not told apart"
		[ "$status" -ne 0 ] || status=5
	elif [ "$verdict" = DISAGREE ]; then
		status=1
	fi
	echo "$1: copy $(printf '%.4g' "$4"), hmm $(printf '%.4g' "$5"): $3 is faster; by the benchmark $2: $verdict"
}

# An update for each word that is within reach, so that each of their pages is touched; of the program the two steps that the benchmark has.
for part in "$less hmm" "$more copy"; do
	measure gups gups -p size=4M -p touched="${part% *}" -p updates="${part% *}" "$@"
	medians gups touched "device cpu_after" >"$folder/gups.medians"
	line "gups touched=${part% *}" "${part#* }" gups "${part% *}"
done

measure reuse reuse -p size=1M -p passes=1,4,16 "$@"
medians reuse passes total >"$folder/reuse.medians"
measure jacobi jacobi -p size=1M -p change=0 -p sweeps=1,4,16 "$@"
medians jacobi sweeps "device cpu_after" >"$folder/jacobi.medians"
for passes in 1 4 16; do
	line "jacobi sweeps=$passes" "$(winner reuse "$passes" | cut -d ' ' -f 1)" jacobi "$passes"
done
exit $status

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# kept_history.sh - what is said and drawn of histories, to the character: changes that got worse and better, counts, one that was expected, a drift, too few
# runs, two machines. Where a change of such a text is wanted, see tests/kept.sh.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
cd "$tmp" || exit 99
COLUMNS=120

# made_history NAME KEY=VALUE...: NAME.db, of runs in the folder of that name; see tests/analysis/history_runs.awk
made_history() {
	history_name=$1
	shift
	mkdir -p "$history_name"
	for history_arg; do
		set -- "$@" -v "$history_arg"
		shift
	done
	awk -v dir="$history_name" "$@" -f "$srcdir/tests/analysis/history_runs.awk"
	"$FIVESTEP" history add --db "$history_name.db" "$history_name"/*.jsonl >said 2>&1
}

# site NAME FILE...: these pages of the site of a history
site() {
	site_name=$1
	shift
	rm -rf site
	"$FIVESTEP" history site --db "$site_name.db" -o site >got 2>&1
	for file; do
		printf '==> %s <==\n' "$file"
		# Texts as they are; what is a link to the style and its like is in none of them.
		sed '1,/<body>/d' "site/$file"
	done >>got
	as_kept "history-$site_name.site"
}

# site_pages FOLDER PATTERN: the names of pages
site_pages() {
	(cd site && find "$1" -type f -name "$2" | LC_ALL=C sort)
}

# drawn NAME PATTERN...: what the pictures of a history are made of
drawn() {
	drawn_name=$1
	shift
	rm -rf plot
	without_gnuplot history plot --db "$drawn_name.db" -o plot "$@" >got 2>&1
	for file in plot/data/*; do
		printf '==> %s <==\n' "${file#plot/data/}"
		cat "$file"
	done >>got
	as_kept "history-$drawn_name.data"
}
gnuplot_stands_in

made_history changes n=44 changes=12:1.3,30:0.8 faults_at=25 faults=300 kernel_at=12
"$FIVESTEP" history annotate --db changes.db changes/run0012.jsonl 'moving*' --why "a slower way, for now" >said 2>&1
"$FIVESTEP" history baseline --db changes.db good changes/run0020.jsonl >said 2>&1
kept history-changes.txt 1 history check --db changes.db
kept history-changes-all.txt 1 history check --all --db changes.db
kept history-changes.json 1 history check --json --db changes.db
kept history-changes-since.txt 1 history check --since good --db changes.db
kept history-changes-later.txt 0 history check --since 2025-01-28 --db changes.db
kept history-changes-new.txt 0 history check --new 3 --db changes.db
COLUMNS=9999
kept history-changes-log.txt 0 history log --db changes.db
kept history-changes.series 0 history series --db changes.db
COLUMNS=9999
kept history-changes-log.json 0 history log --json --db changes.db
COLUMNS=120
drawn changes
"$FIVESTEP" history site --db changes.db -o site >said 2>&1
# shellcheck disable=SC2046 # names without blanks
site changes index.html changes.html feed.xml $(site_pages change '*') $(site_pages series 'moving*') $(site_pages run '2025-01-01*') $(site_pages run '2025-01-13*')

made_history drift n=90 drift=0.002 from_drift=30
kept history-drift.txt 1 history check --all --db drift.db
kept history-drift.json 1 history check --json --db drift.db
drawn drift
"$FIVESTEP" history site --db drift.db -o site >said 2>&1
# shellcheck disable=SC2046
site drift index.html changes.html $(site_pages change '*')

# Changes so close that not every mark has room for its name.
made_history close n=80 changes=30:1.3,38:1.7,55:1.2 noise=0.2
kept history-close.txt 1 history check --all --db close.db
"$FIVESTEP" history site --db close.db -o site >said 2>&1
# shellcheck disable=SC2046
site close changes.html $(site_pages series 'moving*touch*')

# A level without noise, then one with it.
made_history left n=14 noise=0
made_history left from=14 n=22 noise=2 changes=0:1.3
kept history-left.txt 1 history check --all --db left.db
drawn left

made_history few n=4
kept history-few.txt 3 history check --db few.db
made_history two n=9
made_history two n=9 cpus=4 changes=0:2,6:3 noise=0
kept history-two.txt 1 history check --db two.db
site two index.html

# The newest runs alone, beside those before them: of levels with noise and without, after a change, after a drift, and of too few.
made_history fresh n=31 changes=30:1.3 faults_at=30 faults=300
made_history calm n=31 changes=30:1.01 noise=0
made_history falling n=60 changes=10:1.5,58:0.9
made_history slow n=60 drift=0.01 from_drift=20 changes=58:2
made_history young n=6 changes=5:1.5
made_history long n=230 changes=20:1.2,228:1.1
for history in fresh calm falling slow young long few two drift left; do
	for new in 1 2 5; do
		printf '==> %s, the last %d <==\n' $history $new
		"$FIVESTEP" history check --all --new $new --db $history.db
		printf 'status %d\n' $?
	done
done >got 2>&1
as_kept history-new.txt
# A list that cannot be written is no success.
for list in log series 'log --json'; do
	# shellcheck disable=SC2086 # words are wanted
	"$FIVESTEP" history $list --db few.db 2>err >/dev/full
	is "$?" 99 "$list on a full disk: the exit status"
	has "$(cat err)" "cannot write: " "with the reason"
done
for margin in 0.1 5 40; do
	printf '==> by %s %% <==\n' $margin
	"$FIVESTEP" history check --all --margin $margin --db falling.db
	printf 'status %d\n' $?
done >got 2>&1
as_kept history-margin.txt

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The CI example of docs/ci: track.sh over a series of commits, one of which is slower; the commands that the CI files call.
. "${srcdir:-.}/tests/tap.sh"

cd "$tmp" || exit 99

# A fivestep that measures what it is told to: `run` gives a made-up run (FACTOR times its level, of the day NUMBER); all else is the real one's.
cat >made_up <<'EOR'
#!/bin/sh
if [ "$1" = run ]; then
	[ "$FACTOR" != none ] || exit 77
	# each run of a merge request is another one
	case $4 in
	*-1.jsonl) NUMBER=$((NUMBER + 400)) ;;
	*-2.jsonl) NUMBER=$((NUMBER + 800)) ;;
	esac
	awk -v dir=. -v from="$NUMBER" -v n=$((NUMBER + 1)) -v changes="0:$FACTOR" -v rounds=12 -v noise="${NOISE:-0.2}" -v cpus="${CPUS:-2}" -f "$RUNS" &&
		mv run*.jsonl "$4"
	exit
fi
exec "$REAL" "$@"
EOR
chmod +x made_up
REAL=$FIVESTEP
RUNS=$srcdir/tests/analysis/history_runs.awk
export REAL RUNS

# commit WANT_STATUS NAME KEY=VALUE...: what the CI does for one commit
number=0
commit() {
	commit_want=$1
	commit_name=$2
	shift 2
	env FIVESTEP="$tmp/made_up" NUMBER=$number FACTOR=1 "$@" sh "$srcdir/docs/ci/track.sh" store >said 2>&1
	is $? "$commit_want" "$commit_name"
	number=$((number + 1))
}
runs_kept() {
	find store/runs -name '*.jsonl' | wc -l | tr -d ' '
}

commit 0 "the first commit of the main branch" UPDATE=yes
has "$(cat store/report.md)" "There is no run of main yet" "has nothing to be compared with"
for n in 2 3 4 5 6 7; do
	commit 0 "commit $n of the main branch" UPDATE=yes
done
has "$(cat store/report.md)" "same" "is compared with the one before"
has "$(cat store/junit.xml)" "<testsuites" "and shown to the CI"
fs 0 "the baseline" history baseline --db store/history.db main
baseline=$(readlink -f "$out")
# Not by name: those of one second differ in the number of a process, 9999 and 10000, or begin anew.
is "$(find store/runs -name '*.jsonl' -newer "$baseline")" "" "is the last of them"
has "$(cat store/site/index.html)" "7 runs, " "the pages to publish have all nights"
cp store/history.db before.db
commit 1 "a merge request that makes it 10 % slower, early" FACTOR=1.1 EARLY=yes
has "$(cat store/report.md)" "SLOWER" "is a regression"
has "$(cat said)" "two runs compared: status 1" "by two runs, as the history is short"
commit 0 "which is only said without EARLY" FACTOR=1.1
has "$(cat said)" "two runs compared: status 1" "as much as two runs can tell"
fs 0 "the baseline" history baseline --db store/history.db main
is "$(readlink -f "$out")" "$baseline" "stays what it was"
is "$(runs_kept)" 7 "its runs are not among main's"
has "$(cat store/site/index.html)" "7 runs, " "nor on the pages"
is "$(find store/requests -name '*.jsonl' | wc -l | tr -d ' ')" 3 "but beside them, all three"
fs 0 "an index of all run files that are kept" history rebuild --db store/again.db store/runs/*.jsonl
fs 0 "has main's alone" history log --db store/again.db --json
is "$(printf '%s\n' "$out" | grep -c '"run":')" 7 "which are seven"
fs 0 "the history" history check --db store/history.db
is "$(find store -name 'try*')" "" "forgets a merge request"
commit 0 "a merge request on another machine" CPUS=64
has "$(cat said)" "not comparable" "is said not to be comparable"
commit 77 "one in which everything is skipped" FACTOR=none
has "$(cat said)" "nothing was measured" "measures nothing"
is "$(runs_kept)" 7 "what is main's is kept"

# Main goes on, until a commit makes it slower: that is said each night, and not by the baseline, which moves on.
while [ $number -lt 24 ]; do
	UPDATE=yes FIVESTEP="$tmp/made_up" NUMBER=$number FACTOR=1 sh "$srcdir/docs/ci/track.sh" store >said 2>&1 || echo "night $number" >>failed
	number=$((number + 1))
done
is "$(cat failed 2>/dev/null)" "" "nights without a change are fine"
commit 1 "a merge request that makes it 3 % slower" FACTOR=1.03
has "$(cat said)" "WORSE" "is compared with the history"
lacks "$(cat said)" "too short" "alone"
commit 0 "one that does nothing"
began=$number
for night in 1 2 3 4; do
	UPDATE=yes FIVESTEP="$tmp/made_up" NUMBER=$number FACTOR=1.05 sh "$srcdir/docs/ci/track.sh" store >said 2>&1
	number=$((number + 1))
done
for night in 5 6 7 8; do
	commit 1 "night $night after a commit of main that makes it 5 % slower" UPDATE=yes FACTOR=1.05
done
has "$(cat said)" "stays until the change is undone" "says how it ends"
fs 0 "the baseline" history baseline --db store/history.db main
is "$(find store/runs -name '*.jsonl' -newer "$out")" "" "is the last run of main"
commit 0 "a merge request that does nothing now" FACTOR=1.05
fs 0 "the run at which it began" history check --db store/history.db --since latest --json
run=$(printf '%s\n' "$out" | grep -A1 '"at": {' | sed -n 's/.*"run": "\([^"]*\)".*/\1/p')
is "${run%%-*}" "$(printf '%04d0002' "$began")" "is named"
fs 0 "noted as expected" history annotate --db store/history.db "$run" '*' --why 'a safer protocol'
commit 0 "the next night is fine" UPDATE=yes FACTOR=1.05
fs 0 "and when that is taken back" history annotate --db store/history.db "$run" '*' --forget
commit 1 "it is not" UPDATE=yes FACTOR=1.05
fs 0 "all that main does is accepted" history baseline --db store/history.db accepted latest
commit 0 "then the next night is fine" UPDATE=yes FACTOR=1.05
for night in 1 2 3 4 5; do
	UPDATE=yes FIVESTEP="$tmp/made_up" NUMBER=$number FACTOR=1.1 sh "$srcdir/docs/ci/track.sh" store >said 2>&1
	number=$((number + 1))
done
commit 1 "and another commit that makes it slower is another change" UPDATE=yes FACTOR=1.1

# Nights in a row, as build-aux/nights.sh simulates years of them.
sh "$srcdir/build-aux/nights.sh" 9 1 >said 2>&1
is $? 0 "nine nights through track.sh"
has "$(cat said)" "nights: 9, of which 0 failed for nothing" "none of which fails"
has "$(cat said)" "merge requests: 2, of which 0 failed for nothing and" "nor does a merge request that does nothing"

# The CI files call what there is.
for file in github.yml gitlab-ci.yml; do
	if python3 -c 'import yaml' 2>/dev/null; then
		python3 -c 'import sys, yaml; yaml.safe_load(open(sys.argv[1]))' "$srcdir/docs/ci/$file" 2>said
		ok $? "$file is YAML"
	else
		skip "no parser of YAML (Debian: apt install python3-yaml)"
	fi
	has "$(cat "$srcdir/docs/ci/$file")" "ci/track.sh fivestep-store" "$file calls the tested script"
done
sed -n 's/^[^#]*fivestep"* \([a-z]\{1,\}\) .*/\1/p' "$srcdir/docs/ci/track.sh" | sort -u >commands
has "$(cat commands)" "history" "track.sh calls fivestep"
while read -r command; do
	fs 0 "fivestep $command, which track.sh calls, is there" "$command" --help
done <commands

done_testing

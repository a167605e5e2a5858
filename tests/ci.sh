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
	awk -v dir=. -v from="$NUMBER" -v n=$((NUMBER + 1)) -v changes="0:$FACTOR" -v rounds=12 -v noise=0.2 -v cpus="${CPUS:-2}" -f "$RUNS" &&
		mv run*.jsonl "$4"
	exit
fi
exec "$REAL" "$@"
EOR
chmod +x made_up
REAL=$FIVESTEP
RUNS=$srcdir/tests/history_runs.awk
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

commit 0 "the first commit of the main branch" UPDATE=yes
has "$(cat store/report.md)" "No baseline main yet" "has no baseline"
for n in 2 3 4 5 6 7; do
	commit 0 "commit $n of the main branch" UPDATE=yes
done
has "$(cat store/report.md)" "same" "is compared with the one before"
has "$(cat store/junit.xml)" "<testsuites" "and shown to the CI"
fs 0 "the baseline" history baseline --db store/history.db main
baseline=$(readlink -f "$out")
# Not by name: those of one second differ in the number of a process, 9999 and 10000, or begin anew.
is "$(find store/runs -name '*.jsonl' -newer "$baseline")" "" "is the last of them"
commit 1 "a merge request that makes it 10 % slower" FACTOR=1.1
has "$(cat store/report.md)" "SLOWER" "is a regression"
has "$(cat said)" "WORSE" "that the history sees, too"
has "$(cat store/check.json)" '"verdict": "WORSE"' "as JSON"
fs 0 "the baseline" history baseline --db store/history.db main
is "$(readlink -f "$out")" "$baseline" "stays what it was"
fs 0 "the history" history check --db store/history.db
is "$(find store -name 'try*')" "" "forgets a merge request"
commit 0 "a merge request on another machine" CPUS=64
has "$(cat said)" "not comparable" "is said not to be comparable"
commit 77 "one in which everything is skipped" FACTOR=none
has "$(cat said)" "nothing was measured" "measures nothing"
is "$(find store/runs -name '*.jsonl' | wc -l | tr -d ' ')" 9 "the other runs are kept"

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

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# status.sh - fivestep fleet status, collect and submit --resume: what is complete, torn and missing, from run files and from what Slurm says. Slurm's
# commands here are fakes; tests/fleet/slurm.sh has real ones.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
runs=$(cd "$srcdir" && pwd)/tests/runs
cd "$tmp" || exit 99

# squeue prints the file queue; the others note their arguments.
mkdir fake
cat >fake/sbatch <<'END'
#!/bin/sh
echo "${0##*/} $*" >>"$CALLS"
[ "${0##*/}" != sbatch ] || echo $((17 + $(grep -c ^sbatch "$CALLS")))
[ "${0##*/}" != squeue ] || cat "$QUEUE"
END
chmod +x fake/sbatch
for name in scontrol scancel squeue; do
	cp fake/sbatch fake/$name
done
PATH=$tmp/fake:$PATH
CALLS=$tmp/calls
QUEUE=$tmp/queue
export PATH CALLS QUEUE

mkdir -p folder/runs folder/log folder/plan
printf 'run launch\n' >folder/plan/x.plan
cat >folder/fleet.jsonl <<'END'
{"type":"fleet","schema":1,"id":"0123456789abcdef","plan":"plan/x.plan","limit_min":7,"pass":{"partition":"gpu"},"nodes":["fine","torn","begun","stopped","none","runs","waits","late","moved"]}
{"type":"submit","job":"17","tasks":["fine","torn","begun","stopped","none","runs","waits","late","moved"]}
END
complete=$runs/fine.jsonl
cp "$complete" folder/runs/17-0.jsonl
head -c -3 "$complete" >folder/runs/17-1.jsonl
head -n 2 "$complete" >folder/runs/17-2.jsonl
sed '/"type":"end"/s/"stop":"[a-z]*"/"stop":"interrupted"/' "$complete" >folder/runs/17-3.jsonl
head -n 2 "$complete" >folder/runs/17-5.jsonl
cp "$complete" folder/runs/17-7.jsonl
cp "$complete" folder/runs/17-8.jsonl
echo elsewhere >folder/runs/17-8.node
for task in 0 1 2 3 4 5 6 7; do
	sed -n 's/.*"nodes":\[\(.*\)\].*/\1/p' folder/fleet.jsonl | tr -d '"' | cut -d , -f $((task + 1)) >folder/runs/17-$task.node
done
cat >queue <<'END'
17|1|TIMEOUT|TimeLimit
17|5|RUNNING|None
17|6|PENDING|Resources
17|7|COMPLETING|None
99|1|RUNNING|None
a line that is none
END

states() {
	printf '%s\n' "$out" | awk 'NR > 1 && !/^verdict/ { printf("%s=%s ", $1, $2) }'
}

fs 4 "status of a fleet in every state" fleet status folder
is "$(states)" "torn=torn begun=torn stopped=torn none=missing runs=running waits=waiting moved=missing " "each node that is not complete is listed"
has "$out" "verdict: 2 of 9 nodes complete, 1 running, 1 waiting, 3 torn, 2 missing" "and all are counted"
has "$out" "the last line is torn; TIMEOUT TimeLimit" "a torn line, and what Slurm says of it"
has "$out" "the run was interrupted" "an interrupted run"
has "$out" "the run has no end" "a run without an end"
has "$out" "its task ran on another node" "a task on another node than it was given"
has "$out" "PENDING Resources" "why a task waits"
has "$(cat calls)" "--name=fivestep-0123456789abcdef" "only tasks of this fleet are asked for"
fs 4 "status as JSON" fleet status folder --json
has "$(printf '%s' "$out" | tr -d ' \n')" '{"node":"torn","state":"torn","job":"17","task":1,"run":"17-1.jsonl","why":"thelastlineistorn;TIMEOUTTimeLimit"}' "has the same"

rm calls
fs 0 "what is missing is submitted again" fleet submit --resume folder --program /opt/fivestep
is "$(sed -n 's/.* --nodelist=\([a-z]*\) .* plan\/x.plan \([^ ]*\) - 5$/\1:\2/p' calls | tr '\n' ' ')" "torn:17-1.jsonl begun:17-2.jsonl stopped:17-3.jsonl none:- moved:- " \
	"those that are torn or missing, and runs that have begun are continued"
has "$(cat calls)" "--time=7 " "with the time limit of the first time"
has "$(cat calls)" "--partition=gpu" "and the options that were passed on"
is "$(tail -n 5 folder/fleet.jsonl)" '{"type":"submit","job":"18","tasks":["torn"]}
{"type":"submit","job":"19","tasks":["begun"]}
{"type":"submit","job":"20","tasks":["stopped"]}
{"type":"submit","job":"21","tasks":["none"]}
{"type":"submit","job":"22","tasks":["moved"]}' "the manifest has the new jobs"
head -n 2 folder/fleet.jsonl >first && cat first >folder/fleet.jsonl
fs 0 "another partition and time" fleet submit --resume folder --program /opt/fivestep --partition other --time 90s
has "$(tail -n 1 calls)" "scontrol release 23,24,25,26,27" "are submitted"
has "$(tail -n 2 calls)" "--time=2 " "the new time limit counts"
has "$(tail -n 2 calls)" "--partition=other" "so does the new partition"
has "$(tail -n 2 calls)" "task-2.sh" "and the number of a file that is there already is not used"
cat first >folder/fleet.jsonl

# How a fleet was submitted holds for what is submitted again, but for the program, which no file names.
sed '1s/"pass"/"together":true,"pass"/' first >folder/fleet.jsonl
: >calls
fs 0 "a fleet that started together" fleet submit --resume folder --program /opt/fivestep
has "$(cat calls)" " together-3 5" "does so again"
fs 0 "unless it is said otherwise" fleet submit --resume folder --program /opt/fivestep --at-once 4
has "$(tail -n 2 calls)" "--dependency=afterany:" "by a number at once"
sed '1s/"pass"/"at_once":4,"bundle":"\/b\/b.tar.gz","pass"/' first >folder/fleet.jsonl
fs 64 "a fleet that was submitted with a bundle" fleet submit --resume folder
has "$err" "this fleet was submitted with --bundle /b/b.tar.gz" "wants it named again"
: >calls
fs 0 "named again" fleet submit --resume folder --bundle /b/b.tar.gz
has "$(sed -n 5p calls)$(sed -n 6p calls)" "--dependency=afterany:18 " "it is used, and as many run at once as before"
cat first >folder/fleet.jsonl

rm calls
fs 0 "with --dry-run" fleet submit --resume folder --dry-run --program /opt/fivestep
lacks "$(cat calls)" sbatch "nothing is submitted"

# The script continues a copy of the run, so that an earlier task that is still alive has its own.
cat >program <<'END'
#!/bin/sh
echo "$@" >>ran
[ "$1" != run ] || exit "${RUN_STATUS:-0}"
END
chmod +x program
cp folder/runs/17-1.jsonl kept
(cd folder && SLURM_ARRAY_JOB_ID=18 SLURM_ARRAY_TASK_ID=0 SLURMD_NODENAME=torn sh task-1.sh "$tmp/program" - plan/x.plan 17-1.jsonl - 1)
is "$(cat folder/ran)" "run -q --resume runs/18-0.jsonl
fleet digest runs/18-0.jsonl" "a task continues a run, and leaves its digest"
cmp -s folder/runs/18-0.jsonl kept && cmp -s folder/runs/17-1.jsonl kept
ok $? "in a copy of it"
rm folder/ran
(cd folder && SLURM_ARRAY_JOB_ID=18 SLURM_ARRAY_TASK_ID=3 SLURMD_NODENAME=none sh task-1.sh "$tmp/program" - plan/x.plan - - 1)
is "$(cat folder/ran)" "run -q -o runs/18-3.jsonl plan/x.plan
fleet digest runs/18-3.jsonl" "a task without one begins anew"
# A run with bad data is as complete as any; one that a signal ended is not, and Slurm may kill what takes longer.
for status in 4 143; do
	rm folder/ran
	(cd folder && RUN_STATUS=$status SLURM_ARRAY_JOB_ID=18 SLURM_ARRAY_TASK_ID=3 SLURMD_NODENAME=none sh task-1.sh "$tmp/program" - plan/x.plan - - 1)
	is "$? $(grep -c digest folder/ran)" "$status $((status == 4))" "a task ends as its run does, and a run of status $status has a digest or not"
done
rm folder/ran

# A bundle is unpacked for the task, and removed.
mkdir -p b/fivestep-1-x/bin unpacked
cp program b/fivestep-1-x/bin/fivestep
tar -C b -czf "bundle.tar.gz" fivestep-1-x
(cd folder && TMPDIR=$tmp/unpacked SLURM_ARRAY_JOB_ID=19 SLURM_ARRAY_TASK_ID=0 SLURMD_NODENAME=none sh task-1.sh program "$tmp/bundle.tar.gz" plan/x.plan - - 1)
is "$(cat folder/ran)" "run -q -o runs/19-0.jsonl plan/x.plan
fleet digest runs/19-0.jsonl" "a task runs a bundle's program"
is "$(ls unpacked)" "" "and removes what it unpacked"

# ---- collect

fs 4 "collect" fleet collect folder -o collected
is "$(echo collected/*)" "collected/fine.jsonl collected/late.jsonl" "copies the complete runs"
cmp -s collected/fine.jsonl "$complete"
ok $? "as they are"
echo mine >collected/late.jsonl
fs 4 "collect again" fleet collect folder -o collected
has "$out" "0 runs copied to collected, 2 already there" "copies nothing twice"
is "$(cat collected/late.jsonl)" mine "and overwrites nothing"
fs 64 "collect without a folder" fleet collect folder

# ---- without Slurm, and with manifests of strangers

mkdir empty
PATH=$tmp/empty "$FIVESTEP" fleet status folder >said 2>&1
is $? 4 "without Slurm"
has "$(cat said)" "which tasks wait or run is unknown, only files count: squeue of Slurm is not installed here" "status says that tasks are unknown"
PATH=$tmp/empty "$FIVESTEP" fleet submit --resume folder >said 2>&1
is $? 64 "nothing is submitted again"
has "$(cat said)" "whether tasks still run is unknown" "since tasks may still run"

# manifest NAME SED: a folder whose manifest is changed.
manifest() {
	mkdir -p "$1/runs"
	sed "$2" first >"$1/fleet.jsonl"
}
manifest newer 's/"schema":1/"schema":2/'
fs 4 "a newer schema" fleet status newer
manifest outside 's|plan/x.plan|plan/../../x.plan|'
fs 4 "a plan outside of the folder" fleet status outside
has "$err" 'fleet.jsonl:1: "plan" is not the path of a plan in the folder' "names the field, and what it should be"
# Slurm takes 0 minutes for no limit.
for minutes in 0 -7 1000001 1e300 '"7"' null; do
	manifest limit "s/\"limit_min\":7/\"limit_min\":$minutes/"
	fs 4 "a time limit of $minutes minutes" fleet status limit
	has "$err" 'fleet.jsonl:1: "limit_min" is not a number of minutes from 1 to 1000000' "is refused"
done
manifest id 's/"id":"[0-9a-f]*"/"id":"a b"/'
fs 4 "an id that is no name" fleet status id
has "$err" '"id" is not' "is refused"
manifest ways 's/"pass"/"together":5,"pass"/'
fs 4 "a manifest whose nodes start together by a number" fleet status ways
has "$err" '"together" is not true or false' "is refused"
manifest ways 's/"pass"/"at_once":0,"pass"/'
fs 4 "none at once" fleet status ways
has "$err" '"at_once" is not a number of tasks from 1 to 10000000' "is refused"
manifest ways 's/"pass"/"bundle":7,"pass"/'
fs 4 "a bundle that is a number" fleet status ways
has "$err" '"bundle" is not a text' "is refused"
manifest pass 's/"gpu"/5/'
fs 4 "a partition that is a number" fleet status pass
has "$err" '"partition" is not a text' "is refused, and not left out in silence"
manifest option 's/"fine"/"--wrap=id"/g'
fs 64 "a node that is an option" fleet status option
manifest path 's/"fine"/"..\/fine"/g'
fs 64 "a node that is a path" fleet status path
manifest job 's/"job":"17"/"job":"17;touch PWNED"/'
fs 4 "a job that is no number" fleet status job
has "$err" "1 line cannot be read" "is said"
has "$out" "0 running, 0 waiting, 0 torn, 9 missing" "and its nodes count as missing"
manifest torn ''
printf '{"type":"submit","job":"18","ta' >>torn/fleet.jsonl
fs 4 "a torn line" fleet status torn
has "$err" "1 line cannot be read" "is said as well"
printf '{"type":"fleet"' >torn/fleet.jsonl
fs 4 "a torn first line" fleet status torn
: >torn/fleet.jsonl
fs 4 "an empty manifest" fleet status torn
fs 64 "no manifest" fleet status fake
fs 64 "no folder of that name" fleet status nothing
fs 64 "--resume with nodes" fleet submit --resume folder --nodes n1
fs 64 "status does not take --nodes" fleet status folder --nodes n1
has "$err" "fleet status does not take --nodes" "the error says so"
is "$(find . -name PWNED)" "" "nothing of a manifest was executed"

done_testing

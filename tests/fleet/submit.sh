#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# submit.sh - fivestep fleet submit: what reaches Slurm's commands, with names and paths that a shell would obey. Slurm's commands here are fakes that note
# their arguments; tests/fleet/slurm.sh has real ones.
# shellcheck disable=SC2016 # texts that a shell must not expand

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

mkdir fake
# Each call is a line, each argument in <>; a newline in one is shown as |.
cat >fake/sbatch <<'END'
#!/bin/sh
{
	printf '%s' "${0##*/}"
	for word; do
		printf ' <%s>' "$word" | tr '\n' '|'
	done
	printf '\n'
} >>"$CALLS"
case "${0##*/}:${FAIL:-} $*" in
sbatch:*--nodelist="${FAIL:-} "*)
	echo 'sbatch: error: Batch job submission failed: Invalid node name specified' >&2
	exit 1
	;;
sbatch:*) echo "${JOB-$((16 + $(grep -c ^sbatch "$CALLS")))}" ;;
esac
END
chmod +x fake/sbatch
for name in scontrol scancel squeue; do
	cp fake/sbatch fake/$name
done
PATH=$tmp/fake:$PATH
CALLS=$tmp/calls
export PATH CALLS

fs_plan='option rounds=1 time-limit=10m
run launch'
printf '%s\n' "$fs_plan" >usual.plan

# ---- jobs

fs 0 "a job for each node is submitted" fleet submit ./usual.plan --nodes 'n[1-3]' -o folder --program /opt/fivestep --partition gpu --gres gpu:4 --account a --qos q \
	--constraint 'x&y' --reservation r --at-once 2
has "$out" "3 nodes, a job for each, of at most 15 minutes" "with a limit from the plan's own"
id=$(sed -n 's/.*"id":"\([0-9a-f]*\)".*/\1/p' folder/fleet.jsonl)
job() {
	echo "sbatch <--parsable> <--hold> <--array=0> <--nodes=1> <--ntasks=1> <--nodelist=n$1> <--exclusive> <--no-requeue>${2:+ <--dependency=afterany:$2>}\
 <--job-name=fivestep-$id> <--time=15> <--chdir=$tmp/folder> <--output=log/%A-%a.txt> <--partition=gpu> <--constraint=x&y> <--reservation=r> <--account=a> <--qos=q>\
 <--gres=gpu:4> <$tmp/folder/task-1.sh> </opt/fivestep> <-> <plan/usual.plan> <-> <-> <3>"
}
is "$(cat calls)" "$(job 1)
$(job 2)
$(job 3 17)
scontrol <release> <17,18,19>" "sbatch has all options, with two at once the third waits for the first, and all are released in the end"
is "$(cat folder/plan/usual.plan)" "$fs_plan" "the folder has the plan"
is "$(sed 1d folder/fleet.jsonl)" '{"type":"submit","job":"17","tasks":["n1"]}
{"type":"submit","job":"18","tasks":["n2"]}
{"type":"submit","job":"19","tasks":["n3"]}' "the manifest has the jobs and their nodes"
has "$(head -n 1 folder/fleet.jsonl)" '"at_once":2' "and how many run at once"
sh -n folder/task-1.sh
ok $? "the task's script is one"
fs 64 "a folder is used once" fleet submit ./usual.plan --nodes n1 -o folder
has "$err" "fleet.jsonl: File exists" "and the error says so"

: >calls
fs 0 "more nodes than a command releases" fleet submit ./usual.plan --nodes 'n[1-501]' -o many
is "$(grep -c '^sbatch' calls)" 501 "are as many jobs"
is "$(sed -n 's/^scontrol <release> <\([0-9]*\),.*,\([0-9]*\)>$/\1-\2/p' calls) $(tail -n 1 calls)" "17-516 scontrol <release> <517>" "and are released by lists"
cmp -s many/task-1.sh folder/task-1.sh
ok $? "the script is always the same"

: >calls
JOB=
export JOB
fs 99 "sbatch that prints no number" fleet submit ./usual.plan --nodes n1 -o none
has "$err" "did not print the number of a job" "is an error"
unset JOB
FAIL=n9
export FAIL
: >calls
fs 99 "a node that Slurm does not know" fleet submit ./usual.plan --nodes n1,n2,n9,n3 -o unknown
has "$err" "n9: sbatch: error: Batch job submission failed: Invalid node name specified" "is an error with Slurm's reason"
is "$(tail -n 1 calls)" "scancel <17> <18>" "and the jobs before it are cancelled"
lacks "$(cat calls)" release "none is released"
lacks "$(cat unknown/fleet.jsonl)" submit "and not in the manifest"
unset FAIL

# ---- texts that a shell would obey

bad='a b;touch PWNED;"$(touch PWNED)"`touch PWNED`'"'"';touch PWNED;'"'"'
touch PWNED #'
shown=$(printf '%s' "$bad" | tr '\n' '|')
# A plan's name has what a terminal would obey made visible.
named=$(printf '%s' "$bad" | awk 'NR > 1 { printf("\\x0a") } { printf("%s", $0) }')
mkdir "$bad"
printf '%s\n' "$fs_plan" >"$bad/$bad.plan"
: >calls
fs 0 "a plan, a folder, a program and options with such names" fleet submit "$bad/$bad.plan" --nodes n1 -o "$bad/folder" --program "$bad/program" --partition "$bad" --gres "$bad"
has "$(cat calls)" "<--chdir=$tmp/$shown/folder> <--output=log/%A-%a.txt> <--partition=$shown> <--gres=$shown> <$tmp/$shown/folder/task-1.sh> <$tmp/$shown/program> <->\
 <plan/$named.plan> <-> <-> <1>" "reach sbatch as they are"
cp calls submitted
rm calls
cmp -s "$bad/folder/task-1.sh" folder/task-1.sh
ok $? "the script has nothing of them"
fs 0 "the same with --dry-run" fleet submit "$bad/$bad.plan" --nodes n1 -o "$bad/folder" --program "$bad/program" --partition "$bad" --gres "$bad" --dry-run
[ ! -e calls ]
ok $? "starts none of Slurm's commands"
printf '%s\n' "$out" >dry.sh
: >calls
sh dry.sh
ok $? "what it prints is a script"
names() {
	sed 's/fivestep-[0-9a-f]*/fivestep-ID/' "$1"
}
is "$(names calls)" "$(names submitted)" "which does the same as without --dry-run"
fs 0 "--dry-run" fleet submit ./usual.plan --nodes n1 -o not-there --dry-run
[ ! -e not-there ]
ok $? "writes nothing"

# The task itself, with a program that notes its arguments.
cp fake/sbatch "$bad/program"
rm calls
(cd "$bad/folder" && SLURM_ARRAY_JOB_ID=17 SLURM_ARRAY_TASK_ID=0 SLURMD_NODENAME=n1 sh ./task-1.sh "$tmp/$bad/program" - plan/*.plan - - 1)
has "$(cat calls)" "<run> <-q> <-o> <runs/17-0.jsonl> <plan/$named.plan>" "a task runs the program with the plan as it is named"
is "$(cat "$bad/folder/runs/17-0.node")" n1 "and notes its node"

# Each of its arguments, and what it takes from its environment.
mkdir -p b/1/bin "$bad/folder/$bad" "$bad/unpacked"
cp fake/sbatch b/1/bin/fivestep
tar -C b -czf "$bad/$bad.tar.gz" 1
cp usual.plan "$bad/folder/runs/$bad.jsonl"
# hostile PROGRAM BUNDLE EARLIER TOGETHER TASKS: what a task calls, in an environment of such names.
hostile() {
	: >calls
	(cd "$bad/folder" && TMPDIR=$tmp/$bad/unpacked SLURM_ARRAY_JOB_ID="$bad" SLURM_ARRAY_TASK_ID=0 SLURMD_NODENAME="$bad" sh ./task-1.sh "$1" "$2" plan/*.plan "$3" "$4" "$5") 2>said
	cat calls
}
is "$(hostile none "$tmp/$bad/$bad.tar.gz" "$bad.jsonl" "$bad" 1)" "fivestep <run> <-q> <--resume> <runs/$shown-0.jsonl>
fivestep <fleet> <digest> <runs/$shown-0.jsonl>" "a task continues a run with a bundle, a run, a job and nodes that wait, all with such names"
is "$(cat said)" "" "and has nothing to say"
is "$(cat "$bad/folder/runs/$bad-0.node")" "$bad" "its node is noted as it is"
cmp -s "$bad/folder/runs/$bad-0.jsonl" usual.plan
ok $? "the run was copied"
is "$(find "$bad/unpacked" -mindepth 1)" "" "what was unpacked is gone"
[ -e "$bad/folder/$bad/$bad-0" ]
ok $? "and it has said that it waits"
is "$(hostile none "$tmp/$bad/$bad.tar.gz" "not there $bad" - 1)" "" "a run to continue that is not there is not begun anew"
[ ! -e "$bad/folder/runs/$bad-0.jsonl" ]
ok $? "and leaves none"
is "$(hostile "$tmp/$bad/program" - - - 1)" "program <run> <-q> <-o> <runs/$shown-0.jsonl> <plan/$named.plan>
program <fleet> <digest> <runs/$shown-0.jsonl>" "a task begins one with a program of such a name"

# What --dry-run prints of several at once.
fs 0 "two at once with --dry-run" fleet submit ./usual.plan --nodes 'n[1-3]' -o not-there --program /opt/fivestep --at-once 2 --dry-run
: >calls
printf '%s\n' "$out" | sh
is "$(sed 's/.*<--nodelist=\(n[0-9]\)>.*/\1/; s/ <--dep/&/' calls | tr '\n' ' ')" "n1 n2 n3 scontrol <release> <17> scontrol <release> <18> scontrol <release> <19> " "submits all and releases all"
has "$(sed -n 3p calls)" "<--dependency=afterany:17>" "and the third waits for the first"

# Together: what runs sees that the other task has started.
: >calls
fs 0 "nodes that are to start together" fleet submit ./usual.plan --nodes n1,n2 -o together --program "$tmp/meets" --together
has "$(cat calls)" "<plan/usual.plan> <-> <together-1> <2>" "the task knows how many there are"
has "$(cat together/fleet.jsonl)" '"together":true' "and the manifest has it"
fs 64 "--together and --at-once" fleet submit ./usual.plan --nodes n1,n2 -o x --together --at-once 1
printf '#!/bin/sh\nls "$MEETING" | wc -l >"met-$SLURM_ARRAY_JOB_ID"\n' >meets
chmod +x meets
task() {
	(cd together && MEETING=$meeting SLURM_ARRAY_JOB_ID=$1 SLURM_ARRAY_TASK_ID=0 SLURMD_NODENAME=n$1 sh ./task-1.sh "$tmp/meets" - plan/usual.plan - "$meeting" 2)
}
mkdir "together/$bad"
for meeting in together-1 "$bad"; do
	rm -f together/met-*
	task 17 &
	until [ -e "together/$meeting/17-0" ]; do
		sleep 0.1
	done
	task 18
	wait
	is "$(cat together/met-17 together/met-18)" "2
2" "each of two tasks measures when both have started, in a folder of any name"
done
printf 'run launch;$(touch PWNED)\n' >hostile.plan
fs 64 "a plan whose text would be a command is an error of the plan" fleet submit ./hostile.plan --nodes n1 -o hostile
printf 'run floor setup=`touch PWNED`\n' >hostile.plan
fs 64 "so is one with back quotes" fleet submit ./hostile.plan --nodes n1 -o hostile
printf '# $(touch PWNED)\n#SBATCH --wrap=touch PWNED\n%s\n' "$fs_plan" >hostile.plan
: >calls
fs 0 "a plan's comments" fleet submit ./hostile.plan --nodes n1 -o hostile
lacks "$(cat calls hostile/task-1.sh)" PWNED "do not reach Slurm"
is "$(find . -name PWNED)" "" "nothing of all this was executed"

# ---- what is refused

fs 64 "a node with a space" fleet submit ./usual.plan --nodes 'n1 n2' -o x
fs 64 "a node that is an option" fleet submit ./usual.plan --nodes=--wrap=id -o x
fs 64 "a node that is two commands" fleet submit ./usual.plan --nodes 'n1;id' -o x
has "$err" "n1;id is not the name of a node" "the reason names it"
fs 64 "no nodes" fleet submit ./usual.plan -o x
fs 64 "no folder" fleet submit ./usual.plan --nodes n1
fs 64 "a benchmark is no plan" fleet submit floor --nodes n1 -o x
has "$err" "floor is not a plan" "the reason says so"
fs 64 "an unknown action" fleet submitt
has "$err" "submit" "has a suggestion"
fs 64 "no action" fleet
[ ! -e x ]
ok $? "no folder was made"
mkdir empty
PATH=$tmp/empty "$FIVESTEP" fleet submit ./usual.plan --nodes n1 -o without 2>said
is $? 64 "without Slurm nothing can be submitted"
has "$(cat said)" "sbatch of Slurm is not installed here" "and the reason says why"

done_testing

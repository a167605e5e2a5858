#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# slurm.sh - a fleet on a real Slurm of four nodes on this machine: a node that dies in the middle, a job that is cancelled, one that hits its limit, a full
# folder. Nothing is lost, nothing is doubled, status says what is missing, and another submission completes it. Run by make check-fleet.
#
# A run is caught in its middle by a pipe that nobody empties: it gets a copy of each record (FIVESTEP_RECORD_COPY), and the run waits until there is room.

# shellcheck disable=SC2317 # functions that until_so and the trap call

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/slurm_tap.sh
. "$srcdir/tests/fleet/slurm_tap.sh"
start_slurm 4

# has_rounds FILE...: whether each has a round.
has_rounds() {
	for file; do
		grep -q '"type":"round"' "$file" 2>/dev/null || return 1
	done
}
# state_of NODE: as status prints it.
state_of() {
	printf '%s\n' "$out" | awk -v node="$1" '$1 == node { print $2 }'
}
# once FILE: no round of a cell is there twice.
once() {
	sed -n 's/.*"type":"round","round":\([0-9]*\),"cell":\([0-9]*\),.*/\1 \2/p' "$1" | sort | uniq -d
}

# The program of the tasks: on a node that is to be held, a run with a pipe that is full after some rounds.
mkdir hold
cat >program <<END
#!/bin/sh
cd "\$PWD" || exit 1
if [ -p "$tmp/hold/\$SLURMD_NODENAME" ]; then
	FIVESTEP_RECORD_COPY=$tmp/hold/\$SLURMD_NODENAME
	export FIVESTEP_RECORD_COPY
	exec 9<>"$tmp/hold/\$SLURMD_NODENAME"
fi
echo \$\$ >"$tmp/hold/pid-\$SLURMD_NODENAME-\$SLURM_ARRAY_JOB_ID"
exec "$FIVESTEP" "\$@"
END
chmod +x program
cat >launch.plan <<'END'
option rounds=80 max-rounds=80 timeout=10m
run launch device=emu setup=copy
END

# ---- three nodes that come to grief in the middle

mkfifo hold/n1 hold/n2 hold/n3
folder="a fleet's \"results\"; touch PWNED"
fs 0 "a plan is submitted to four nodes" fleet submit ./launch.plan --nodes 'n[1-4]' -o "$folder" --program "$tmp/program" --time 1h
for node in 1 2 3 4; do
	job_of "$folder" n$node >job-n$node
done
first() {
	echo "$folder/runs/$(cat "job-$1")-0"
}
until_so "four runs begin" has_rounds "$(first n1).jsonl" "$(first n2).jsonl" "$(first n3).jsonl" "$(first n4).jsonl"
until_so "the run of n4 ends" in_state COMPLETED "$(cat job-n4)_0"
fs 5 "while three run" fleet status "$folder"
has "$out" "verdict: 1 of 4 nodes complete, 3 running, 0 waiting, 0 torn, 0 missing" "status says so"
is "$(cat "$(first n1).node" "$(first n4).node")" "n1
n4" "each task ran on its own node"
sh "$cluster" node "$tmp/slurm" n1 kill
scontrol update NodeName=n1 State=DOWN Reason=died
scancel "$(cat job-n2)"
scontrol update "JobId=$(cat job-n3)" EndTime=now
until_so "the job of the dead node ends" in_state NODE_FAIL "$(cat job-n1)_0"
until_so "the job is cancelled" in_state CANCELLED "$(cat job-n2)_0"
until_so "the limit ends the job" in_state TIMEOUT "$(cat job-n3)_0"
fs 4 "after a dead node, a cancelled job and one at its limit" fleet status "$folder"
has "$out" "verdict: 1 of 4 nodes complete, 0 running, 0 waiting, 3 torn, 0 missing" "status says what is not complete"
has "$out" "NODE_FAIL" "status says which node died"
has "$out" "CANCELLED" "status says which job was cancelled"
has "$out" "TIMEOUT" "status says which job hit its limit"
fs 4 "what is complete can be collected" fleet collect "$folder" -o runs
is "$(echo runs/*)" "runs/n4.jsonl runs/n4.jsonl.digest" "that is one run, with the digest that its task left"

# ---- again

rm hold/n1 hold/n2 hold/n3
cksum "$(first n1).jsonl" "$(first n2).jsonl" "$(first n3).jsonl" "$(first n4).jsonl" >before
if kill -0 "$(cat "hold/pid-n1-$(cat job-n1)")" 2>none; then
	ok 0 "the run of the dead node is still alive"
else
	skip "the run of the dead node ended with it"
fi
fs 0 "what is missing is submitted again, while n1 is dead" fleet submit --resume "$folder" --program "$tmp/program"
has "$out" "complete: 1; waiting or running: 0; submitted again: 3, of which 3 continue a run" "three nodes are, with their runs"
until_so "two nodes complete their runs" in_state COMPLETED "$(job_of "$folder" n2)_0" "$(job_of "$folder" n3)_0"
fs 5 "with a node that is down" fleet status "$folder"
is "$(state_of n1)" waiting "the task waits for it and for no other"
fs 0 "once more" fleet submit --resume "$folder" --program "$tmp/program"
has "$out" "complete: 3; waiting or running: 1; submitted again: 0" "submits nothing that waits"
sh "$cluster" node "$tmp/slurm" n1 start
until_so "the dead node completes its run" in_state COMPLETED "$(job_of "$folder" n1)_0"
fs 0 "then all is complete" fleet status "$folder"
is "$out" "verdict: 4 of 4 nodes complete, 0 running, 0 waiting, 0 torn, 0 missing" "and status lists no node"
cksum "$(first n1).jsonl" "$(first n2).jsonl" "$(first n3).jsonl" "$(first n4).jsonl" | cmp -s - before
ok $? "no earlier run was changed"
fs 0 "the rest is collected" fleet collect "$folder" -o runs
has "$out" "3 runs copied to runs, 1 already there" "each run once"
is "$(echo runs/*.jsonl)" "runs/n1.jsonl runs/n2.jsonl runs/n3.jsonl runs/n4.jsonl" "under the names of their nodes"
for node in n1 n2 n3 n4; do
	is "$(grep -c '"type":"round"' runs/$node.jsonl)$(once runs/$node.jsonl)" 80 "$node has each round once"
	rounds=$(grep -c '"type":"round"' "$(first $node).jsonl")
	is "$(grep '"type":"round"' runs/$node.jsonl | head -n "$rounds" | cksum)" "$(grep '"type":"round"' "$(first $node).jsonl" | cksum)" \
		"$node kept the $rounds rounds of its first task"
done
is "$(find . -name PWNED)" "" "no name was executed"

# ---- a full folder

mkdir full
if mount -t tmpfs -o size=4m tmpfs full 2>none; then
	mkfifo hold/n2
	fs 0 "a plan is submitted to a folder on a small disk" fleet submit ./launch.plan --nodes n2,n3 -o full/fleet --program "$tmp/program"
	job=$(job_of full/fleet n2)
	until_so "the run of n3 on the small disk ends" in_state COMPLETED "$(job_of full/fleet n3)_0"
	until_so "the run of n2 begins on the small disk" has_rounds "full/fleet/runs/$job-0.jsonl"
	dd if=/dev/zero of=full/filler bs=4096 2>none
	while head -c 1000000 >none; do
		:
	done <hold/n2 &
	reader=$!
	until_so "the full disk ends the run" in_state FAILED "${job}_0"
	kill "$reader" 2>none
	fs 4 "with a full disk" fleet status full/fleet
	has "$out" "verdict: 1 of 2 nodes complete, 0 running, 0 waiting, 1 torn, 0 missing" "status says that one is torn"
	rm hold/n2
	fs 99 "on a full disk nothing is submitted again" fleet submit --resume full/fleet --program "$tmp/program"
	has "$err" "is the disk full?" "and the error says why"
	rm full/filler
	fs 0 "with room again" fleet submit --resume full/fleet --program "$tmp/program"
	again=$(job_of full/fleet n2)
	until_so "n2 completes its run on the small disk" in_state COMPLETED "${again}_0"
	fs 0 "the small disk has both runs" fleet status full/fleet
	is "$(grep -c '"type":"round"' "full/fleet/runs/$again-0.jsonl")$(once "full/fleet/runs/$again-0.jsonl")" 80 "with each round of n2 once"
else
	skip "a small file system needs the right to mount one" 9
fi

done_testing

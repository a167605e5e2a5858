#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# slurm_ways.sh - what fivestep fleet submit passes on, on a real Slurm of three nodes on this machine: partition, constraint, reservation and generic resources
# reach the tasks; a bundle runs; nodes that are to start together do. Run by make check-fleet.
# shellcheck disable=SC2317 # functions that until_so and the trap call

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/fleet/slurm_tap.sh
. "$srcdir/tests/fleet/slurm_tap.sh"
build=$(dirname "$FIVESTEP")
start_slurm 3

# The program of the tasks: it notes what Slurm gave them.
mkdir jobs
cat >program <<END
#!/bin/sh
scontrol show job -d -o "\$SLURM_JOB_ID" >"$tmp/jobs/\$SLURMD_NODENAME"
echo "CUDA_VISIBLE_DEVICES=\$CUDA_VISIBLE_DEVICES " >>"$tmp/jobs/\$SLURMD_NODENAME"
exec "$FIVESTEP" "\$@"
END
chmod +x program
cat >short.plan <<'END'
option rounds=2 max-rounds=2 timeout=10m
run launch device=emu setup=copy
END

# ---- partition, constraint, reservation, generic resources

scontrol create reservation ReservationName=night StartTime=now Duration=600 Nodes='n[1-2]' Users="$(id -un)" >said 2>&1
ok $? "a reservation is made"
fs 0 "a plan is submitted to reserved nodes" fleet submit ./short.plan --nodes 'n[1-2]' -o passed --program "$tmp/program" \
	--partition gpu --constraint 'odd|even' --reservation night --gres gpu:2
until_so "both nodes complete their runs" in_state COMPLETED "$(job_of passed n1)_0" "$(job_of passed n2)_0"
fs 0 "both are complete" fleet status passed
for node in n1 n2; do
	has "$(cat jobs/$node)" " Partition=gpu " "$node has the partition"
	has "$(cat jobs/$node)" " Features=odd|even " "$node has the constraint"
	has "$(cat jobs/$node)" " Reservation=night " "$node has the reservation"
	has "$(cat jobs/$node)" "TresPerNode=gres:gpu:2" "$node asked for the generic resources"
	has "$(cat jobs/$node)" "GRES=gpu:2(IDX:0-1)" "$node was given them"
	has "$(cat jobs/$node)" "CUDA_VISIBLE_DEVICES=0,1 " "the run of $node sees both"
	has "$(cat jobs/$node)" "OverSubscribe=NO" "$node is the task's alone"
done
fs 0 "a plan is submitted to a reserved node without the reservation" fleet submit ./short.plan --nodes n1 -o outside --program "$tmp/program"
until_so "its task waits" waits_for "$(job_of outside n1)_0" '(Reserved|Resources|ReqNodeNotAvail.*)'
fs 5 "which status says" fleet status outside
has "$out" "verdict: 0 of 1 nodes complete, 0 running, 1 waiting" "of its node"
scancel "$(job_of outside n1)"
scontrol delete ReservationName=night
# Of a job on hold Slurm does not look whether it can ever start.
fs 0 "more generic resources than a node has" fleet submit ./short.plan --nodes n1 -o never --program "$tmp/program" --gres gpu:3
until_so "are found out by Slurm" waits_for "$(job_of never n1)_0" BadConstraints
fs 5 "the node waits" fleet status never
has "$out" "PENDING BadConstraints" "and status says for what"
scancel "$(job_of never n1)"
fs 99 "a partition that there is not" fleet submit ./short.plan --nodes n1 -o refused2 --program "$tmp/program" --partition none
has "$err" "invalid partition" "is refused likewise"
fs 99 "a constraint that no node has" fleet submit ./short.plan --nodes n1 -o refused3 --program "$tmp/program" --constraint none
has "$err" "nvalid feature" "is refused likewise"
fs 99 "a node that there is not" fleet submit ./short.plan --nodes n1,n9 -o refused4 --program "$tmp/program"
has "$err" "n9: " "is refused by name"
is "$(squeue -h)" "" "nothing that was refused is left in the queue"
lacks "$(cat refused*/fleet.jsonl)" submit "nor in a manifest"

# ---- a node that cannot start holds up no other. Of an array it would: as long as the node of one task is drained, Slurm starts none of those that it looks at
# after it. If this Slurm does not, fivestep might submit arrays again.

scontrol update NodeName=n2 State=DRAIN Reason=later
for nodes in n1,n2,n3 n3,n2,n1; do
	fs 0 "three nodes of which one is drained: $nodes" fleet submit ./short.plan --nodes $nodes -o drained-$nodes --program "$tmp/program"
	until_so "the others complete their runs: $nodes" in_state COMPLETED "$(job_of drained-$nodes n1)_0" "$(job_of drained-$nodes n3)_0"
	in_state PENDING "$(job_of drained-$nodes n2)_0"
	ok $? "while the drained one waits: $nodes"
done
fs 0 "two at once, the first of which is drained" fleet submit ./short.plan --nodes n2,n1,n3 -o lanes --program "$tmp/program" --at-once 2
until_so "the other place is not held up" in_state COMPLETED "$(job_of lanes n1)_0"
waits_for "$(job_of lanes n3)_0" Dependency
ok $? "and a third node waits for the first of its place"
scontrol update NodeName=n2 State=RESUME
until_so "all complete their runs, one after another in a place" in_state COMPLETED "$(job_of lanes n2)_0" "$(job_of lanes n3)_0"

# ---- a bundle

if "${MAKE:-make}" -C "$build" bundle >said 2>&1; then
	cp "$build"/fivestep-*-"$(uname -m).tar.gz" "$tmp/a bundle.tar.gz"
	fs 0 "a bundle is submitted" fleet submit ./short.plan --nodes n3 -o bundled --bundle "a bundle.tar.gz"
	job=$(job_of bundled n3)
	until_so "the bundle's run ends" in_state COMPLETED "${job}_0"
	fs 0 "its run is complete" fleet status bundled
	fs 0 "its run can be shown" show "bundled/runs/$job-0.jsonl"
	rm "bundled/runs/$job-0.jsonl"
	fs 64 "to submit it again without a bundle" fleet submit --resume bundled
	has "$err" "was submitted with --bundle $tmp/a bundle.tar.gz" "is refused, since a file names no program"
	fs 0 "with the bundle it is submitted again" fleet submit --resume bundled --bundle "a bundle.tar.gz"
	until_so "the bundle's run ends again" in_state COMPLETED "$(job_of bundled n3)_0"
	fs 0 "and completes it" fleet status bundled
else
	tap_diag "$(tail -n 5 said)"
	skip "make bundle is not possible here" 10
fi

# ---- together: proved by what the runs record. n2 cannot start until n1's task has begun, and yet no run starts before both have.

scontrol update NodeName=n2 State=DRAIN Reason=later
fs 0 "two nodes are to start together" fleet submit ./short.plan --nodes 'n[1-2]' -o together --program "$tmp/program" --together
n1=together/runs/$(job_of together n1)-0
n2=together/runs/$(job_of together n2)-0
until_so "the task of n1 begins" test -s "$n1.node"
settle "$n1.node"
in_state RUNNING "$(job_of together n1)_0" && in_state PENDING "$(job_of together n2)_0" && [ ! -e "$n1.jsonl" ]
ok $? "n1 runs and has no run while n2 waits"
scontrol update NodeName=n2 State=RESUME
until_so "both complete their runs together" in_state COMPLETED "$(job_of together n1)_0" "$(job_of together n2)_0"
last=$(stat -c %Y "$n2.node")
[ "$last" -gt "$(stat -c %Y "$n1.node")" ]
ok $? "the task of n2 began later than that of n1"
for run in "$n1" "$n2"; do
	started=$(sed -n '1s/.*"started":"\([^"]*\)".*/\1/p' "$run.jsonl")
	[ "$(date -d "$started" +%s)" -ge "$last" ]
	ok $? "the run of $(cat "$run.node") started when both tasks had begun, by its record"
done
rm "$n2.jsonl"
fs 0 "what was together is submitted again" fleet submit --resume together --program "$tmp/program"
until_so "it does not wait for a node that is complete" in_state COMPLETED "$(job_of together n2)_0"
fs 0 "and completes it" fleet status together

done_testing

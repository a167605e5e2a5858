# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# slurm_tap.sh - for tests on a real Slurm; sourced after tap.sh.
#
#   start_slurm N                starts one of N nodes, which ends with the test, or skips the whole test; the test goes on in $tmp
#   until_so WHAT COMMAND...     until it succeeds, at most ten minutes
#   in_state STATE TASK...       whether all of them are in it, as Slurm sees them
#   waits_for TASK REASON        whether it waits, for that (an extended pattern)
#   job_of FOLDER NODE           the last job that was submitted for a node of a fleet

PATH=$PATH:/usr/sbin:/sbin
# shellcheck disable=SC2154 # of tap.sh
cluster=$srcdir/tests/fleet/cluster.sh

# shellcheck disable=SC2154 # tmp: of tap.sh
end_slurm() {
	for file in "$tmp"/hold/pid-*; do
		[ ! -s "$file" ] || kill -KILL "$(cat "$file")" 2>/dev/null
	done
	sh "$cluster" stop "$tmp/slurm"
	umount "$tmp/full" 2>/dev/null
	cd / && rm -rf "$tmp"
}

start_slurm() {
	FIVESTEP=$(readlink -f "$FIVESTEP")
	cd "$tmp" || exit 99
	trap end_slurm EXIT
	if ! sh "$cluster" start "$tmp/slurm" "$1" 2>said; then
		cat "$tmp/slurm/log/"* >&2 2>/dev/null
		skip_all "Slurm does not start here: $(tail -n 1 said)"
	fi
	SLURM_CONF=$tmp/slurm/slurm.conf
	export SLURM_CONF
}

until_so() {
	what=$1
	shift
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		if [ "$tries" -ge "${until_tries:-3000}" ]; then
			ok 1 "$what"
			tap_diag "$(squeue --array --states=all)"
			exit 1
		fi
		sleep 0.2
	done
}

in_state() {
	wanted=$1
	shift
	for task; do
		[ "$(squeue -h --array --states=all -o '%F_%K %T' | sed -n "s/^$task //p")" = "$wanted" ] || return 1
	done
}

waits_for() {
	squeue -h --array --states=all -o '%F_%K %T %r' | grep -Eqx "$1 PENDING $2"
}

job_of() {
	sed -n "s/.*\"type\":\"submit\",\"job\":\"\([0-9]*\)\",\"tasks\":\[\"$2\"\].*/\1/p" "$1/fleet.jsonl" | tail -n 1
}

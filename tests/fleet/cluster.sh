#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cluster.sh start DIR NODES | node DIR N start|kill | stop DIR - a Slurm of its own on one machine, without systemd: munged, slurmctld and NODES slurmd (n1, n2...).
#
# It needs no root: tasks run as who started it. Everything is below DIR: key, sockets, configuration, state, logs. Ports are free ones of this machine, so several can run at once. Commands of Slurm use it
# with SLURM_CONF=DIR/slurm.conf. Its own limits are so generous that a busy machine reaches none: a node is down
# when it is said to be. Nothing here waits for a duration: it waits for a state, at most ten minutes. What cannot start leaves nothing running.
#
# All nodes are in the partition "all". n1 and n2 are in "gpu" as well, with two generic resources "gpu" each, which are files that every machine has. Nodes have the
# feature odd or even.
set -eu
PATH=$PATH:/usr/sbin:/sbin
export PATH

die() {
	echo "cluster: $1" >&2
	[ -z "$starting" ] || stop_all
	exit 1
}

starting=
case $#:${1:-} in
3:start | 4:node | 2:stop) ;;
*)
	echo "usage: $0 start DIR NODES | node DIR N start|kill | stop DIR" >&2
	exit 64
	;;
esac
action=$1
dir=$2
export SLURM_CONF="$dir/slurm.conf"

# wait_for WHAT COMMAND...: until it succeeds. WHAT is the name of a process, which writes its log and its pid under it.
wait_for() {
	what=$1
	shift
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 3000 ] || die "$what: not within ten minutes; see $dir/log"
		! grep -q fatal: "$dir/log/$what.log" 2>/dev/null || die "$what: $(grep fatal: "$dir/log/$what.log" | tail -n 1)"
		sleep 0.2
	done
}

# Every process is stopped by the file with its id, and by force if it does not end.
stop_all() {
	for file in "$dir"/n*.pid "$dir/ctld.pid" "$dir/munge/pid"; do
		pid=$(cat "$file" 2>/dev/null || true)
		[ -n "$pid" ] || continue
		kill "$pid" 2>/dev/null || continue
		tries=0
		while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
			tries=$((tries + 1))
			sleep 0.1
		done
		kill -9 "$pid" 2>/dev/null || true
	done
}

# free_ports N: that many ports which nobody listens on, from a random start below those that the kernel gives to clients.
free_ports() {
	awk -v wanted="$1" -v seed="$$" '
		function read(file,   line, word, address) {
			while ((getline line < file) > 0) { split(line, word, " "); split(word[2], address, ":"); busy[address[2]] = 1 }
		}
		BEGIN { read("/proc/net/tcp"); read("/proc/net/tcp6")
			srand(); port = 10000 + (seed * 131 + int(rand() * 20000)) % 20000
			for (n = 0; n < wanted; port++) if (!(sprintf("%04X", port) in busy)) { printf("%d ", port); n++ } }'
}

start_node() {
	slurmd -N "$1" -f "$SLURM_CONF" -L "$dir/log/$1.log" || die "slurmd -N $1 failed; see $dir/log"
}

node_is() {
	sinfo -h -N -n "$1" -o %T | grep -q "$2"
}

write_conf() {
	# shellcheck disable=SC2046
	set -- "$1" $(free_ports $(($1 + 1)))
	nodes=$1
	shift
	cat >"$SLURM_CONF" <<END
ClusterName=fivestep
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$1
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool-%n
SlurmctldPidFile=$dir/ctld.pid
SlurmdPidFile=$dir/%n.pid
SlurmctldLogFile=$dir/log/ctld.log
SlurmdLogFile=$dir/log/%n.log
SelectType=select/cons_tres
JobAcctGatherType=jobacct_gather/none
GresTypes=gpu
SwitchType=switch/none
SlurmdTimeout=3600
MessageTimeout=100
TCPTimeout=60
BatchStartTimeout=3600
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0,bf_interval=1
UnkillableStepTimeout=3600
KillWait=2
MinJobAge=3600
OverTimeLimit=0
END
	shift
	n=0
	for port; do
		n=$((n + 1))
		[ $((n % 2)) -eq 1 ] && more=Feature=odd || more=Feature=even
		[ "$n" -gt 2 ] || more="$more Gres=gpu:2"
		echo "NodeName=n$n NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$port CPUs=1 State=UNKNOWN $more" >>"$SLURM_CONF"
	done
	[ "$nodes" -lt 2 ] && first=n1 || first='n[1-2]'
	echo "PartitionName=all Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
	echo "PartitionName=gpu Nodes=$first MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
	for file in /dev/null /dev/zero; do
		echo "NodeName=$first Name=gpu File=$file"
	done >"$dir/gres.conf"
	# No part of this configuration uses control groups, but slurmd loads a plugin for them, and that of version 2 wants to make some, which takes root and systemd. That
	# of version 1 does nothing until it is used.
	echo CgroupPlugin=cgroup/v1 >"$dir/cgroup.conf"
}

case $action in
start)
	for file in "$dir/ctld.pid" "$dir/munge/pid"; do
		[ ! -s "$file" ] || ! kill -0 "$(cat "$file")" 2>/dev/null || die "a Slurm runs in $dir: stop it, or take another folder"
	done
	for program in munged slurmctld slurmd sbatch; do
		command -v "$program" >/dev/null || die "$program is not installed (Debian: apt-get install slurmctld slurmd slurm-client munge)"
	done
	starting=yes
	mkdir -p "$dir/munge" "$dir/state" "$dir/log"
	chmod 755 "$dir/munge"
	head -c 1024 /dev/urandom >"$dir/munge/key"
	chmod 600 "$dir/munge/key"
	munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" --log-file="$dir/munge/log" \
		--seed-file="$dir/munge/seed" --num-threads=2 >/dev/null 2>"$dir/log/munged" || die "munged failed: $(tail -n 1 "$dir/log/munged")"
	write_conf "$3"
	slurmctld -f "$SLURM_CONF" >"$dir/log/start" 2>&1 || die "slurmctld failed: $(tail -n 1 "$dir/log/start")"
	wait_for slurmctld scontrol ping
	for node in $(seq -f n%.0f "$3"); do
		start_node "$node"
		wait_for "$node" node_is "$node" idle
	done
	;;
node)
	case $4 in
	start) start_node "$3" ;;
	kill) kill -9 "$(cat "$dir/$3.pid")" ;;
	esac
	;;
stop) stop_all ;;
esac

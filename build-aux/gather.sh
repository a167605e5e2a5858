#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# gather.sh NAME [ROOT] - adds a machine to those that the tests look at: run it on the machine, in a tree of fivestep, and it writes tests/machines/NAME.files.
# Where the tree is built, it also adds what is found out of it to tests/machines/expected.tsv: read both, and commit them. ROOT is a recorded
# machine's folder (of hwloc-gather-topology), instead of this machine.
#
# It takes numbers and models of processors, memory, pages and of devices that compute or have memory. It leaves out names of hosts and users, serial
# numbers, addresses in memory, the kernel's command line, disks and networks. Files of several CPUs with one text are one entry: cpu{0-7,16}.
# Root is not needed.
set -eu

case ${1:-} in
'' | *[!a-zA-Z0-9_.+-]* | .*)
	echo 'usage: gather.sh NAME [ROOT]: letters, digits and _ . + -' >&2
	exit 64
	;;
esac
name=$1
root=${2:-}
top=$(cd "$(dirname "$0")/.." && pwd)
out=${GATHER_OUT:-$top/tests/machines}/$name.files

# A device that computes or has memory: of such a class, or a display adapter.
of_interest() {
	case $(cat "$1/class") in
	0x03* | 0x0502* | 0x0b40* | 0x12*) true ;;
	*) false ;;
	esac
}

wanted='/proc/cpuinfo /proc/meminfo /proc/sys/kernel/numa_balancing /proc/sysinfo /proc/driver/nvidia/gpus/*/numa_status
	/proc/device-tree/compatible /proc/device-tree/hypervisor/compatible /sys/hypervisor/type
	/sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name
	/sys/devices/system/cpu/online /sys/devices/system/cpu/possible /sys/devices/system/cpu/present
	/sys/devices/system/cpu/cpu[0-9]*/online /sys/devices/system/cpu/cpu[0-9]*/cpu_capacity
	/sys/devices/system/cpu/cpu[0-9]*/topology/* /sys/devices/system/cpu/cpu[0-9]*/cache/index[0-9]*/*
	/sys/devices/system/memory/block_size_bytes /sys/devices/system/node/online /sys/devices/system/node/possible
	/sys/devices/system/node/has_cpu /sys/devices/system/node/has_memory
	/sys/devices/system/node/node[0-9]*/cpumap /sys/devices/system/node/node[0-9]*/cpulist /sys/devices/system/node/node[0-9]*/distance
	/sys/devices/system/node/node[0-9]*/meminfo /sys/devices/system/node/node[0-9]*/memory[0-9]*/state
	/sys/devices/system/node/node[0-9]*/access[01]/initiators/*_latency /sys/devices/system/node/node[0-9]*/access[01]/initiators/*_bandwidth
	/sys/devices/system/node/node[0-9]*/hugepages/*/nr_hugepages /sys/devices/virtual/memory_tiering/memory_tier*/nodelist
	/sys/kernel/mm/hugepages/*/nr_hugepages /sys/kernel/mm/transparent_hugepage/enabled /sys/kernel/mm/transparent_hugepage/hpage_pmd_size
	/sys/bus/dax/devices/*/target_node /sys/bus/event_source/devices/cpu*/type /sys/bus/event_source/devices/armv*/type'

# The files, one a line, without the root: the patterns are of files below it, not of this machine's.
list() {
	set -f
	for pattern in $wanted; do
		set +f
		for found in "$root"$pattern; do
			[ ! -f "$found" ] || echo "${found#"$root"}"
		done
	done
	set +f
	for device in "$root"/sys/bus/pci/devices/*; do
		if [ ! -f "$device/class" ] || ! of_interest "$device"; then
			continue
		fi
		for file in class vendor device subsystem_vendor subsystem_device revision local_cpus; do
			[ ! -f "$device/$file" ] || echo "${device#"$root"}/$file"
		done
	done
}

# What a file says without what is somebody's. Texts of a device tree end with a zero byte.
text() {
	case $1 in
	/proc/cpuinfo)
		# Of the flags, hundreds for each CPU, only one says what the machine is.
		sed -E -e '/^(serial|hardware serial|uuid|bogomips|cpu mhz|vmx flags|bugs|features)[[:space:]]*:/Id' \
			-e 's/^(flags[[:space:]]*:).* hypervisor( .*)?$/\1 fpu hypervisor/' -e t -e 's/^(flags[[:space:]]*:).*/\1 fpu/' "$root$1"
		;;
	/proc/meminfo) grep -E '^(MemTotal|MemFree|MemAvailable|SwapTotal|Hugepagesize|HugePages_Total|HugePages_Free):' "$root$1" || true ;;
	/proc/sysinfo) grep -E '^(Manufacturer|Type|VM00 Control Program):' "$root$1" || true ;;
	/sys/devices/system/node/node*/meminfo) grep -E ' (MemTotal|MemFree|HugePages_Total|HugePages_Free):' "$root$1" || true ;;
	/proc/device-tree/*) tr '\0' '\n' <"$root$1" ;;
	*) cat "$root$1" 2>/dev/null || true ;;
	esac
}

# Where it says nothing of them, hwloc would take this machine's.
facts() {
	if [ -n "$root" ]; then
		grep -E '^(Architecture|PageSize):' "$root/proc/hwloc-nofile-info" 2>/dev/null || true
	else
		echo "Architecture: $(uname -m)"
		echo "PageSize: $(getconf PAGESIZE)"
	fi
}

new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
	echo "# gathered by build-aux/gather.sh"
	echo '== /proc/hwloc-nofile-info'
	facts
	list | while read -r file; do
		echo "== $file"
		text "$file"
	done
} | awk '
	# Entries that differ in the number of a CPU or of a block of memory, and not in their texts, are one.
	function flush(key, at, number, before, after) {
		if (path == "")
			return
		before = path; number = after = ""
		if (match(path, /\/(cpu|node[0-9]+\/memory)[0-9]+\//)) {
			at = RSTART + RLENGTH - 1
			after = substr(path, at)
			before = substr(path, 1, at - 1)
			match(before, /[0-9]+$/)
			number = substr(before, RSTART)
			before = substr(before, 1, RSTART - 1)
		}
		key = before SUBSEP after SUBSEP content
		if (!(key in numbers)) {
			order[++n] = key; first[key] = before; last[key] = after; said[key] = content
		}
		numbers[key] = numbers[key] " " number
	}
	function ranges(list, a, k, i, j, v, out) {
		k = split(list, a, " ")
		for (i = 2; i <= k; i++) {
			v = a[i] + 0
			for (j = i - 1; j >= 1 && a[j] + 0 > v; j--)
				a[j + 1] = a[j]
			a[j + 1] = v
		}
		for (i = 1; i <= k; i = j + 1) {
			for (j = i; j < k && a[j + 1] == a[j] + 1; j++)
				;
			out = out (out == "" ? "" : ",") a[i] (j > i ? "-" a[j] : "")
		}
		return k <= 1 ? out : "{" out "}"
	}
	/^== /  { flush(); path = substr($0, 4); content = ""; next }
	path == "" { print; next }
	        { content = content $0 "\n" }
	END     { flush(); for (i = 1; i <= n; i++) { k = order[i]; printf "== %s%s%s\n%s", first[k], ranges(numbers[k]), last[k], said[k] } }
' >"$new"
mv "$new" "$out"
chmod 644 "$out"
trap - EXIT
echo "$out: $(wc -c <"$out") bytes, $(grep -c '^== ' "$out") entries"

if [ -n "${GATHER_OUT:-}" ]; then
	exit 0
elif [ -x "$top/fivestep" ] && [ -x "$top/tests/machine/unpack" ]; then
	cd "$top"
	KEEP=yes FIVESTEP=$top/fivestep FIVESTEP_DATADIR=$top srcdir=. sh tests/machine/recorded.sh | grep -v '^ok ' || true
	grep "^$name	" tests/machines/expected.tsv
else
	echo "Next: make check TESTS=tests/machine/recorded.sh, which says that it is not expected; KEEP=yes in front keeps what it finds."
fi

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# machines_guest.sh - the first process of the machine that machines.sh boots: mounts what is needed, unpacks the tree to memory, runs the stages that
# /mnt/order names and prints TAP. Logs and run files go to /mnt, which is the host's folder; the last is /mnt/status, 0 or 1.
#
# A kernel built for it needs these options, on top of tinyconfig:
# option ARM64_64K_PAGES ARM64_VA_BITS_48 64BIT MMU SMP PRINTK TTY BINFMT_ELF BINFMT_SCRIPT BLK_DEV_INITRD RD_GZIP PROC_FS PROC_PAGE_MONITOR SYSFS TMPFS SHMEM
# option DEVTMPFS USERFAULTFD TRANSPARENT_HUGEPAGE TRANSPARENT_HUGEPAGE_MADVISE HUGETLBFS HUGETLB_PAGE MEMFD_CREATE ADVISE_SYSCALLS FUTEX EPOLL SIGNALFD TIMERFD
# option EVENTFD POSIX_TIMERS AIO MULTIUSER FILE_LOCKING COMPACTION MIGRATION NUMA OF PCI PCI_HOST_GENERIC VIRTIO_MENU VIRTIO VIRTIO_PCI VIRTIO_PCI_LEGACY NET UNIX
# option INET NET_9P NET_9P_VIRTIO NETWORK_FILESYSTEMS 9P_FS SERIAL_AMBA_PL011 SERIAL_AMBA_PL011_CONSOLE MAGIC_SYSRQ SECCOMP SECCOMP_FILTER HIGH_RES_TIMERS
# option NO_HZ_IDLE CROSS_MEMORY_ATTACH MEMBARRIER RSEQ SYSCTL INOTIFY_USER PERF_EVENTS NAMESPACES USER_NS UNIX98_PTYS PSI CC_OPTIMIZE_FOR_SIZE VM_EVENT_COUNTERS
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TMPDIR=/tmp LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs tmp /tmp
ln -sf /proc/self/fd /dev/fd
while read -r module; do
	insmod "/mod/$module.ko" || echo "# no module $module"
done </mod/order
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288 share /mnt || echo '# the folder of the host cannot be mounted'
ldconfig
date=0 stages='' tests=''
# shellcheck source=/dev/null
. /mnt/order
date -s "@$date" >/dev/null
mkdir /tmp/tree
tar x -m -C /tmp/tree -f /mnt/tree.tar
cd /tmp/tree || echo '# no tree'

# As `make check` has it. There is no compiler here: tests that need one are skips, or fail if CC is there and does not work.
export FIVESTEP=/tmp/tree/fivestep FIVESTEP_DATADIR=/tmp/tree srcdir=. CC=false MAKE=make
n=0
failed=0

# report STATUS NAME [TEXT]
report() {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		failed=$((failed + 1))
		echo "not ok $n - $2"
	fi
}

# A plan, one round a cell: nothing may fail or be invalid. A cell that this machine cannot measure is a skip with its reason, and `show` prints those.
plan() {
	"$FIVESTEP" run "$1" --rounds 1 --max-rounds 1 --timeout 15m --time-limit 3h -o "/tmp/$1.jsonl" >"/mnt/$1.log" 2>&1
	status=$?
	cp "/tmp/$1.jsonl" /mnt/
	counts=$(grep -o '"verdict":"[a-z]*"' "/tmp/$1.jsonl" | sort | uniq -c | sed 's/ *\([0-9]*\) .*:"\(.*\)"/\1 \2/' | paste -sd , | sed 's/,/, /g')
	report $status "plan $1: rounds $counts"
}

# Of a test's TAP: a failure is a `not ok`, a plan that was not kept, or a status other than 0.
one_test() {
	log=/mnt/$(echo "$1" | tr / _).log
	case $1 in
	*.sh) timeout 1h sh "$1" >"$log" 2>&1 ;;
	*) timeout 1h "./$1" >"$log" 2>&1 ;;
	esac
	status=$?
	skipped=$(grep -c '^ok .*# SKIP' "$log")
	checks=$(grep -c '^ok ' "$log")
	planned=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$log")
	run=$(grep -c -E '^(not )?ok ' "$log")
	if grep -v '# TODO' "$log" | grep -q '^not ok' || [ "$run" != "$planned" ]; then
		status=1
	fi
	report $status "$1: $((checks - skipped)) of $planned checks, $skipped skipped$(sed -n 's/^1\.\.0 # SKIP/: /p' "$log")"
	[ $status -eq 0 ] || grep -A 8 '^not ok' "$log" | head -n 40 | sed 's/^/# /'
}

# chosen LINE: the tests of that line of the list, or those of them that were named, in the order of their names.
chosen() {
	list=" $(sed -n "$1p" tests.list) "
	for test in ${tests:-$list}; do
		case $list in
		*" $test "*) one_test "$test" </dev/null ;;
		esac
	done
}

echo "# $(uname -r) $(uname -m), base pages of $(getconf PAGESIZE) bytes, huge pages of $(cat /sys/kernel/mm/transparent_hugepage/hpage_pmd_size 2>/dev/null || echo 0)"
for stage in $stages; do
	case $stage in
	doctor)
		"$FIVESTEP" doctor >/mnt/doctor.log 2>&1
		report $? doctor
		;;
	smoke | quick) plan "$stage" ;;
	c) chosen 1 ;;
	shell) chosen 2 ;;
	*) report 1 "no stage $stage" ;;
	esac
done
echo "1..$n"
[ "$failed" -eq 0 ]
echo $? >/mnt/status
sync
umount /mnt
echo o >/proc/sysrq-trigger
sleep 60

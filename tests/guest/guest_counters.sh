#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# guest_counters.sh - in the reference guest, where nobody else runs, independent counts of one thing are equal to the last page: perf,
# rusage and the benchmark's own count of faults; vmstat, the tracepoints, numa_maps and move_pages of migrated pages.

# shellcheck source=tests/guest/guest_tap.sh
. "${srcdir:-.}/tests/guest/guest_tap.sh"

# counted BENCH SETUP DEVICE STEP EVENT: the event's values over that step in all rounds, each value once.
counted() {
	grep '"type":"round"' "$tmp/run.jsonl" | grep "\"bench\":\"$1\".*\"setup\":\"$2\",\"device\":\"$3\"" |
		sed -n "s/.*{\"step\":\"$4\",\"ns\":[0-9]*,\"counters\":{\([^]]*\).*/\1/p" | sed 's/{"step":.*//' |
		grep -o "\"$5\":{\"value\":-*[0-9]*" | sed 's/.*://' | sort -u | tr '\n' ' ' | sed 's/ $//'
}

# 2 MiB: 512 pages. fault_latency touches them three times, fault_back and migrate_bandwidth move them six times.
fs 0 "faults and migrations in the guest" guest run -- run fault_latency fault_back migrate_bandwidth --setup hmm,cdm --device dmirror,emu \
	-p size=2M --rounds 2 --seed 1 --counters default,numa,perf:page-faults,perf:minor-faults,perf:migrate:mm_migrate_pages,perf:migrate:set_migration_pte,perf:migrate:remove_migration_pte \
	-o "$tmp/run.jsonl"
for cell in 'fault_latency hmm emu' 'fault_back hmm emu' 'fault_back hmm dmirror'; do
	times=6
	[ "${cell%% *}" != fault_latency ] || times=3
	for event in perf.page-faults perf.minor-faults rusage.minflt; do
		# shellcheck disable=SC2086
		is "$(counted $cell cpu_after $event)" $((512 * times)) "$cell: 512 pages touched $times times are $((512 * times)) $event"
	done
done
is "$(counted fault_latency hmm emu cpu_after emu.faults_to_host)" 1536 "fault_latency: and 1536 by its own count"
is "$(counted fault_latency hmm emu cpu_after emu.events_to_host)" 1536 "which are 1536 userfaultfd events"
is "$(counted fault_latency hmm emu device emu.faults_to_device)" 1536 "as on the device's side, by the device"
is "$(counted fault_back hmm dmirror cpu_after perf.migrate:remove_migration_pte)" 3072 "dmirror: the tracepoint has each page that came back"
is "$(counted fault_back cdm dmirror cpu_after perf.page-faults)" 0 "device-coherent memory: none at all"

# Placed by the benchmark, seen page by page before and after: 512 pages change their node, six times.
for event in vmstat.pgmigrate_success perf.migrate:set_migration_pte perf.migrate:remove_migration_pte emu.moved_to_device numa.buffer_device; do
	is "$(counted fault_back cdm emu device $event)" 3072 "move_pages: 512 pages that change their node six times are 3072 $event"
done
is "$(counted fault_back cdm emu device numa.buffer_host)" -3072 "and as many less on the other"
is "$(counted fault_back cdm emu device perf.migrate:mm_migrate_pages)" 6 "in one batch each time"
# Six ways each.
for event in vmstat.pgmigrate_success perf.migrate:remove_migration_pte; do
	is "$(counted migrate_bandwidth cdm emu device $event)" 3072 "migrate_bandwidth: six ways of 512 pages there are 3072 $event"
	is "$(counted migrate_bandwidth cdm emu cpu_after $event)" 3072 "and as many back"
done
has "$(cat "$tmp/run.jsonl")" '"checks":[{' "counters were compared with each other"
lacks "$(grep -o '"checks":.*"noise"' "$tmp/run.jsonl")" '"holds":false' "and none disagree"

done_testing

# One line a counter source: the file's name is the source's. Files with what sources share go to counter_shared.
counter_files += harness/counter/rusage.c
counter_files += harness/counter/papi.c
counter_shared += harness/counter/papi_pmu.c
counter_shared += harness/counter/papi_pmu.h
counter_files += harness/counter/perf.c
counter_shared += harness/counter/perf_cores.c
counter_shared += harness/counter/perf_name.c
counter_shared += harness/counter/perf_name.h
counter_shared += harness/counter/perf_tasks.c
counter_shared += harness/counter/perf_tasks.h
counter_shared += harness/counter/perf_why.c
counter_files += harness/counter/vmstat.c
counter_files += harness/counter/numa.c
counter_files += harness/counter/psi.c
counter_files += harness/counter/uvm.c
counter_files += harness/counter/energy.c
counter_shared += harness/counter/energy.h
counter_shared += harness/counter/energy_perf.c
counter_shared += harness/counter/energy_powercap.c
counter_shared += harness/counter/text.c
counter_shared += harness/counter/text.h

# Groups of counters: data files, one line each, installed beside the plans.
group_files += harness/counter/groups/balancing.group
group_files += harness/counter/groups/cache.group
group_files += harness/counter/groups/faults.group
group_files += harness/counter/groups/migration.group
group_files += harness/counter/groups/privilege.group
group_files += harness/counter/groups/tlb.group

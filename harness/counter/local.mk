# One line a counter source: the file's name is the source's. Files with what sources share go to counter_shared.
counter_files += harness/counter/rusage.c
counter_files += harness/counter/perf.c
counter_shared += harness/counter/perf_name.c
counter_shared += harness/counter/perf_name.h
counter_shared += harness/counter/perf_tasks.c
counter_shared += harness/counter/perf_tasks.h
counter_shared += harness/counter/perf_why.c
counter_files += harness/counter/vmstat.c

# Groups of counters: data files, one line each, installed beside the plans.
group_files += harness/counter/groups/faults.group

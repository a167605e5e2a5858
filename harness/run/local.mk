# The outside of rounds: which comes next, its process, its record.
harness_files += harness/run/child.c
harness_files += harness/run/describe.c
harness_files += harness/run/describe.h
harness_files += harness/run/probe.c
harness_files += harness/run/probe.h
harness_files += harness/run/progress.c
harness_files += harness/run/progress.h
harness_files += harness/run/record.c
harness_files += harness/run/record.h
harness_files += harness/run/round.c
harness_files += harness/run/round.h
harness_files += harness/run/runner.c
harness_files += harness/run/runner.h
harness_files += harness/run/schedule.c
harness_files += harness/run/schedule.h

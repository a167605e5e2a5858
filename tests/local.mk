# Tests: one line a test in the local.mk of its folder, which is named for the room that it tests. In C, test_programs += tests/ROOM/NAME is built of
# tests/ROOM/NAME.c, libtap.a (tap.c and the fakes) and libfivestep-internal.a; in shell (POSIX), test_scripts += tests/ROOM/NAME.sh sources tests/tap.sh. Names differ
# beyond the extension: each has tests/ROOM/NAME.log. What tests run goes to test_helpers (built as tests are), what they read to test_data.
# What takes more than two seconds on a quiet machine is named in slow_tests besides, and is left out of make check-quick.
tap_files += tests/tap.c
tap_files += tests/screen.c
tap_files += tests/screen.h
tap_files += tests/tap.h
tap_files += tests/fake/job.c
tap_files += tests/fake/job.h
tap_files += tests/round/kernel_ways.h
tap_files += tests/analysis/invented.h
tap_files += tests/fake/machine.c
tap_files += tests/fake/machine.h
tap_files += tests/fake/pair.c
tap_files += tests/fake/pair.h
tap_files += tests/fake/runs.c
tap_files += tests/fake/runs.h

# What reads texts of others, for fuzzers and for what they found: a target is one line here and one in tests/fuzz/targets.h.
tap_files += tests/fuzz/targets.h
tap_files += tests/fuzz/file.c
tap_files += tests/fuzz/app_profile.c
tap_files += tests/fuzz/digest.c
tap_files += tests/fuzz/formula.c
tap_files += tests/fuzz/group.c
tap_files += tests/fuzz/hwloc.c
tap_files += tests/fuzz/machine.c
tap_files += tests/fuzz/manifest.c
tap_files += tests/fuzz/matrix_market.c
tap_files += tests/fuzz/perf_name.c
tap_files += tests/fuzz/plan.c
tap_files += tests/fuzz/runfile.c
test_data += tests/fuzz/corpus
test_data += tests/fuzz/driver.c

test_data += tests/kept
test_data += tests/kept.sh
test_data += tests/tap.sh
test_data += tests/tree.sh
test_data += tests/machines
test_data += tests/runs/conform.jsonl
test_data += tests/runs/fine.jsonl
test_data += tests/runs/instructions.jsonl
test_data += tests/runs/mixed.jsonl
test_data += tests/runs/plots.jsonl
test_data += tests/runs/skips.jsonl

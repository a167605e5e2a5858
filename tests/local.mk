# Tests: one line a test. In C, test_programs += tests/NAME is built of tests/NAME.c, tap.c and libfivestep.a; in shell (POSIX),
# test_scripts += tests/NAME.sh sources tests/tap.sh. Names differ beyond the extension: each has tests/NAME.log.
# What tests run goes to test_helpers (built as tests are), what they read to test_data.
test_programs += tests/accounts
test_programs += tests/array
test_programs += tests/bodies
test_programs += tests/cell_key
test_programs += tests/change_points
test_programs += tests/chance
test_programs += tests/claims
test_programs += tests/compare_pairs
test_programs += tests/compare_power
test_programs += tests/compare_verdicts
test_programs += tests/compare_words
test_programs += tests/comparison
test_programs += tests/counter
test_programs += tests/counter_papi
test_programs += tests/counter_perf
test_programs += tests/crosscheck
test_programs += tests/cuda_api
if WITH_CUDA
test_programs += tests/cuda_units
endif
test_programs += tests/digest
test_programs += tests/emu_modes
test_programs += tests/explain
test_programs += tests/fingerprint
test_programs += tests/floor_lies
test_programs += tests/formula
test_programs += tests/fuzz_corpus
test_programs += tests/guest_progress
test_programs += tests/guest_words
test_programs += tests/hmm
test_programs += tests/hmm_stress
test_programs += tests/identity
test_programs += tests/job_clock
test_programs += tests/legs
test_programs += tests/kernels
test_programs += tests/lookup
test_programs += tests/opencl_api
if WITH_OPENCL
test_programs += tests/opencl_units
endif
test_programs += tests/oracles
test_programs += tests/paired
test_programs += tests/params
test_programs += tests/plan
test_programs += tests/plots
test_programs += tests/probe
test_programs += tests/runfile
test_programs += tests/schedule
test_programs += tests/selection
test_programs += tests/sessions
test_programs += tests/statistics
test_programs += tests/text
test_programs += tests/topology
test_programs += tests/two_sample
test_programs += tests/unit

test_helpers += tests/forbid

# A round without a runner, for tests of benchmarks and kernels.
tests_floor_lies_SOURCES = tests/floor_lies.c tests/fake_job.c tests/fake_job.h
# What reads texts of others, for fuzzers and for what they found: a target is one line here and one in tests/fuzz/targets.h.
fuzz_files = tests/fuzz/targets.h tests/fuzz/file.c
fuzz_files += tests/fuzz/digest.c
fuzz_files += tests/fuzz/formula.c
fuzz_files += tests/fuzz/group.c
fuzz_files += tests/fuzz/hwloc.c
fuzz_files += tests/fuzz/machine.c
fuzz_files += tests/fuzz/perf_name.c
fuzz_files += tests/fuzz/plan.c
fuzz_files += tests/fuzz/runfile.c
tests_fuzz_corpus_SOURCES = tests/fuzz_corpus.c tests/fake_machine.c tests/fake_machine.h $(fuzz_files)

tests_job_clock_SOURCES = tests/job_clock.c tests/fake_job.c tests/fake_job.h
tests_kernels_SOURCES = tests/kernels.c tests/fake_job.c tests/fake_job.h
tests_oracles_SOURCES = tests/oracles.c tests/fake_job.c tests/fake_job.h

# Runs whose values a test draws itself.
tests_compare_power_SOURCES = tests/compare_power.c tests/fake_runs.c tests/fake_runs.h
tests_compare_pairs_SOURCES = tests/compare_pairs.c tests/fake_pair.c tests/fake_pair.h tests/fake_runs.c tests/fake_runs.h
tests_compare_verdicts_SOURCES = tests/compare_verdicts.c tests/fake_pair.c tests/fake_pair.h tests/fake_runs.c tests/fake_runs.h
tests_compare_words_SOURCES = tests/compare_words.c tests/fake_pair.c tests/fake_pair.h tests/fake_runs.c tests/fake_runs.h
tests_sessions_SOURCES = tests/sessions.c tests/fake_runs.c tests/fake_runs.h

# Machines that nobody here owns.
tests_accounts_SOURCES = tests/accounts.c tests/fake_machine.c tests/fake_machine.h
tests_counter_SOURCES = tests/counter.c tests/fake_machine.c tests/fake_machine.h
tests_counter_papi_SOURCES = tests/counter_papi.c tests/fake_machine.c tests/fake_machine.h
tests_counter_perf_SOURCES = tests/counter_perf.c tests/fake_machine.c tests/fake_machine.h
tests_cuda_units_SOURCES = tests/cuda_units.c tests/fake_machine.c tests/fake_machine.h
tests_fingerprint_SOURCES = tests/fingerprint.c tests/fake_machine.c tests/fake_machine.h
tests_identity_SOURCES = tests/identity.c tests/fake_machine.c tests/fake_machine.h
tests_topology_SOURCES = tests/topology.c tests/fake_machine.c tests/fake_machine.h
tests_unit_SOURCES = tests/unit.c tests/fake_machine.c tests/fake_machine.h

test_programs += tests/warm
test_scripts += tests/ab.sh
test_scripts += tests/bad_input.sh
test_scripts += tests/bench.sh
test_scripts += tests/build_bench.sh
test_scripts += tests/build_install.sh
test_scripts += tests/build_packages.sh
test_scripts += tests/build_registry.sh
test_scripts += tests/ci.sh
test_scripts += tests/commands.sh
test_scripts += tests/compare.sh
test_scripts += tests/counters.sh
test_scripts += tests/cuda_calls.sh
test_scripts += tests/cuda_failures.sh
test_scripts += tests/cuda_ptx.sh
test_scripts += tests/cuda_state.sh
test_scripts += tests/export.sh
test_scripts += tests/first_use.sh
test_scripts += tests/guest_build.sh
test_scripts += tests/guest_kvm.sh
test_scripts += tests/history.sh
test_scripts += tests/disagree.sh
test_scripts += tests/injection.sh
test_scripts += tests/hostile.sh
test_scripts += tests/interrupt.sh
test_scripts += tests/large_input.sh
test_scripts += tests/merge.sh
test_scripts += tests/opencl.sh
test_scripts += tests/opencl_calls.sh
test_scripts += tests/opencl_failures.sh
test_scripts += tests/pages.sh
test_scripts += tests/published.sh
test_scripts += tests/refused.sh
test_scripts += tests/output.sh
test_scripts += tests/report.sh
test_scripts += tests/report_browser.sh
test_scripts += tests/resume.sh
test_scripts += tests/rooms.sh
test_scripts += tests/rules.sh
test_scripts += tests/run.sh
test_scripts += tests/sde.sh
test_scripts += tests/selftest.sh
test_scripts += tests/show.sh
test_scripts += tests/trust.sh
test_scripts += tests/vendor_calls.sh

# Run by make check-guest.
test_data += tests/guest.sh
test_data += tests/guest_counters.sh

test_data += tests/fake_failures.c
# Run by hand: MACHINES=FOLDER sh tests/recorded.sh
test_data += tests/recorded.sh
test_data += tests/fake_cuda.c
test_data += tests/fake_nvml.c
test_data += tests/fake_opencl.c
test_data += tests/stand_in.sh
test_data += tests/tap.sh
test_data += tests/machines/ac922.files
test_data += tests/machines/ac922.xml
test_data += tests/machines/broken.xml
test_data += tests/machines/cxl.files
test_data += tests/machines/gh200.xml
test_data += tests/machines/guest.files
test_data += tests/history_runs.awk
test_data += tests/large_run.awk
test_data += tests/fuzz/corpus
test_data += tests/fuzz/driver.c
test_data += tests/junit.xsd
test_data += tests/openmetrics.awk
test_data += tests/rules.awk
test_data += tests/rules.lies
test_data += tests/rules_judge.awk
test_data += tests/runs/fine.jsonl
test_data += tests/runs/instructions.jsonl
test_data += tests/runs/mixed.jsonl
test_data += tests/runs/plots.jsonl
test_data += tests/runs/skips.jsonl
test_data += tests/tree.sh

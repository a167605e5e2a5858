test_programs += tests/guest/explain
test_programs += tests/guest/guest_progress
test_programs += tests/guest/guest_words
test_scripts += tests/guest/guest_build.sh
test_scripts += tests/guest/guest_kernels.sh
test_scripts += tests/guest/guest_kvm.sh
# Run by make check-guest.
guest_scripts += tests/guest/guest.sh
guest_scripts += tests/guest/guest_softdev.sh
guest_scripts += tests/guest/guest_gate.sh
guest_scripts += tests/guest/guest_conform.sh
guest_scripts += tests/guest/guest_counters.sh
slow_tests += tests/guest/guest_build.sh
slow_tests += tests/guest/guest_kernels.sh

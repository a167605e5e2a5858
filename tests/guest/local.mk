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
guest_scripts += tests/guest/guest_unexplained.sh
guest_scripts += tests/guest/guest_conform.sh
guest_scripts += tests/guest/guest_counters.sh
slow_tests += tests/guest/guest_build.sh
slow_tests += tests/guest/guest_kernels.sh
# Run by hand, with a kernel's source: its own tests of HMM beside conform, and bugs that cases of conformance must see.
test_data += tests/guest/hmm_tests.sh
test_data += tests/guest/seeded_bugs.sh
test_data += tests/guest/slow/faults_in_order.patch
test_data += tests/guest/bugs/invented_page.patch
test_data += tests/guest/bugs/lost_dirty.patch
test_data += tests/guest/bugs/lost_soft_dirty.patch
test_data += tests/guest/bugs/lost_write_protection.patch
test_data += tests/guest/bugs/stale_after_dontneed.patch
test_data += tests/guest/bugs/stale_after_mprotect.patch
test_data += tests/guest/bugs/stale_mapping.patch

test_programs += tests/device/bodies
test_programs += tests/device/cuda_api
if WITH_CUDA
test_programs += tests/device/cuda_units
endif
test_programs += tests/device/emu_modes
test_programs += tests/device/hmm
test_programs += tests/device/hmm_stress
test_programs += tests/device/opencl_api
if WITH_OPENCL
test_programs += tests/device/opencl_units
endif
test_scripts += tests/device/cuda_calls.sh
test_scripts += tests/device/cuda_failures.sh
test_scripts += tests/device/cuda_ptx.sh
test_scripts += tests/device/cuda_state.sh
test_scripts += tests/device/first_use.sh
test_scripts += tests/device/opencl.sh
test_scripts += tests/device/opencl_calls.sh
test_scripts += tests/device/opencl_failures.sh
test_scripts += tests/device/vendor_calls.sh
test_programs += tests/device/softdev_lacks
test_programs += tests/device/team
# Runs in the guest, by tests/guest/guest_softdev.sh.
test_helpers += tests/device/softdev_guest
test_softdev += tests/device/softdev_bad.c
test_softdev += tests/device/softdev_coherent.c
test_softdev += tests/device/softdev_counts.c
test_softdev += tests/device/softdev_fuzz.c
test_softdev += tests/device/softdev_kill.c
test_softdev += tests/device/softdev_part.c
test_softdev += tests/device/softdev_part.h
test_softdev += tests/device/softdev_process.c
test_softdev += tests/device/softdev_release.c
test_softdev += tests/device/softdev_stress.c
test_softdev += tests/device/softdev_trace.c
tests_device_softdev_guest_SOURCES = tests/device/softdev_guest.c $(test_softdev)
slow_tests += tests/device/cuda_calls.sh
slow_tests += tests/device/cuda_failures.sh
slow_tests += tests/device/cuda_ptx.sh
slow_tests += tests/device/cuda_state.sh
slow_tests += tests/device/opencl.sh
slow_tests += tests/device/opencl_calls.sh
slow_tests += tests/device/opencl_failures.sh

test_data += tests/fake/failures.c
test_data += tests/fake/cuda.c
test_data += tests/fake/nvml.c
test_data += tests/fake/opencl.c
test_data += tests/fake/stand_in.sh
test_data += tests/fake/record_app.c
test_data += tests/fake/vendors.c

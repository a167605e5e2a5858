# What contributors include. It is installed under the same names, so that a benchmark is the same text inside the tree and outside of it.
harness_headers += base/reason.h
harness_headers += harness/body.h
harness_headers += harness/fivestep.h
harness_headers += harness/fivestep/bench.h
harness_headers += harness/fivestep/common.h
harness_headers += harness/fivestep/cost.h
harness_headers += harness/fivestep/counter.h
harness_headers += harness/fivestep/device.h
harness_headers += harness/fivestep/input.h
harness_headers += harness/fivestep/kernel.h
harness_headers += harness/fivestep/memory.h
harness_headers += harness/fivestep/param.h
harness_headers += harness/fivestep/result.h
harness_headers += harness/fivestep/setup.h

plan_files += harness/plans/calibrate.plan
plan_files += harness/plans/cuda.plan
plan_files += harness/plans/guest-programs.plan
plan_files += harness/plans/kernels.plan
plan_files += harness/plans/predict.plan
plan_files += harness/plans/guest.plan
plan_files += harness/plans/programs.plan
plan_files += harness/plans/quick.plan
plan_files += harness/plans/smoke.plan

# What contributors include. It is installed under the same names, so that a benchmark is the same text inside the tree and outside of it.
harness_headers += base/reason.h
harness_headers += harness/body.h
harness_headers += harness/fivestep.h

plan_files += harness/plans/cuda.plan
plan_files += harness/plans/guest.plan
plan_files += harness/plans/quick.plan
plan_files += harness/plans/smoke.plan

# From a text to a list of cells.
harness_files += harness/plan/catalog.c
harness_files += harness/plan/catalog.h
harness_files += harness/plan/cell.c
harness_files += harness/plan/cell.h
harness_files += harness/plan/group.c
harness_files += harness/plan/group.h
harness_files += harness/plan/lies.c
harness_files += harness/plan/lies.h
harness_files += harness/plan/params.c
harness_files += harness/plan/params.h
harness_files += harness/plan/plan.c
harness_files += harness/plan/plan.h
harness_files += harness/plan/plan_options.c
harness_files += harness/plan/plan_run.c
harness_files += harness/plan/registry.h
harness_files += harness/plan/selection.c
harness_files += harness/plan/selection.h

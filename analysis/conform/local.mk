# What is said of the cases of conformance in a run.
analysis_files += analysis/conform/conform.h
analysis_files += analysis/conform/tap.c
analysis_files += analysis/conform/table.c

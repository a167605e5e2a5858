# The record of a run: its words, its writer and its reader.
results_files += results/runfile.c
results_files += results/runfile.h
results_files += results/runfile_round.c
results_files += results/runfile_round.h

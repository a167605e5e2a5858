# The record of a run: its words, its writer and its reader.
results_files += results/runfile.c
results_files += results/runfile.h
results_files += results/runfile_parts.c
results_files += results/runfile_round.c
results_files += results/runfile_round.h
results_files += results/words.c
results_files += results/words.h
results_files += results/writer.c
results_files += results/writer.h

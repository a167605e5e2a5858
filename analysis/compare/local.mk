# Comparison of a run with a base.
analysis_files += analysis/compare/compare.c
analysis_files += analysis/compare/compare.h
analysis_files += analysis/compare/compare_brief.c
analysis_files += analysis/compare/compare_change.c
analysis_files += analysis/compare/compare_change.h
analysis_files += analysis/compare/compare_json.c
analysis_files += analysis/compare/compare_judge.c
analysis_files += analysis/compare/compare_pairs.c
analysis_files += analysis/compare/compare_runs.c
analysis_files += analysis/compare/compare_show.c
analysis_files += analysis/compare/compare_show.h
analysis_files += analysis/compare/compare_texts.c
analysis_files += analysis/compare/compare_texts.h
analysis_files += analysis/compare/compare_words.c
analysis_files += analysis/compare/unlike.c
analysis_files += analysis/compare/unlike.h

# Runs over time.
analysis_files += analysis/history/history.c
analysis_files += analysis/history/history.h
analysis_files += analysis/history/history_list.c
analysis_files += analysis/history/history_plot.c
analysis_files += analysis/history/history_plot.h
analysis_files += analysis/history/history_show.c
analysis_files += analysis/history/history_show.h
analysis_files += analysis/history/index.c
analysis_files += analysis/history/index.h
analysis_files += analysis/history/index_machine.c
analysis_files += analysis/history/index_notes.c
analysis_files += analysis/history/index_read.c
analysis_files += analysis/history/index_sql.c
analysis_files += analysis/history/index_sql.h

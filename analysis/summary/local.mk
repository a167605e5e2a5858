# Summary of one run: cells, rows, the table.
analysis_files += analysis/summary/cell_key.c
analysis_files += analysis/summary/cell_key.h
analysis_files += analysis/summary/cells.c
analysis_files += analysis/summary/cells.h
analysis_files += analysis/summary/digest.c
analysis_files += analysis/summary/digest.h
analysis_files += analysis/summary/digest_body.c
analysis_files += analysis/summary/digest_body.h
analysis_files += analysis/summary/format.c
analysis_files += analysis/summary/format.h
analysis_files += analysis/summary/show.c
analysis_files += analysis/summary/show.h
analysis_files += analysis/summary/show_end.c
analysis_files += analysis/summary/show_end.h
analysis_files += analysis/summary/summary.c
analysis_files += analysis/summary/summary.h

# A run in one screen.
analysis_files += analysis/brief/brief.c
analysis_files += analysis/brief/brief.h
analysis_files += analysis/brief/brief_rows.c
analysis_files += analysis/brief/brief_rows.h

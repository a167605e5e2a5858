# Export formats for other programs.
analysis_files += analysis/export/export.h

# Formats of `fivestep export`, one line each. The symbol is export_NAME.
export_files += analysis/export/bmf.c
export_files += analysis/export/csv.c
export_files += analysis/export/junit.c
export_files += analysis/export/matrix.c
export_files += analysis/export/openmetrics.c
export_files += analysis/export/otava.c

# The report: its frame and its sections.
analysis_files += analysis/report/report.c
analysis_files += analysis/report/report.h
analysis_files += analysis/report/section.h

# Parts of the page: one line each, in its order. The symbol is section_NAME.
section_files += analysis/report/overview.c
section_files += analysis/report/findings.c
section_files += analysis/report/claims.c
section_files += analysis/report/side_by_side.c
section_files += analysis/report/model.c
section_files += analysis/report/pictures.c
section_files += analysis/report/results.c
section_files += analysis/report/skips.c
section_files += analysis/report/rounds.c
section_files += analysis/report/evidence.c
section_files += analysis/report/counters.c
section_files += analysis/report/machine.c
section_files += analysis/report/reading.c

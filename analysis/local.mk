# Pure functions over records, and the scripts that draw.
analysis_files += analysis/datafile.c
analysis_files += analysis/datafile.h
analysis_files += analysis/document.c
analysis_files += analysis/document.h
analysis_files += analysis/format.c
analysis_files += analysis/format.h
analysis_files += analysis/picture.c
analysis_files += analysis/picture.h
analysis_files += analysis/pictures.c
analysis_files += analysis/pictures.h
analysis_files += analysis/report.c
analysis_files += analysis/report.h
analysis_files += analysis/runfile.c
analysis_files += analysis/runfile.h
analysis_files += analysis/show.c
analysis_files += analysis/show.h
analysis_files += analysis/statistics.c
analysis_files += analysis/statistics.h
analysis_files += analysis/summary.c
analysis_files += analysis/summary.h

analysis_plots += analysis/plot/boxes.gp
analysis_plots += analysis/plot/draw.gp
analysis_plots += analysis/plot/lines.gp
analysis_plots += analysis/plot/ratios.gp
analysis_plots += analysis/plot/style.gp

# A history as pages.
analysis_files += analysis/site/site.c
analysis_files += analysis/site/site.h
analysis_files += analysis/site/site_changes.c
analysis_files += analysis/site/site_chart.c
analysis_files += analysis/site/site_compare.c
analysis_files += analysis/site/site_feed.c
analysis_files += analysis/site/site_file.c
analysis_files += analysis/site/site_groups.c
analysis_files += analysis/site/site_part.h
analysis_files += analysis/site/site_runs.c
analysis_files += analysis/site/site_series.c
analysis_files += analysis/site/site_words.c

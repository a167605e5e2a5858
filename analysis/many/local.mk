# Runs of one machine merged, runs of many machines side by side.
analysis_files += analysis/many/fleet.c
analysis_files += analysis/many/fleet.h
analysis_files += analysis/many/fleet_show.c
analysis_files += analysis/many/merge.c
analysis_files += analysis/many/merge.h

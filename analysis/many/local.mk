# Many runs: merged if of one machine, side by side if of many.
analysis_files += analysis/many/fleet.c
analysis_files += analysis/many/fleet.h
analysis_files += analysis/many/fleet_apart.c
analysis_files += analysis/many/fleet_build.c
analysis_files += analysis/many/fleet_build.h
analysis_files += analysis/many/fleet_changes.c
analysis_files += analysis/many/fleet_changes.h
analysis_files += analysis/many/fleet_changes_show.c
analysis_files += analysis/many/fleet_groups.c
analysis_files += analysis/many/fleet_groups.h
analysis_files += analysis/many/fleet_page.c
analysis_files += analysis/many/fleet_share.c
analysis_files += analysis/many/fleet_share.h
analysis_files += analysis/many/fleet_show.c
analysis_files += analysis/many/merge.c
analysis_files += analysis/many/merge.h

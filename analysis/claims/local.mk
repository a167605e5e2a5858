# The claims of 2017, judged by the results of a run.
analysis_files += analysis/claims/claims.c
analysis_files += analysis/claims/claims.h
analysis_files += analysis/claims/claims_faults.c
analysis_files += analysis/claims/claims_hardware.c
analysis_files += analysis/claims/claims_history.c
analysis_files += analysis/claims/claims_judge.h
analysis_files += analysis/claims/claims_residence.c
analysis_files += analysis/claims/same_work.c
analysis_files += analysis/claims/same_work.h
analysis_files += analysis/claims/ways.c
analysis_files += analysis/claims/ways.h

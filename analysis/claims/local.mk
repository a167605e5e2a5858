# What a run says about the claims of 2017.
analysis_files += analysis/claims/claims.c
analysis_files += analysis/claims/claims.h
analysis_files += analysis/claims/claims_faults.c
analysis_files += analysis/claims/claims_judge.h
analysis_files += analysis/claims/claims_places.c
analysis_files += analysis/claims/ways.c
analysis_files += analysis/claims/ways.h

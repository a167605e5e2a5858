# The cost model: what an event costs, and what a program costs by its events.
analysis_files += analysis/model/calibrate.c
analysis_files += analysis/model/gather.c
analysis_files += analysis/model/gather.h
analysis_files += analysis/model/machines.c
analysis_files += analysis/model/machines.h
analysis_files += analysis/model/model.h
analysis_files += analysis/model/non_negative.c
analysis_files += analysis/model/non_negative.h
analysis_files += analysis/model/predict.c
analysis_files += analysis/model/predict_good.c
analysis_files += analysis/model/predict_json.c
analysis_files += analysis/model/predict_picture.c
analysis_files += analysis/model/predict_show.c
analysis_files += analysis/model/predict_show.h
analysis_files += analysis/model/table.c
analysis_files += analysis/model/table.h
analysis_files += analysis/model/what_if.c

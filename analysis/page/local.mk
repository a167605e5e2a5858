# Pages and pictures.
analysis_files += analysis/page/answer.c
analysis_files += analysis/page/document.c
analysis_files += analysis/page/document.h
analysis_files += analysis/page/document_table.c
analysis_files += analysis/page/html.c
analysis_files += analysis/page/html.h
analysis_files += analysis/page/paper.c
analysis_files += analysis/page/paper.h
analysis_files += analysis/page/picture.c
analysis_files += analysis/page/picture_draw.c
analysis_files += analysis/page/picture.h
analysis_files += analysis/page/script.c
analysis_files += analysis/page/script.h
analysis_files += analysis/page/style.c
analysis_files += analysis/page/style.h
analysis_files += analysis/page/svg.c
analysis_files += analysis/page/svg.h

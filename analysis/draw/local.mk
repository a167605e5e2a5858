# Drawings: what a picture shows.
analysis_files += analysis/draw/curves.c
analysis_files += analysis/draw/curves.h
analysis_files += analysis/draw/drawing.h
analysis_files += analysis/draw/figures.c
analysis_files += analysis/draw/plots.c
analysis_files += analysis/draw/plots.h
analysis_files += analysis/draw/ranking.c
analysis_files += analysis/draw/ranking.h
analysis_files += analysis/draw/strips.c
analysis_files += analysis/draw/strips.h
analysis_files += analysis/draw/sweep.c
analysis_files += analysis/draw/sweep.h

# Ways of drawing: one line each, in the order of the page. The symbol is drawing_NAME.
drawing_files += analysis/draw/forest.c
drawing_files += analysis/draw/programs.c
drawing_files += analysis/draw/stack.c
drawing_files += analysis/draw/crossing.c
drawing_files += analysis/draw/against.c
drawing_files += analysis/draw/page_sizes.c
drawing_files += analysis/draw/bars.c
drawing_files += analysis/draw/counts.c
drawing_files += analysis/draw/lines.c
drawing_files += analysis/draw/heat.c
drawing_files += analysis/draw/multiples.c
drawing_files += analysis/draw/distribution.c
drawing_files += analysis/draw/floors.c

# The gnuplot scripts that draw.
analysis_plots += analysis/plot/against.gp
analysis_plots += analysis/plot/boxes.gp
analysis_plots += analysis/plot/draw.gp
analysis_plots += analysis/plot/forest.gp
analysis_plots += analysis/plot/heat.gp
analysis_plots += analysis/plot/lines.gp
analysis_plots += analysis/plot/multiples.gp
analysis_plots += analysis/plot/panels.gp
analysis_plots += analysis/plot/ratios.gp
analysis_plots += analysis/plot/scatter.gp
analysis_plots += analysis/plot/series.gp
analysis_plots += analysis/plot/style.gp

# SPDX-License-Identifier: GPL-3.0-or-later
# series.gp - a metric over many runs: a dot with its interval per run, a line per level, a mark where the level changed.
#
# NAME.tsv, blocks separated by two empty lines: 0: x, y, lo, hi, one per run; 1: x0, x1, y, one per level; then, if there are any, the changes for the
# worse (x), then the others (x).
set lmargin 11
set rmargin 6
set xlabel x_label offset 0,0.4 textcolor rgb ink
set ylabel y_label textcolor rgb ink
set xrange [0.5:runs+0.5]
set yrange [y_min:y_max]
eval 'set xtics '.x_tics
block = 2
command = sprintf('"%s.tsv" index 0 using 1:2:3:4 with yerrorbars lc rgb pale lw 1 pt 7 ps 0.5 title names[1]', name)
command = command.sprintf(', "%s.tsv" index 1 using 1:3:($2-$1):(0) with vectors nohead lc rgb hue[1] lw 2.4 title names[2]', name)
if (worse) {
	command = command.sprintf(', "%s.tsv" index %d using 1:(y_min):(0):(y_max-y_min) with vectors nohead lc rgb hue[2] lw 1.8 title names[3]', name, block)
	block = block + 1
}
if (others) {
	command = command.sprintf(', "%s.tsv" index %d using 1:(y_min):(0):(y_max-y_min) with vectors nohead lc rgb hue[3] lw 1.8 dt 2 title names[%d]', name, block, worse ? 4 : 3)
}
eval 'plot '.command.tips_of

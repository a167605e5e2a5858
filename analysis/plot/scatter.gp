# SPDX-License-Identifier: GPL-3.0-or-later
# scatter.gp - what is predicted against what was measured: a point a cell, the diagonal, and a band of 10 % around it.
#
# NAME.tsv, one block a series, separated by two empty lines: measured, predicted.
set lmargin 14
set rmargin 3
set logscale xy
set xrange [x_min:x_max]
set yrange [x_min:x_max]
eval 'set xtics '.x_tics
eval 'set ytics '.y_tics
set xlabel x_label offset 0,0.4 textcolor rgb ink
set ylabel y_label offset -1,0 textcolor rgb ink
set grid xtics ytics
set samples 2
command = '[t=x_min:x_max] "+" using 1:($1/1.1):($1*1.1) with filledcurves fc rgb "#e4e4e4" fs solid 1.0 noborder notitle, "+" using 1:1 with lines lc rgb pale lw 1 notitle'
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using 1:2 with points %s title names[%d]', name, i-1, line_style(i), i)
}
eval 'plot '.command.tips_of

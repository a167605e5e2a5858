# SPDX-License-Identifier: GPL-3.0-or-later
# against.gp - one metric over another, a curve for each way, with every round as a faint dot, and its name beside where it ends.
#
# NAME.tsv, blocks separated by two empty lines: 0 to series - 1: x, y, x's interval, y's interval; as many more: x, y of each round.
# With direct, end_x_N and end_y_N are where curve N ends and name_y_N is how high its name stands: shares of the axes.
if (paper) { direct = paper_direct }
set lmargin 10
set rmargin (direct ? right : 3)
set xlabel x_label offset 0,0.4 textcolor rgb ink
set ylabel y_label offset 1,0 textcolor rgb ink
set xrange [0:x_max]
set yrange [y_from:y_end]
if (y_log) {
	set logscale y
	eval 'set ytics '.y_tics
}
faint(i) = sprintf('lc rgb "#b0%s" pt 7 ps 0.35', hue[(i-1)%8+1][2:7])
command = ''
do for [i=1:series] {
	command = command.sprintf('%s"%s.tsv" index %d using 1:2 with points %s notitle', i > 1 ? ', ' : '', name, series+i-1, faint(i))
}
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using 1:2:3:4:5:6 with xyerrorbars lc rgb "#60%s" lw 1.1 dt solid pt 0 notitle', name, i-1, hue[(i-1)%8+1][2:7])
}
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using 1:2 with linespoints %s %s', name, i-1, line_style(i), direct ? 'notitle' : sprintf('title names[%d]', i))
}
if (direct) {
	do for [i=1:series] {
		set arrow 300+i from graph value(sprintf('end_x_%d', i)),graph value(sprintf('end_y_%d', i)) to graph 1.005,graph value(sprintf('name_y_%d', i)) nohead back lc rgb pale lw 0.7 dt 3
		set label 300+i names[i] at graph 1.012,graph value(sprintf('name_y_%d', i)) left font sized(11) textcolor rgb hue[(i-1)%8+1]
	}
}
eval 'plot '.command.tips_of

# SPDX-License-Identifier: GPL-3.0-or-later
# lines.gp - lines over a logarithmic axis: a sweep with intervals, or the distribution of a latency.
#
# NAME.tsv, one block per line, separated by two empty lines: x, y, lo, hi. kind_of: "sweep", or "distribution":
# then y is the fraction of entries up to x, and nines the number of nines on the axis. With crossings one more block: x, y and a text.
set lmargin 10
set rmargin 3
set xlabel x_label offset 0,0.4 textcolor rgb ink
set ylabel y_label offset 1,0 textcolor rgb ink
set logscale x
eval 'set xtics '.x_tics
if (kind_of eq 'distribution') {
	# the tail matters most for latency: each nine takes as much space as the one before, the last entry is at the top
	tail(share) = share < 1 ? -log10(1 - share) : nines
	set yrange [0:nines]
	set ytics ('0 %%' 0, '50 %%' -log10(0.5), '90 %%' 1, '99 %%' 2, '99.9 %%' 3, '99.99 %%' 4, '99.999 %%' 5, '99.9999 %%' 6)
	drawn = 'using 1:(tail($2)) with linespoints pointinterval -8'
} else {
	if (y_log) {
		set logscale y
		set yrange [y_min:y_max]
		eval 'set ytics '.y_tics
	} else {
		set yrange [0:*]
	}
	drawn = 'using 1:2:3:4 with yerrorlines'
}
set xrange [x_min:x_max]
command = ''
do for [i=1:series] {
	command = command.sprintf('%s"%s.tsv" index %d %s %s title names[%d]', i > 1 ? ', ' : '', name, i-1, drawn, line_style(i), i)
}
if (kind_of eq 'sweep' && crossings) {
	command = command.sprintf(', "%s.tsv" index %d using 1:2 with points pt 6 ps 2.2 lw 1.6 lc rgb "black" notitle', name, series)
	command = command.sprintf(', "%s.tsv" index %d using 1:2:3 with labels offset 0,1.4 '.letters(10).' textcolor rgb ink notitle', name, series)
}
eval 'plot '.command.tips_of

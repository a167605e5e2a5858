# SPDX-License-Identifier: GPL-3.0-or-later
# lines.gp - lines over a logarithmic axis: a sweep with intervals, or the distribution of a latency.
#
# NAME.tsv, one block a line, apart by two empty lines: x, y, lo, hi. kind_of: "sweep", or "distribution" (lo, hi unused).
set lmargin 10
set rmargin 3
set bmargin 5
set xlabel x_label textcolor rgb ink
set ylabel y_label textcolor rgb ink
set logscale x
eval 'set xtics '.x_tics
if (kind_of eq 'distribution') {
	set yrange [0:1]
	set ytics ('0 %%' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '90 %%' 0.9, '99 %%' 0.99)
	drawn = 'using 1:2 with linespoints pointinterval -8'
} else {
	if (y_log) {
		set logscale y
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
eval 'plot '.command

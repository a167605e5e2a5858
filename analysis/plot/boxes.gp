# SPDX-License-Identifier: GPL-3.0-or-later
# boxes.gp - horizontal bars, stacked or side by side; the data have the position of each.
#
# NAME.tsv, blocks separated by two empty lines: 0: y, label (one per row); 1 to series: x0, x1, y0, y1;
# with marks = 1 one more: y, x, lo, hi (a dot with its interval, named marks_name); with marks = 2: y, x, lo, hi, the value as text.
set lmargin margin
set rmargin 3
set yrange [rows+0.6:0.4]
# Where all values are 0, the axis has a length all the same.
set xrange [0:x_max > 0 ? x_max : 1]
set xlabel x_label offset 0,0.4 textcolor rgb ink
set grid xtics noytics
# Instruction counts are large: 5.0 M, not 5e+06.
if (x_max >= 1e5) {
	set format x '%.1s %c'
}
set border 2
set ytics scale 0
command = sprintf('"%s.tsv" index 0 using (0):1:ytic(label(strcol(2))) with points pt 0 notitle', name)
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using (0.5*($1+$2)):(0.5*($3+$4)):1:2:3:4 with boxxyerror %s %s', name, i, \
		marks == 2 && series == 1 ? lone_style : fill_style(i), series > 1 || marks != 2 ? sprintf('title names[%d]', i) : 'notitle')
}
if (marks == 1) {
	command = command.sprintf(', "%s.tsv" index %d using 2:1:3:4 with xerrorbars lc rgb "black" lw 1.6 pt 7 ps 0.7 title marks_name', name, series+1)
}
if (marks == 2) {
	command = command.sprintf(', "%s.tsv" index %d using 2:1:3:4 with xerrorbars lc rgb "black" lw 1.2 pt 0 notitle', name, series+1)
	command = command.sprintf(', "%s.tsv" index %d using 4:1:5 with labels left offset 0.7,0 '.letters(10).' textcolor rgb ink notitle', name, series+1)
}
eval 'plot '.command.tips_of

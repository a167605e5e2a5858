# SPDX-License-Identifier: GPL-3.0-or-later
# forest.gp - changes with their intervals and the margin: a dot per row, a marker per verdict, 0 in the middle.
#
# NAME.tsv, blocks separated by two empty lines: 0: y, label; 1 to series: y, x, lo, hi.
set lmargin margin
set rmargin 3
set yrange [rows+0.6:0.4]
set xrange [-reach:reach]
set xlabel x_label offset 0,0.4 textcolor rgb ink
set format x '%+g'
set xtics add ('0' 0)
set grid xtics ytics
set border 1
set ytics scale 0
set object 1 rectangle from -band,graph 0 to band,graph 1 behind fc rgb '#ececec' fs solid 1.0 noborder
set arrow 1 from 0,graph 0 to 0,graph 1 nohead back lc rgb ink lw 1.4
command = sprintf('"%s.tsv" index 0 using (0):1:ytic(label(strcol(2))) with points pt 0 notitle', name)
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using 2:1:3:4 with xerrorbars %s title names[%d]', name, i, line_style(i), i)
}
eval 'plot '.command.tips_of

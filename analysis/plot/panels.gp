# SPDX-License-Identifier: GPL-3.0-or-later
# panels.gp - small multiples: a panel for each program, in it a stacked bar for each way of sharing, and a text beneath each bar.
#
# The data have the position of everything, in units of a panel's width and of a row. NAME.tsv, blocks separated by two empty lines: 0: x, y, heading of a
# panel; 1: x, y, text; 2 to series + 1: x0, x1, y0, y1.
set lmargin 1
set rmargin 1
set xrange [0:columns]
set yrange [rows:0]
unset grid
unset tics
set border 0
command = ''
do for [i=1:series] {
	command = command.sprintf('%s"%s.tsv" index %d using (0.5*($1+$2)):(0.5*($3+$4)):1:2:3:4 with boxxyerror %s title names[%d]', i == 1 ? '' : ', ', \
		name, i+1, fill_style(i), i)
}
command = command.sprintf(', "%s.tsv" index 0 using 1:2:3 with labels left '.letters(11).' textcolor rgb "black" notitle', name)
command = command.sprintf(', "%s.tsv" index 1 using 1:2:3 with labels left '.letters(8).' textcolor rgb ink notitle', name)
eval 'plot '.command.tips_of

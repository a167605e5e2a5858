# SPDX-License-Identifier: GPL-3.0-or-later
# ratios.gp - ratios, to a floor or to another result: a dot with its interval per row, a line at 1.
#
# NAME.tsv, blocks separated by two empty lines: 0: y, label; 1 to series: y, x, lo, hi; with dots one more: x, y of each
# round. unnamed: the one series needs no legend.
set lmargin margin
set rmargin 3
set yrange [rows+0.6:0.4]
set logscale x
set xrange [x_min:x_max]
eval 'set xtics '.x_tics
set xlabel x_label offset 0,0.4 textcolor rgb ink
set grid xtics ytics
set border 1
set ytics scale 0
set arrow 1 from 1,graph 0 to 1,graph 1 nohead back lc rgb ink lw 1.4
command = sprintf('"%s.tsv" index 0 using (x_min):1:ytic(label(strcol(2))) with points pt 0 notitle', name)
if (exists('dots')) {
	command = command.sprintf(', "%s.tsv" index %d using 1:2 with points pt 7 ps 0.4 lc rgb "#b0333333" notitle', name, series+1)
}
do for [i=1:series] {
	command = command.sprintf(', "%s.tsv" index %d using 2:1:3:4 with xerrorbars %s %s', name, i, line_style(i), exists('unnamed') ? 'notitle' : sprintf('title names[%d]', i))
}
eval 'plot '.command.tips_of

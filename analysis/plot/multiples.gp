# SPDX-License-Identifier: GPL-3.0-or-later
# multiples.gp - distributions as small multiples: a strip for each way, one above the other on one scale, its name and figures in it.
#
# NAME.tsv, blocks separated by two empty lines: 0: y, name, figures; 1: x0, x1, y0, y1: bars of the shapes; 2: x, y: rounds; 3: median, y, lo, hi, y0, y1.
set lmargin 2
set rmargin 2
set yrange [strips:0]
set xrange [x_from:x_to]
if (x_log) {
	set logscale x
	eval 'set xtics '.x_tics
}
set xlabel x_label offset 0,0.4 textcolor rgb ink
if (!x_log && x_to >= 1e5) {
	set format x '%.1s %c'
}
set border 1
unset ytics
set grid xtics noytics
# Where both do not fit beside each other, the name is cut: the table has all of it.
room = paper ? int(paper_px/7)-32 : 70
cut(text) = strlen(text) <= room ? text : text[1:room-1].'…'
do for [i=1:strips-1] {
	set arrow 200+i from graph 0,first i to graph 1,first i nohead back lc rgb '#d9d9d9' lw 0.7
}
command = sprintf('"%s.tsv" index 1 using (0.5*($1+$2)):(0.5*($3+$4)):1:2:3:4 with boxxyerror fc rgb "#8fb8de" fs solid 1.0 noborder notitle', name)
command = command.sprintf(', "%s.tsv" index 2 using 1:2 with points pt 7 ps 0.45 lc rgb "#a0333333" notitle', name)
command = command.sprintf(', "%s.tsv" index 3 using 1:5:(0):($6-$5) with vectors nohead lc rgb "black" lw 1.4 notitle', name)
command = command.sprintf(', "%s.tsv" index 3 using 1:2:3:4 with xerrorbars lc rgb "black" lw 1.6 pt 0 notitle', name)
command = command.sprintf(', "%s.tsv" index 0 using (x_from):1:(cut(strcol(2))) with labels left offset 0.4,0 '.letters(11).' textcolor rgb "black" notitle', name)
command = command.sprintf(', "%s.tsv" index 0 using (x_to):1:3 with labels right offset -0.4,0 '.letters(11).' textcolor rgb ink notitle', name)
eval 'plot '.command.tips_of

# SPDX-License-Identifier: GPL-3.0-or-later
# heat.gp - a map: the value as text and as a shade; values that were not measured are hatched.
#
# NAME.tsv, blocks separated by two empty lines: 0: column, row, colour, colour of the text, text; 1: column and row of each that was not measured;
# 2: y, label of a row; 3: x, label of a column.
set lmargin margin
set rmargin 3
set yrange [rows+0.5:0.5]
set xrange [0.5:columns+0.5]
unset grid
set border 0
set tics scale 0
unset key
if (exists('x_label')) { set xlabel x_label offset 0,-0.4 textcolor rgb ink }
command = sprintf('"%s.tsv" index 1 using 1:2:(0.48):(0.44) with boxxyerror fc rgb "#b5b5b5" fs pattern 4 border lc rgb "#b5b5b5" lw 0.6', name)
command = command.sprintf(', "%s.tsv" index 0 using 1:2:(0.48):(0.44):3 with boxxyerror fc rgb variable fs solid 1.0 border lc rgb "#8c8c8c"', name)
command = command.sprintf(', "%s.tsv" index 0 using 1:2:5:4 with labels '.letters(12).' textcolor rgb variable', name)
command = command.sprintf(', "%s.tsv" index 2 using (-9):1:ytic(label(strcol(2))) with points pt 0', name)
command = command.sprintf(', "%s.tsv" index 3 using 1:(-9):xtic(2) with points pt 0', name)
eval 'plot '.command.tips_of

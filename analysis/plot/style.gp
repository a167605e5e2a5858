# SPDX-License-Identifier: GPL-3.0-or-later
# style.gp - one style for all pictures: size, fonts, colours, fills, and the stamp with the origin of the numbers.
#
# Colours are those of Okabe and Ito, which colour-blind people can distinguish; fills, dashes and markers differ as well, so
# that nothing is lost in black and white. Names come from records: they are not read as markup (noenhanced).
reset
set encoding utf8
width = 760
above = 48
below = exists('below_px') ? below_px : 84
answered = exists('answer_lines') ? answer_lines : 0
# For print, a PDF has the width asked for, and what was made to fit it: the legend, labels, tics and the stamp. The title is left to the caption.
# It is drawn last, so that the others are as before.
paper = kind eq 'pdf' && exists('paper_mm')
if (paper) {
	width = paper_px
	title = ''
	answered = 0
	above = 10
	key_columns = paper_key_columns
	key_rows = paper_key_rows
	stamp = paper_stamp
	below = below - (below > 60 ? 14 : 0) + 14*(paper_stamp_lines-1)
	if (exists('paper_margin')) { margin = paper_margin }
	if (exists('paper_body')) { body = paper_body }
	if (exists('paper_x_tics')) { x_tics = paper_x_tics }
	if (exists('paper_x_max')) { x_max = paper_x_max }
}
# title, its answer, rows of the legend, the drawing, axis and stamp; in pixels, as letters do not have the same size everywhere
above = above + 16*answered + 24*key_rows
height = above + body + below
if (kind eq 'svg') {
	set terminal svg noenhanced size width,height dynamic background rgb 'white' font 'DejaVu Sans,Verdana,sans-serif,13'
}
if (kind eq 'png') {
	set terminal pngcairo noenhanced size 2*width,2*height fontscale 2 linewidth 2 pointscale 2 font 'DejaVu Sans,9.75' background rgb 'white'
}
if (kind eq 'pdf') {
	# 0.53 is the size of letters on the page's PDF; 0.4624 makes 8 points of 13 pixels.
	inches = paper ? paper_mm/25.4 : width/96.0
	set terminal pdfcairo noenhanced size inches,inches*height/width fontscale (paper ? 0.4624 : 0.53) linewidth 0.8 pointscale 0.8 font 'DejaVu Sans,13'
}
tips_of = tips && kind eq 'svg' ? sprintf(', "%s.tips" using 1:2:3 with labels hypertext point pt 7 ps 2.2 lc rgb "#ff000000" notitle', name) : ''
set output '../'.name.'.'.kind
set datafile separator tab

# Sizes of letters are pixels of the page; a PNG's are points.
sized(px) = sprintf(',%g', kind eq 'png' ? 0.75*px : px)
letters(px) = sprintf('font "%s"', sized(px))

ink = '#333333'
pale = '#8c8c8c'
set border 3 lc rgb pale lw 1
set tics nomirror out scale 0.6 textcolor rgb ink
# On a narrow axis four numbers are enough.
if (paper && exists('x_max')) {
	step = 10**floor(log10(x_max/2.5))
	step = step*(x_max/2.5/step >= 5 ? 5 : x_max/2.5/step >= 2 ? 2 : 1)
	set xtics step
}
set grid back lt 1 lc rgb '#d9d9d9' lw 0.7 dt solid
set label 101 title at screen 0.015,screen 1 left offset 0,-1.1 font sized(strlen(title) > 64 ? 13 : 15) textcolor rgb ink
do for [i=1:answered] {
	set label 110+i answer[i] at screen 0.015,screen (1-(22.0+16*i)/height) left font sized(12) textcolor rgb ink
}
set key at screen 0.01,screen (1-(paper ? 4.0 : 34.0+16*answered)/height) left top horizontal maxcols key_columns Left reverse samplen 2.2 width 1 spacing 1.25 textcolor rgb ink
set tmargin at screen 1-1.0*above/height
set bmargin at screen 1.0*below/height
set label 100 stamp at screen 0.985,0.0 right offset 0,(paper ? 0.9+0.4*(paper_stamp_lines-1) : 0.9) font sized(9) textcolor rgb pale

array hue[8] = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#333333', '#e69f00', '#56b4e9', '#7a5230']
array mark[8] = [7, 5, 9, 13, 6, 4, 8, 12]
array dashed[8] = [1, 2, 4, 5, 3, 1, 2, 4]
array fill[6] = ['#c9c9c9', '#0072b2', '#e8893c', '#0072b2', '#5a5a5a', '#009e73']
array form[6] = ['solid 1.0', 'pattern 4', 'solid 1.0', 'pattern 5', 'solid 1.0', 'pattern 2']
line_style(i) = sprintf('lc rgb "%s" lw 1.8 pt %d ps 0.8 dt %d', hue[(i-1)%8+1], mark[(i-1)%8+1], dashed[(i-1)%8+1])
fill_style(i) = sprintf('fc rgb "%s" fs %s border lc rgb "#4d4d4d" lw 0.8', fill[(i-1)%6+1], form[(i-1)%6+1])
lone_style = 'fc rgb "#8fb8de" fs solid 1.0 border lc rgb "#4d4d4d" lw 0.8'

# A row's label, in lines of so many letters where it is drawn for print: broken at the last blank that fits, or the first of all.
blank(text, at) = at < 2 ? strstrt(text, ' ') : text[at:at] eq ' ' ? at : blank(text, at-1)
wrap(text, room) = strlen(text) <= room || blank(text, room+1) == 0 ? text : \
	text[1:blank(text, room+1)-1]."\n".wrap(text[blank(text, room+1)+1:*], room)
label(text) = paper ? wrap(text, margin-1) : text

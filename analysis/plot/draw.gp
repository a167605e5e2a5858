# SPDX-License-Identifier: GPL-3.0-or-later
# draw.gp - draws one picture three times, as SVG, PNG and PDF.
#
# Called in the folder of the picture's data with three variables set:
#   plots   this folder          script  the drawing: boxes, lines...
#   name    of the picture: NAME.gp (its texts and sizes), NAME.tsv (its numbers) and NAME.tips are here, the pictures go to the folder above
load name.'.gp'
do for [kind in "svg png pdf"] {
	load plots.'/style.gp'
	load plots.'/'.script.'.gp'
}
unset output

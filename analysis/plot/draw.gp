# SPDX-License-Identifier: GPL-3.0-or-later
# draw.gp - draws one picture twice, as SVG and as PNG.
#
# Called in the folder of the picture's data with three variables set:
#   plots   this folder          script  which drawing: boxes, lines or ratios
#   name    of the picture: NAME.gp (its texts and sizes) and NAME.tsv (its numbers) are here, the pictures go one up
load name.'.gp'
do for [kind in "svg png"] {
	load plots.'/style.gp'
	load plots.'/'.script.'.gp'
}
unset output

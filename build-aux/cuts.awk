# SPDX-License-Identifier: GPL-3.0-or-later
#
# cuts.awk - finds formats of C that cut a text at a fixed number of bytes and do not say so ("%.40s"): write a text of any length with struct text or
# text_format(), shorten one visibly with text_fit(), or refuse it with an error that names the limit (base/text.h). A part of a text that has a name,
# such as the day of a stamp, is "%.*s" with that name. Where a cut is right, a comment that begins with "cut:" on the same line or the one before says
# why. Tests may cut what they quote. Likewise "%f" into a buffer in the rooms that read run files: a number there can have 309 digits, and the first 31
# of them are another number (format_fixed). Status 1 if there are any.

FNR == 1 {
	reason = 0
}

{
	said = /\/\* cut: [^ ]/
	if (/%[-+ 0#]*[0-9*]*\.[0-9]+s/ && !said && !reason) {
		print FILENAME ":" FNR ": " $0
		found++
	}
	if (FILENAME ~ /^(analysis|command)\// && /snprintf\(.*%[-+ 0#]*[0-9*]*(\.[0-9*]+)?f/ && !said && !reason) {
		print FILENAME ":" FNR ": format_fixed() has room for any number: " $0
		found++
	}
	reason = said
}

END {
	print "cuts: formats that cut a text in silence: " found + 0
	exit found > 0
}

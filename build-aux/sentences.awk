# SPDX-License-Identifier: GPL-3.0-or-later
#
# sentences.awk - the list of what a page can say: each text of three words and more in the sources given.
#
#   awk -f build-aux/sentences.awk analysis/report/*.c
#
# One line a sentence, tab-separated: file, line number, sentence. Of a format it is the longest part between two conversions. Heads of tables (with a
# bar) and commands are none.

function take(line, text,    n, i, part, best, words) {
	gsub(/\\"/, "\"", text)
	gsub(/\\n|\\t/, " ", text)
	gsub(/%%/, "\001", text)
	n = split(text, part, /%[-+ #0]*[0-9*]*(\.[0-9*]+)?[lzh]*[a-zA-Z]/)
	best = ""
	for (i = 1; i <= n; i++)
		if (length(part[i]) > length(best))
			best = part[i]
	gsub(/\001/, "%", best)
	gsub(/^ +| +$/, "", best)
	words = gsub(/[A-Za-z][A-Za-z]/, "&", best)
	if (best !~ /\|/ && split(best, part, " ") >= 3 && words >= 6)
		print FILENAME "\t" line "\t" best
}

FNR == 1 {
	comment = 0
	text = ""
	open = 0
}

/^#/ {
	next
}

{
	rest = $0
	while (rest != "") {
		if (comment) {
			at = index(rest, "*/")
			rest = at ? substr(rest, at + 2) : ""
			comment = !at
			continue
		}
		if (match(rest, /^[ \t]+/)) {
			rest = substr(rest, RLENGTH + 1)
			continue
		}
		if (substr(rest, 1, 2) == "/*") {
			comment = 1
			rest = substr(rest, 3)
			continue
		}
		# Texts that follow each other are one.
		if (match(rest, /^"([^"\\]|\\.)*"/)) {
			if (!open)
				first = FNR
			text = text substr(rest, 2, RLENGTH - 2)
			open = 1
			rest = substr(rest, RLENGTH + 1)
			continue
		}
		if (open)
			take(first, text)
		text = ""
		open = 0
		rest = substr(rest, substr(rest, 1, 1) == "'" ? (substr(rest, 2, 1) == "\\" ? 5 : 4) : 2)
	}
}

# SPDX-License-Identifier: GPL-3.0-or-later
#
# sizes.awk - no function above 60 lines, no file above 450, no benchmark's above 200: what is longer has more than one subject. Prints each that is longer;
# status 1 where there is any.
# Functions are found by the style that clang-format writes: the brace that opens one stands alone in the first column, and so does the one that closes it.
BEGIN {
	max_function = 60
	max_file = 450
	max_bench = 200
}

# Of that file.
function most_lines(name) {
	return name ~ /^(.*\/)?bench\// ? max_bench : max_file
}

function wrong(where, what, lines, most) {
	printf "%s: %s of %d lines, above %d (build-aux/sizes.awk)\n", where, what, lines, most
	bad++
}

# What was open when a file ends is none of the next one's.
FNR == 1 {
	if (NR > 1 && lines > most_lines(name))
		wrong(name, "a file", lines, most_lines(name))
	name = FILENAME
	began = 0
	files++
}

{ lines = FNR }

/^[A-Za-z_].*\(/ && !/;[ \t]*$/ { head = FNR; title = $0 }

/^\{/ {
	began = head
	sub(/\(.*/, "", title)
	sub(/.*[ *]/, "", title)
}

/^\}/ && began {
	functions++
	if (FNR - began + 1 > longest)
		longest = FNR - began + 1
	if (FNR - began + 1 > max_function)
		wrong(name ":" began, title "()", FNR - began + 1, max_function)
	began = 0
}

END {
	if (lines > most_lines(name))
		wrong(name, "a file", lines, most_lines(name))
	printf "sizes: %d functions in %d files, the longest has %d lines; %d above the limits\n", functions, files, longest, bad
	exit bad > 0
}

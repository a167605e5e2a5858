# SPDX-License-Identifier: GPL-3.0-or-later
#
# mutants.awk - every mutant of C files in the kernel's style: one operator, constant, condition or statement changed. One line a mutant,
# tab-separated: file, line number, what was changed, the line as it is then.

# TEXT with strings, characters and comments blanked, of the same length: what is looked at.
function masked(text,    out, k, c, quote) {
	out = ""
	quote = ""
	for (k = 1; k <= length(text); k++) {
		c = substr(text, k, 1)
		if (quote == "" && substr(text, k, 2) == "/*") {
			while (k <= length(text) && substr(text, k, 2) != "*/") {
				out = out "_"
				k++
			}
			out = out "__"
			k++
			continue
		}
		if (quote != "" && c == "\\") {
			out = out "__"
			k++
			continue
		}
		if (quote == "" && (c == "\"" || c == "'"))
			quote = c
		else if (c == quote)
			quote = ""
		else if (quote != "")
			c = "_"
		out = out c
	}
	return out
}

function give(what, text) {
	if (text != $0)
		printf "%s\t%d\t%s\t%s\n", FILENAME, FNR, what, text
}

# Each place where FROM stands is replaced by TO.
function swap(from, to,    at, base, rest) {
	rest = mask
	base = 0
	while ((at = index(rest, from)) != 0) {
		give("'" from "' to '" to "'", substr($0, 1, base + at - 1) to substr($0, base + at + length(from)))
		base += at + length(from) - 1
		rest = substr(mask, base + 1)
	}
}

# Whole numbers: one more.
function constants(    rest, base, at, word, before) {
	rest = mask
	base = 0
	while (match(rest, /[0-9]+/)) {
		at = base + RSTART
		word = substr(rest, RSTART, RLENGTH)
		before = at > 1 ? substr(mask, at - 1, 1) : " "
		if (before !~ /[A-Za-z0-9_.]/ && substr(mask, at + length(word), 1) !~ /[A-Za-wyz0-9_.x]/ && length(word) < 10)
			give(word " to " (word + 1), substr($0, 1, at - 1) (word + 1) substr($0, at + length(word)))
		base = at + length(word) - 1
		rest = substr(mask, base + 1)
	}
}

# The condition of an if or a while on one line: the other way round.
function condition(    at, k, depth, c) {
	if (!match(mask, /(^|[\t ])(if|while) \(/))
		return
	at = RSTART + RLENGTH - 1
	depth = 0
	for (k = at; k <= length(mask); k++) {
		c = substr(mask, k, 1)
		depth += (c == "(") - (c == ")")
		if (depth == 0)
			break
	}
	if (depth == 0)
		give("condition negated", substr($0, 1, at) "!(" substr($0, at + 1, k - at - 1) ")" substr($0, k))
}

# A statement of one line that is no declaration, jump or return.
function statement() {
	if (mask !~ /;[\t ]*_*$/ || mask ~ /^[\t ]*(return|break|continue|goto|case|default|for|if|while|else|do|}|static|const|struct|enum|extern)[^A-Za-z0-9_]/)
		return
	if (mask ~ /^[\t ]*[a-z_]+ \**[a-z_]+( =.*|\[.*|,.*)?;/ || previous !~ /[;{}:]_*$|^[\t ]*$|\)$|_$/)
		return
	if (mask ~ /^[\t ]*[A-Za-z_(*].*(\)|[A-Za-z0-9_\]+-]);/)
		give("statement deleted", ";")
}

function returns() {
	if (match(mask, /return (err|got|status|n);/))
		give("return 0", substr($0, 1, RSTART - 1) "return 0;" substr($0, RSTART + RLENGTH))
	swap("return true;", "return false;")
	swap("return false;", "return true;")
}

FNR == 1 {
	inside = 0
	comment = 0
	previous = ""
}
/^{/ {
	inside = 1
}
/^}/ {
	inside = 0
}
{
	mask = masked($0)
}
/^[\t ]*\/\*/ && !/\*\// {
	comment = 1
}
inside && !comment && !/^#/ && !/\\$/ && !/assert\(/ {
	swap(" < ", " <= ")
	swap(" < ", " >= ")
	swap(" <= ", " < ")
	swap(" > ", " >= ")
	swap(" > ", " <= ")
	swap(" >= ", " > ")
	swap(" == ", " != ")
	swap(" != ", " == ")
	swap(" && ", " || ")
	swap(" || ", " && ")
	swap(" + ", " - ")
	swap(" - ", " + ")
	swap(" * ", " / ")
	swap(" / ", " * ")
	swap(" % ", " / ")
	swap(" & ", " | ")
	swap(" | ", " & ")
	swap(" << ", " >> ")
	swap(" >> ", " << ")
	swap(" += ", " -= ")
	swap(" -= ", " += ")
	swap("++", "--")
	swap("--", "++")
	swap("fmin(", "fmax(")
	swap("fmax(", "fmin(")
	constants()
	condition()
	statement()
	returns()
}
/\*\// {
	comment = 0
}
{
	previous = mask
}

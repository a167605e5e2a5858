# SPDX-License-Identifier: GPL-3.0-or-later
#
# mutants.awk - every mutant of C files in the kernel's style: one operator, constant, condition or statement changed. One line a mutant,
# tab-separated: file, line number, what was changed, the line as it is then.
#
# Left out is what no test can see, by these rules:
#   - texts: strings, characters, comments, and what is printed in a message (the arguments of MESSAGES);
#   - how long something waits (WAITS), and hints to the machine (HINTS);
#   - sizes of memory: of arrays where they are declared, and the arguments of ALLOCATIONS. The builds with sanitizers look at them;
#   - the statement that gives something back (GIVES_BACK) deleted, and the functions that do nothing else (GIVERS): leaks are the sanitizers' too;
#   - the exponents of real numbers: tolerances.
BEGIN {
	MESSAGES = "(^|[^a-z_])(say|say_error|say_with_remedy|usage_error|fs_because|fs_skip|fs_wrong|runfile_warn|fprintf)\\("
	WAITS = "timeout|nanosleep|usleep|poll\\(|sched_yield"
	HINTS = "alignas|aligned|memalign|prefetch_|setvbuf|setlocale|fadvise"
	ALLOCATIONS = "(^|[^a-z_])(malloc|calloc|realloc|reallocarray)\\("
	GIVES_BACK = "^[\t ]*(free|close|fclose|closedir|munmap|va_end|[a-z_0-9]+_(free|close|destroy|decref|unref|release|drop|end))\\("
	GIVERS = "[ *]([a-z_0-9]+_)*free(_[a-z_0-9]*)*\\("
}

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

# MASK with the arguments of the calls that NAMES matches blanked; DEPTH of the parentheses left open is in open_calls[KIND] for the next line.
function without_arguments(text, names, kind,    out, k, c, depth, rest) {
	out = ""
	rest = text
	depth = open_calls[kind]
	while (1) {
		if (depth == 0) {
			if (!match(rest, names))
				break
			k = RSTART + RLENGTH - 1
			if (kind == "message" && substr(rest, RSTART, RLENGTH) ~ /fprintf/ && substr(rest, k + 1, 6) != "stderr") {
				out = out substr(rest, 1, k)
				rest = substr(rest, k + 1)
				continue
			}
			out = out substr(rest, 1, k)
			rest = substr(rest, k + 1)
			depth = 1
		}
		for (k = 1; k <= length(rest) && depth > 0; k++) {
			c = substr(rest, k, 1)
			depth += (c == "(") - (c == ")")
			out = out (depth > 0 ? "_" : c)
		}
		rest = substr(rest, k)
		if (depth > 0)
			break
	}
	open_calls[kind] = depth
	return out rest
}

# The sizes of arrays that are declared.
function without_sizes(text,    at, out) {
	if (text !~ /^[\t ]*(static |const |unsigned |volatile |_Atomic |struct |enum )*[a-z_0-9]+ (\*+(const )?)?[a-z_0-9]+(, \**[a-z_0-9]+)*\[/)
		return text
	out = ""
	while (match(text, /^[^=\[]*\[[^\]]*\]/)) {
		at = substr(text, 1, RLENGTH)
		sub(/\[[^\]]*\]$/, "", at)
		out = out at "[" blanks(RLENGTH - length(at) - 2) "]"
		text = substr(text, RLENGTH + 1)
	}
	return out text
}

function blanks(n) {
	return n > 0 ? "_" blanks(n - 1) : ""
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
		if (before !~ /[A-Za-z0-9_.]/ && substr(mask, 1, at - 1) !~ /[0-9][eE][-+]$/ && substr(mask, at + length(word), 1) !~ /[A-Za-wyz0-9_.x]/ && length(word) < 10)
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
function statement(    gone) {
	if (mask !~ /;[\t ]*_*$/ || mask ~ /^[\t ]*(return|break|continue|goto|case|default|for|if|while|else|do|}|static|const|struct|enum|extern)[^A-Za-z0-9_]/)
		return
	if (mask ~ GIVES_BACK || mask ~ /^[\t ]*(say|say_error|say_with_remedy|runfile_warn)\(/ || mask ~ /^[\t ]*fprintf\(stderr/)
		return
	if (mask ~ /^[\t ]*[a-z_]+ \**[a-z_]+( =.*|\[.*|,.*)?;/ || previous !~ /[;{}:]_*$|^[\t ]*$|\)$|_$/)
		return
	gone = $0
	gsub(/^[\t ]+|\/\*|\*\/|[\t ]+$/, "", gone)
	if (mask ~ /^[\t ]*[A-Za-z_(*].*(\)|[A-Za-z0-9_\]+-]);/)
		give("statement deleted", "; /* " gone " */")
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
	open_calls["message"] = open_calls["memory"] = 0
}
/^{/ {
	inside = previous !~ GIVERS
}
/^}/ {
	inside = 0
}
{
	plain = masked($0)
	mask = without_sizes(without_arguments(without_arguments(plain, MESSAGES, "message"), ALLOCATIONS, "memory"))
}
/^[\t ]*\/\*/ && !/\*\// {
	comment = 1
}
inside && !comment && !/^#/ && !/\\$/ && !/assert\(/ && plain !~ WAITS && plain !~ HINTS {
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
	previous = plain
}

# SPDX-License-Identifier: GPL-3.0-or-later
#
# rules.awk - the list of all rules: every call of fs_expect and fs_wrong, and every call, across files, of a function that makes one.
#
#   awk -f build-aux/rules.awk $(build-aux/rules.sh files)
#
# One line a rule, tab-separated: file, line number, rule. A rule is named by its own text, so that whoever changes it meets its lie:
# of fs_expect what is looked at, the relation and what is expected; of fs_wrong the format; of other calls the call. The second of
# one text in a file ends with " #2".

# A definition begins in the first column, and ends with a brace there.
function defines(text) {
	return text ~ /^[a-z][A-Za-z0-9_ *]*[ *][a-z_0-9]+\(/ && text !~ /;$/
}

function name_of(text) {
	sub(/\(.*/, "", text)
	sub(/.*[ *]/, "", text)
	return text
}

# The text from the opening parenthesis at position AT of line I of file F to the closing one, on one line.
function call_text(f, i, at,    text, c, depth, quoted, k, all) {
	all = substr(source[f, i], at)
	while (1) {
		depth = 0
		quoted = 0
		for (k = 1; k <= length(all); k++) {
			c = substr(all, k, 1)
			if (c == "\\" && quoted) {
				k++
				continue
			}
			if (c == "\"")
				quoted = !quoted
			if (quoted)
				continue
			if (c == "(")
				depth++
			if (c == ")" && --depth == 0)
				return substr(all, 1, k)
		}
		if (++i > lines[f])
			return all
		text = source[f, i]
		sub(/^[ \t]+/, "", text)
		all = all (all ~ /\($/ ? "" : " ") text
	}
}

# Splits the arguments of a call's text into args[1..n].
function split_args(text, args,    n, k, c, depth, quoted, from) {
	n = 0
	depth = 0
	quoted = 0
	from = 2
	for (k = 1; k <= length(text); k++) {
		c = substr(text, k, 1)
		if (c == "\\" && quoted) {
			k++
			continue
		}
		if (c == "\"")
			quoted = !quoted
		if (quoted)
			continue
		if (c == "(")
			depth++
		if (c == ")")
			depth--
		if ((c == "," && depth == 1) || (c == ")" && depth == 0)) {
			args[++n] = substr(text, from, k - from)
			sub(/^[ \t]+/, "", args[n])
			from = k + 1
		}
	}
	return n
}

function rule_text(name, f, i, at,    text, args, n) {
	text = call_text(f, i, at)
	n = split_args(text, args)
	if (name == "fs_expect")
		return args[2] " " args[4] " " args[5]
	return name == "fs_wrong" ? args[2] : name text
}

function is_code(text) {
	return text !~ /^[ \t]*\*/ && text !~ /^[ \t]*\/[\/*]/
}

# Every place in file F that names a function of rules[], within a definition. With NOTE, definitions that others can call are noted, but for
# those of the harness itself: what it checks, it checks of all.
function scan(f, note,    i, inside, shared, text, at, word, rest, base, seen, rule) {
	inside = ""
	for (i = 1; i <= lines[f]; i++) {
		text = source[f, i]
		if (defines(text)) {
			inside = name_of(text)
			shared = text !~ /^static/ || f ~ /\.h$/
			continue
		}
		if (text ~ /^}/)
			inside = ""
		if (!is_code(text) || (inside == "" && text !~ /\.evidence = /))
			continue
		rest = text
		base = 0
		while (match(rest, /[a-z_][a-z_0-9]*/)) {
			word = substr(rest, RSTART, RLENGTH)
			at = base + RSTART + RLENGTH
			rest = substr(rest, RSTART + RLENGTH)
			base = at - 1
			if (!(word in rules) || word == inside)
				continue
			if (inside == "" && text !~ /\.evidence = /)
				continue
			if (note) {
				if (inside != "" && shared && f !~ /^harness\/(machine|plan|round|run)\// && !(inside in rules)) {
					rules[inside] = f
					changed = 1
				}
				continue
			}
			if (inside == "")
				rule = ".evidence = " word
			else if (substr(text, at, 1) == "(")
				rule = rule_text(word, f, i, at)
			else
				continue
			# Within one file the rules themselves are listed, not the ways to them.
			if (inside != "" && rules[word] == f)
				continue
			seen = ++times[f, rule]
			print f "\t" i "\t" rule (seen > 1 ? " #" seen : "")
		}
	}
}

FNR == 1 {
	files[++nfiles] = FILENAME
}
{
	source[FILENAME, FNR] = $0
	lines[FILENAME] = FNR
}
END {
	rules["fs_expect"] = rules["fs_wrong"] = "-"
	do {
		changed = 0
		for (n = 1; n <= nfiles; n++)
			scan(files[n], 1)
	} while (changed)
	for (n = 1; n <= nfiles; n++)
		scan(files[n], 0)
}

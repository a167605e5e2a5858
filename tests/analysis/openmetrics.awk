# SPDX-License-Identifier: GPL-3.0-or-later
# openmetrics.awk - is this text OpenMetrics 1.0? Prints what is wrong, a line each, and nothing of a good file.
#
# Checked: each family has its TYPE before its samples, once, and its samples stand together; a UNIT ends the family's name; labels are
# quoted and escaped, their names unique in a sample; no sample twice; values are numbers; "# EOF" is the last line, and the only one.
function wrong(what) { print FILENAME ":" NR ": " what ": " $0 }

# The labels of {...} in text, normalised; "" where they are none.
function labels(text,    rest, name, value, seen, all) {
	rest = substr(text, 2)
	all = ""
	split("", seen)
	while (match(rest, /^[a-zA-Z_][a-zA-Z0-9_]*="/)) {
		name = substr(rest, 1, RLENGTH - 2)
		rest = substr(rest, RLENGTH + 1)
		if (!match(rest, /^([^"\\]|\\\\|\\"|\\n)*"/))
			return ""
		value = substr(rest, 1, RLENGTH)
		rest = substr(rest, RLENGTH + 1)
		if (name in seen)
			return ""
		seen[name] = 1
		all = all name "=\"" value
		if (substr(rest, 1, 1) != ",")
			break
		rest = substr(rest, 2)
	}
	if (substr(rest, 1, 2) != "} ")
		return ""
	after = substr(rest, 3)
	return all
}

ended { wrong("after # EOF"); next }
/^# EOF$/ { ended = 1; next }
/^# (TYPE|UNIT|HELP) / {
	if ($3 != family) {
		if ($2 != "TYPE")
			wrong("a family begins with its TYPE")
		if ($3 in families)
			wrong("a family twice")
		family = $3
		families[family] = 1
		sampled = 0
	}
	if (sampled)
		wrong("after a sample of the family")
	if ($2 == "TYPE")
		type = $4
	if ($2 == "TYPE" && type != "gauge" && type != "info" && type != "counter")
		wrong("a type that is not expected here")
	if ($2 == "UNIT" && substr(family, length(family) - length($4)) != "_" $4)
		wrong("the unit does not end the name")
	next
}
/^#/ || /^$/ { wrong("neither metadata nor a sample"); next }
{
	name = $0
	sub(/[{ ].*/, "", name)
	if (name !~ /^[a-zA-Z_:][a-zA-Z0-9_:]*$/)
		wrong("not a name")
	if (name != family (type == "info" ? "_info" : type == "counter" ? "_total" : ""))
		wrong("not of the family " family)
	sampled = 1
	text = labels(substr($0, length(name) + 1))
	if (text == "")
		wrong("labels")
	if (name text in samples)
		wrong("a sample twice")
	samples[name text] = 1
	if (after !~ /^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/)
		wrong("not a number")
}
END {
	if (!ended)
		print FILENAME ": no # EOF"
}

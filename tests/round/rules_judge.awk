# SPDX-License-Identifier: GPL-3.0-or-later
#
# rules_judge.awk - reads the run file of tests/round/rules.sh, then its list of checks; prints a line of TAP without its number a check:
# "ok TEXT", "not ok TEXT" with a reason behind a tab, or "skip TEXT" likewise.

function member(line, name,    at) {
	if (!match(line, "\"" name "\":\"([^\"\\\\]|\\\\.)*\""))
		return ""
	return substr(line, RSTART + length(name) + 4, RLENGTH - length(name) - 5)
}

# Whether evidence WHAT RELATION is there and does not hold.
function is_false(line, what, relation,    part, n, all, k) {
	n = split(line, all, "{\"what\":")
	for (k = 2; k <= n; k++) {
		part = all[k]
		sub(/}.*/, "", part)
		if (index(part, "\"" what "\",") == 1 && index(part, "\"relation\":\"" relation "\"") && index(part, "\"holds\":false"))
			return 1
	}
	return 0
}

FILENAME ~ /jsonl$/ {
	if ($0 ~ /^{"type":"round"/ && match($0, /"cell":[0-9]+/))
		record[substr($0, RSTART + 7, RLENGTH - 7) + 0] = $0
	next
}
{
	file = $1
	rule = $2
	lie = $3
	honest = record[$4 + 0]
	lying = record[$5 + 0]
	kind = $6
	text = $7
	name = file ": " rule ", " lie
	seen = member(lying, "verdict")
	why = member(lying, "why")
	if (member(honest, "verdict") == "skip") {
		print "skip\t" name "\t" member(honest, "why")
		next
	}
	if (member(honest, "verdict") != "ok") {
		print "not ok\t" name "\tit is no proof: without the lie the round is " member(honest, "verdict") ": " member(honest, "why")
		next
	}
	if (kind != "wrong") {
		relation = text
		sub(/.* /, "", relation)
		what = substr(text, 1, length(text) - length(relation) - 1)
		good = seen == "invalid" && is_false(lying, what, relation) && (kind == "false" || index(lying, "\"metrics\":{}"))
	} else {
		good = seen == "fail" && index(why, text) == 1
	}
	print (good ? "ok" : "not ok") "\t" name "\t" (good ? "" : "wanted: " kind " " text "; the round is " seen ": " why)
}

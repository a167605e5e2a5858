# SPDX-License-Identifier: GPL-3.0-or-later
#
# rules.awk - reads tests/round/rules.lies. Into folder DIR:
#   plan        the cells as a plan, a line a cell, each once
#   checks      rule, lie, number of the cell as it is, of the cell with the lie, "false", "unmeasured" or "wrong", what must be seen
#   elsewhere   rule, program, check: the tests that break a rule
#   named       all rules that the file names
# Fields are tab-separated. With ONLY not empty, of that rule alone.

function cell(line) {
	if (!(line in ids)) {
		ids[line] = count++
		print "run " line >(DIR "/plan")
	}
	return ids[line]
}

function rest(    text) {
	text = $0
	sub(/^[a-z]+ /, "", text)
	return text
}

function bad(why) {
	print FILENAME ":" FNR ": " why >"/dev/stderr"
	failed = 1
	exit 1
}

/^#/ || /^$/ {
	next
}
$1 == "rule" {
	rule = rest()
	sub(/ /, "\t", rule)
	line = lie = ""
	wanted = ONLY == "" || ONLY == rule
	print rule >(DIR "/named")
	next
}
rule == "" {
	bad("no rule before this line")
}
!wanted {
	next
}
$1 == "run" {
	line = rest()
	next
}
$1 == "lie" {
	lie = "lie=" $2 (NF > 2 ? " lie_from=" $3 : "") (NF > 3 ? " lie_times=" $4 : "")
	next
}
$1 == "false" || $1 == "unmeasured" || $1 == "wrong" {
	if (line == "" || lie == "")
		bad("no cell or no lie before this line")
	printf "%s\t%s\t%d\t%d\t%s\t%s\n", rule, lie, cell(line), cell(line " " lie), $1, rest() >(DIR "/checks")
	next
}
$1 == "test" {
	text = rest()
	program = text
	sub(/ .*/, "", program)
	sub(/^[^ ]* /, "", text)
	printf "%s\t%s\t%s\n", rule, program, text >(DIR "/elsewhere")
	next
}
{
	bad("unknown word " $1)
}

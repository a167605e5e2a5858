# SPDX-License-Identifier: GPL-3.0-or-later
#
# bench_record.awk - what the rounds of a run file say of benchmarks whose clock is a millisecond later whenever it is read (lie=clock.step): their metrics
# with units, floors, events and figures, and what they expect. A block a round, which stand in the order of their names.
#
# Where two threads read the clock (MAY_RACE), no figure and no number of samples is said, but for counts that are exact. Page faults of the whole process
# are none of them: on a machine that is short of memory its code faults, too.
# Of what is expected, the figure only where it is an equation.
BEGIN {
	OF_THE_PROCESS = "^(minor_)?faults$"
	MAY_RACE = "^[a-z_]+ hmm|^loaded_latency|^(atomics|false_sharing) .*:(device|host)(_first)?$|:minor_faults$|^migrate_batch .*:usable|^two_streams .*(at_once|overlap)"
}
function member(name,    text) {
	if (!match($0, "\"" name "\":\"[^\"]*\""))
		return "-"
	text = substr($0, RSTART, RLENGTH)
	sub(/^"[^"]*":"/, "", text)
	sub(/"$/, "", text)
	return text
}
function figures(list,    n, i, value, out, last, times) {
	n = split(list, value, ",")
	for (i = 1; i <= n + 1; i++) {
		if (i <= n && value[i] == last) {
			times++
			continue
		}
		if (i > 1)
			out = out sprintf(" %.6g%s", last, times > 1 ? " x " times : "")
		last = value[i]
		times = 1
	}
	return out
}
function metrics(    rest, one, out, part, races) {
	rest = $0
	sub(/.*"metrics":\{/, "", rest)
	sub(/\},"steps":.*/, "", rest)
	while (match(rest, /"[a-z_0-9]+":\{"unit":"[^"]*","better":"[a-z]+"/)) {
		one = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		split(one, part, "\"")
		races = (cell ":" part[2]) ~ MAY_RACE
		out = out "  " part[2] " " part[6] " " part[10]
		one = rest
		if (match(one, /"[a-z_0-9]+":\{"unit"/))
			one = substr(one, 1, RSTART - 1)
		if (match(one, /"floor":"[^"]*"/))
			out = out " " substr(one, RSTART + 9, RLENGTH - 10)
		if (match(one, /"contains":\{[^}]*\}/))
			out = out " contains " substr(one, RSTART + 12, RLENGTH - 13)
		if ((!races || part[10] == "exact") && part[2] !~ OF_THE_PROCESS && match(one, /"samples":\[[^\]]*\]/))
			out = out ":" figures(substr(one, RSTART + 11, RLENGTH - 12))
		if (!races && match(one, /"histogram":\[\[.*\]\]/))
			out = out ": " substr(one, RSTART + 12, RLENGTH - 12)
		out = out "\n"
	}
	return out
}
function evidence(    rest, one, out, part, line, last, times) {
	rest = $0
	sub(/.*"evidence":\[/, "", rest)
	times = 0
	while (match(rest, /"what":"[^"]*","seen":[^,]*,"relation":"[^"]*","expected":[^,]*,/)) {
		one = substr(rest, RSTART, RLENGTH)
		rest = substr(rest, RSTART + RLENGTH)
		split(one, part, "\"")
		if (part[4] ~ /^(page faults|pages migrated) by/)
			continue
		line = part[4] " " part[10] (part[10] == "==" ? " " substr(part[13], 2) : "")
		sub(/,$/, "", line)
		if (line == last) {
			times++
			continue
		}
		if (times > 0)
			out = out "  " last (times > 1 ? " x " times : "") "\n"
		last = line
		times = 1
	}
	return times > 0 ? out "  " last (times > 1 ? " x " times : "") "\n" : out
}
/"type":"round"/ && /"kind":"benchmark"/ && !/"verdict":"skip"/ {
	cell = member("bench") " " member("setup") " " member("device") " size=" member("size") " residence=" member("residence")
	printf "%s: %s\n%s%s\n", cell, member("verdict"), metrics(), evidence()
}

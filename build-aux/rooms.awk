# SPDX-License-Identifier: GPL-3.0-or-later
#
# rooms.awk - which room may include which: build-aux/rooms.txt first, then all .c and .h. Prints each include that no rule allows and each rule that does not
# hold (a room that is not there, one that includes what stands below it); status 1 where there is any. picture=1: prints the rules as a picture instead.

# The room of a path: the longest that is named.
function room(path) {
	while (path != "" && !(path in allowed))
		path = path ~ /\// ? substr(path, 1, match(path, /\/[^\/]*$/) - 1) : ""
	return path
}

function trim(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	return text
}

function wrong(text) {
	print text
	bad++
}

FNR == 1 { file++ }

file == 1 && !/^#/ && NF {
	n = split($0, part, "|")
	name = trim(part[1])
	if (n != 3)
		wrong(FILENAME ":" FNR ": expected ROOM | MAY INCLUDE | WHAT IT IS FOR")
	words = split(part[2], word, " ")
	for (i = 1; i <= words; i++)
		if (room(word[i]) == "")
			wrong(FILENAME ":" FNR ": " name " includes " word[i] ", which is no room above it")
	allowed[name] = " " trim(part[2]) " "
	purpose[name] = trim(part[3])
	order[++rooms] = name
	next
}
file == 1 { next }

FNR == 1 {
	here = room(FILENAME)
	used[here] = 1
	if (here == "")
		wrong(FILENAME ": is in no room")
}

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	there = room(quoted[2])
	includes++
	if (there != "" && there != here && index(allowed[here], " " there " ") == 0 && index(allowed[here], " " quoted[2] " ") == 0)
		wrong(FILENAME ":" FNR ": " here " may not include " quoted[2] " (build-aux/rooms.txt)")
}

END {
	if (picture) {
		print "```mermaid"
		print "flowchart BT"
		for (i = 1; i <= rooms; i++)
			printf "    %s[\"%s<br><small>%s</small>\"]\n", id(order[i]), order[i], purpose[order[i]]
		for (i = 1; i <= rooms; i++) {
			words = split(allowed[order[i]], word, " ")
			for (w = 1; w <= words; w++)
				if (!implied(order[i], room(word[w]), words))
					printf "    %s --> %s\n", id(order[i]), id(room(word[w]))
		}
		print "```"
	} else {
		for (i = 1; i <= rooms; i++)
			if (!(order[i] in used))
				wrong("build-aux/rooms.txt: there is no " order[i])
		printf "rooms: %d rooms, %d includes, %d that cross a closed door\n", rooms, includes, bad
	}
	exit bad > 0
}

function id(name) {
	gsub(/[^a-z]/, "_", name)
	return name
}

# Whether another room that the same one includes leads there anyway: such arrows are left out of the picture.
function implied(from, to, n,   i, by) {
	for (i = 1; i <= n; i++) {
		by = room(word[i])
		if (by != to && leads(by, to))
			return 1
	}
	return 0
}

function leads(from, to) {
	return index(reach(from), " " to " ") > 0
}

function reach(from,   list, n, i, all) {
	if (from in reached)
		return reached[from]
	all = " "
	n = split(allowed[from], list, " ")
	for (i = 1; i <= n; i++)
		all = all room(list[i]) " " reach(room(list[i]))
	reached[from] = all
	return all
}

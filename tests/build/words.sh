#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# words.sh - no text of the tree has a phrase of build-aux/words.txt, and the check finds one: it is added to a copy of the tree, in a comment, a
# message, a page and a script.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/tree.sh
. "$srcdir/tests/tree.sh"

tree_copy "$tmp/tree"
# In two parts, or this file would be found.
phrase="is gone on"
phrase="$phrase with"

# check STATUS NAME: of the copy
check() {
	sh "$tmp/tree/build-aux/words.sh" >"$tmp/out" 2>&1
	is $? "$1" "$2"
	out=$(cat "$tmp/out")
}

check 0 "no text of the tree has a phrase of words.txt"
has "$out" "words: phrases of words.txt: 0" "the number of phrases is printed"

# finds FILE TEXT WHAT: TEXT is found at the end of FILE
finds() {
	cp "$tmp/tree/$1" "$tmp/kept"
	echo "$2" >>"$tmp/tree/$1"
	check 1 "a phrase is found in $3"
	has "$out" "$1:$(wc -l <"$tmp/tree/$1"):" "$3: file and line are named"
	has "$out" "write: resumed" "$3: the better word is named"
	cp "$tmp/kept" "$tmp/tree/$1"
}

finds base/fnv.h "/* The run $phrase. */" "a comment"
finds command/show.c "static const char text[] = \"A run that $phrase\";" "a message"
finds docs/design.md "A run $phrase later." "a page"
finds build-aux/sizes.sh "# The run $phrase." "a script"
check 0 "the copy without the phrases passes again"

done_testing

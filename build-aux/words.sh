#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# words.sh - finds the phrases of words.txt in the texts of the tree that it is in: file, line, and what to write instead; status 1 if there are any.
# Recorded data and the file of phrases itself are left out.
set -eu
cd "$(dirname "$0")/.."

temporary=$(mktemp)
trap 'rm -f "$temporary"' EXIT
sed '/^#/d; /^$/d; s/ -> .*//' build-aux/words.txt >"$temporary"
find . -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.awk' -o -name '*.md' -o -name '*.m4' -o -name '*.mk' -o -name '*.1' -o -name '*.ac' \
	-o -name '*.am' -o -name '*.plan' -o -name '*.group' -o -name '*.lies' -o -path './.ci/run' \) ! -path './.git/*' ! -path './autom4te.cache/*' \
	! -name aclocal.m4 ! -name NEWS.md ! -path './docs/ci/*' ! -path './fivestep-*' ! -path './results/local/*' -print0 | LC_ALL=C sort -z |
	LC_ALL=C xargs -0 grep -niE -f "$temporary" >"$temporary.found" || true
trap 'rm -f "$temporary" "$temporary.found"' EXIT

found=$(wc -l <"$temporary.found")
while read -r line; do
	echo "$line"
	grep -v '^#' build-aux/words.txt | while read -r entry; do
		if [ -n "$entry" ] && echo "$line" | grep -qiE -e "${entry%% -> *}"; then
			echo "	write: ${entry#* -> }"
		fi
	done
done <"$temporary.found"
echo "words: phrases of words.txt: $found"
[ "$found" -eq 0 ]

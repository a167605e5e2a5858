#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# manual.sh - the man page has a section for each command and an entry for each option that --help prints.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"

# sections: those of the man page, one per line. entries: the options it names, without escapes.
sections() {
	sed -n 's/^\.SS //p' "$srcdir/docs/fivestep.1"
}
sed 's/\\-/-/g' "$srcdir/docs/fivestep.1" | grep -oE -e '--[a-z][a-z-]*' | sort -u >"$tmp/entries"
[ "$(wc -l <"$tmp/entries")" -gt 20 ]
ok $? "the man page names options"

for command in $("$FIVESTEP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p') 'guest run'; do
	sections | grep -qx "$command" || [ "$command" = guest ]
	ok $? "the man page has a section for $command"
	sed -n '/^\.SH SYNOPSIS/,/^\.SH DESC/p' "$srcdir/docs/fivestep.1" | grep -q "^\.B fivestep $command\\>"
	ok $? "and its synopsis begins with fivestep $command"
	# shellcheck disable=SC2086 # "guest run" is two arguments
	"$FIVESTEP" $command --help | grep -oE -e '^ +(-., )?--[a-z][a-z-]*' | sed 's/.*--/--/' | grep -vx -e --help -e --usage | sort -u >"$tmp/options"
	is "$(comm -23 "$tmp/options" "$tmp/entries")" "" "and names each option of $command"
done

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# build_info.sh FILE SRCDIR VERSION CC CFLAGS MEASURED_CFLAGS - writes FILE (build_info.h), what every record says of the build,
# only where it would change: what includes it is then not compiled again. With FILE "-" it prints the commit alone.
#
# The commit is that of SRCDIR's own repository, not of one that a release happens to be unpacked in; a release brings it
# in the file .commit.
set -eu

commit() {
	top=$(git -C "$1" rev-parse --show-toplevel 2>/dev/null || true)
	if [ -n "$top" ] && [ "$(cd "$top" && pwd -P)" = "$(cd "$1" && pwd -P)" ]; then
		git -C "$1" describe --always --dirty --abbrev=12 2>/dev/null && return
	fi
	if [ -f "$1/.commit" ]; then
		cat "$1/.commit"
	else
		echo unknown
	fi
}

# define NAME TEXT: TEXT as one string of C, without the blanks that empty variables leave.
define() {
	text=$(printf '%s' "$2" | tr -s '[:space:]' ' ' | sed -e 's/^ //' -e 's/ $//' -e 's/[\\"]/\\&/g')
	printf '#define %s "%s"\n' "$1" "$text"
}

if [ "$1" = - ]; then
	commit "$2"
	exit
fi
new=$1.new.$$
trap 'rm -f "$new"' EXIT
{
	echo '/* Written by build-aux/build_info.sh. */'
	define FIVESTEP_VERSION "$3"
	define FIVESTEP_COMMIT "$(commit "$2")"
	define FIVESTEP_CC "$($4 --version 2>/dev/null | sed -n 1p || echo "$4")"
	define FIVESTEP_CFLAGS "$5"
	define FIVESTEP_MEASURED_CFLAGS "$6"
} >"$new"
cmp -s "$new" "$1" || cp "$new" "$1"

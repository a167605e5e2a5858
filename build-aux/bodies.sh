#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# bodies.sh text SRCDIR FILE... - prints harness/device/bodies.inc: the text of each FILE named body.h or *.body.h as a C string, and which file has which device
# body, for devices that compile at run time. It depends on the files alone, so that the same tree gives the same text.
# bodies.sh names SRCDIR FILE... - prints the names of the bodies, one a line, with the file that has it.
set -eu

what=$1
srcdir=$2
shift 2

# names FILE: the bodies that it defines.
names() {
	sed -n 's/^FS_BODY(\([a-z0-9_]*\)).*$/\1/p' "$srcdir/$1"
}

# literals FILE: each line a string; a tab stays one.
literals() {
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$srcdir/$1"
}

case $what in
names)
	for file; do
		for name in $(names "$file"); do
			echo "$name $file"
		done
	done
	;;
text)
	echo '/* Written by build-aux/bodies.sh from harness/body.h and the files of body_files: edit those. */'
	echo 'static const struct bodies_file files[] = {'
	for file; do
		case $file in
		*body.h) ;;
		*) continue ;;
		esac
		printf '\t{"%s",\n' "$file"
		literals "$file"
		printf '\t},\n'
	done
	printf '\t{0},\n};\n\n'
	echo 'static const struct bodies_body bodies[] = {'
	for file; do
		for name in $(names "$file"); do
			printf '\t{"%s", "%s"},\n' "$name" "$file"
		done
	done
	printf '\t{0},\n};\n'
	;;
*)
	echo "bodies: unknown request $what: text or names" >&2
	exit 64
	;;
esac

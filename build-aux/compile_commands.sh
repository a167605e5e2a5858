#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# compile_commands.sh SOURCE_FOLDER MAKE - run in the build folder: compile_commands.json on standard output, for clangd and clang-tidy. It is what MAKE would do if
# every source was new, so that nothing is built and no other tool is needed.
set -eu
source=$1
make=$2

# As the Makefile names the source folder, which may be a relative path.
named=$(sed -n 's/^srcdir = //p' Makefile)
# -n: say it only; -W: as if this source was new. Sources are known by either name where the build folder is another one.
files=$(cd "$source" && find base bench kernels conform results harness analysis guest fleet command tests examples -name '*.c' | LC_ALL=C sort)
# shellcheck disable=SC2046,SC2086 # words are wanted: names without blanks, and MAKE may be several words
$make -n --no-print-directory V=1 $(for file in $files; do echo "-W $file -W $named/$file"; done) all check-programs 2>/dev/null | awk -v folder="$PWD" '
	function quoted(text) {
		gsub(/\\/, "\\\\", text)
		gsub(/"/, "\\\"", text)
		return "\"" text "\""
	}
	/ -c -o [^ ]*\.o / {
		command = $0
		# The name of the source by a test of which folder it is in: `test -f NAME || echo FOLDER`NAME
		if (match(command, /`test -f [^`]*`/)) {
			split(substr(command, RSTART, RLENGTH), part, "\047")
			prefix = (getline text < part[2]) >= 0 ? "" : part[4]
			close(part[2])
			command = substr(command, 1, RSTART - 1) prefix substr(command, RSTART + RLENGTH)
		}
		# of gcc alone
		gsub(/ -fno-tree-[^ ]*/, "", command)
		sub(/^[ \t]*/, "", command)
		sub(/[ \t]*(&&|;).*$/, "", command)
		file = command
		sub(/.*[ \t]/, "", file)
		printf "%s\n{\"directory\": %s, \"command\": %s, \"file\": %s}", n++ ? "," : "[", quoted(folder), quoted(command), quoted(file)
	}
	END { print n ? "\n]" : "[]" }'

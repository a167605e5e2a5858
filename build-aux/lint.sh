#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# lint.sh [--fix] - the allowed includes (rooms.sh), the length of functions and files (sizes.sh), formats that cut a text (cuts.sh), phrases to avoid
# (words.sh), the style of scripts (shellcheck) and of C (clang-format); --fix formats the C files. A tool that is not installed is skipped, with a message. Versions of clang-format
# differ in their output, so only the version that the tree is formatted with is used.
set -eu
cd "$(dirname "$0")/.."

format_version=14
failed=0

# files PATTERN...: those of the tree, in a repository or out of one.
files() {
	if [ -e .git ]; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for pattern in "$@"; do
			find . -name "$pattern" -not -name config.h -not -name build_info.h -not -name registry.c | sed 's|^\./||'
		done
	fi | while read -r file; do
		# A file that git still lists may be gone.
		[ ! -f "$file" ] || echo "$file"
	done | sort -u
}

scripts() {
	files '*.sh'
	for file in bootstrap .ci/run; do
		[ ! -f "$file" ] || echo "$file"
	done
}

format=
for candidate in clang-format-$format_version clang-format; do
	if command -v "$candidate" >/dev/null 2>&1 && "$candidate" --version | grep -q "version $format_version\."; then
		format=$candidate
		break
	fi
done

if [ "${1:-}" = --fix ]; then
	if [ -z "$format" ]; then
		echo "lint: clang-format $format_version is not installed" >&2
		exit 1
	fi
	files '*.c' '*.h' | xargs "$format" -i
	exit
fi

sh build-aux/rooms.sh || failed=1
sh build-aux/sizes.sh || failed=1
sh build-aux/cuts.sh || failed=1
sh build-aux/words.sh || failed=1
if command -v shellcheck >/dev/null 2>&1; then
	echo "lint: shellcheck of $(scripts | wc -l) scripts"
	scripts | xargs shellcheck -x || failed=1
else
	echo 'lint: skipped: shellcheck is not installed'
fi
if [ -n "$format" ]; then
	echo "lint: $format of $(files '*.c' '*.h' | wc -l) files"
	files '*.c' '*.h' | xargs "$format" --dry-run -Werror || failed=1
else
	echo "lint: skipped: clang-format $format_version is not installed"
fi
exit "$failed"

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# registry.sh BENCHES KERNELS SETUPS DEVICES COUNTERS COMMANDS DRAWINGS SECTIONS EXPORTS CASES - prints command/registry.c. Each argument is one list of files,
# separated by blanks; files that do not end in .c (headers) are passed over. The symbol is KIND_NAME, with NAME the file's and
# its dashes underscores; a file that does not define it is an error of the linker. A file of cases defines an array of them.
set -eu

# symbols KIND FILES
symbols() {
	kind=$1
	for file in $2; do
		case $file in
		*.c) ;;
		*) continue ;;
		esac
		name=${file##*/}
		name=${name%.c}
		printf '%s_%s\n' "$kind" "$(printf '%s' "$name" | tr - _)"
	done
}

# arrays TYPE KIND ARRAY FILES: each file has an array
arrays() {
	for symbol in $(symbols "$2" "$4"); do
		printf 'extern const struct %s %s[];\n' "$1" "$symbol"
	done
	printf 'const struct %s *const registry_%s[] = {\n' "$1" "$3"
	for symbol in $(symbols "$2" "$4"); do
		printf '\t%s,\n' "$symbol"
	done
	printf '\tNULL,\n};\n\n'
}

# list TYPE KIND ARRAY FILES
list() {
	for symbol in $(symbols "$2" "$4"); do
		printf 'extern const struct %s %s;\n' "$1" "$symbol"
	done
	printf 'const struct %s *const registry_%s[] = {\n' "$1" "$3"
	for symbol in $(symbols "$2" "$4"); do
		printf '\t&%s,\n' "$symbol"
	done
	printf '\tNULL,\n};\n\n'
}

cat <<'EOC'
/* Written by build-aux/registry.sh from the lists in the local.mk files: edit those. */
#include "config.h"

#include "analysis/export/export.h"
#include "analysis/report/section.h"
#include "command/command.h"
#include "harness/plan/registry.h"

EOC
list fs_bench bench benches "$1"
list fs_kernel kernel kernels "$2"
list fs_setup setup setups "$3"
list fs_device device devices "$4"
list fs_counter counter counters "$5"
list command command commands "$6"
list drawing drawing drawings "$7"
list section section sections "$8"
list export_format export exports "$9"
arrays fs_bench conform cases "${10}"

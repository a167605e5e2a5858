#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# comparisons.sh FOLDER FILE.c... - pointers, errors and the results of strcmp() are compared explicitly: p == NULL, not !p.
#
# FOLDER has the compile_commands.json of the files. Prints each condition that leaves the comparison out, as FILE:LINE:COLUMN, and exits 1 where
# there is one. Conditions inside of macros are not looked at: the macros of other libraries are as they are.
set -eu

folder=$1
shift
for clang_query in ${CLANG_QUERY:-clang-query clang-query-19 clang-query-14} ''; do
	command -v "$clang_query" >/dev/null && break
done
if [ -z "$clang_query" ]; then
	echo "comparisons.sh: there is no clang-query: install clang-tools, or name it in CLANG_QUERY" >&2
	exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cat >"$work/query" <<'QUERY'
set bind-root false
set output diag
let pointer hasType(hasCanonicalType(pointerType()))
let compares ignoringParenImpCasts(callExpr(callee(functionDecl(matchesName("(str|mem).*cmp$")))))
let failure ignoringParenImpCasts(declRefExpr(to(varDecl(matchesName("::(err|rc|ret)$"), hasType(asString("int"))))))
let condition expr(anyOf(pointer, compares, failure)).bind("implicit")
match unaryOperator(isExpansionInMainFile(), hasOperatorName("!"), hasUnaryOperand(condition))
match ifStmt(isExpansionInMainFile(), hasCondition(condition))
match whileStmt(isExpansionInMainFile(), hasCondition(condition))
match doStmt(isExpansionInMainFile(), hasCondition(condition))
match forStmt(isExpansionInMainFile(), hasCondition(condition))
match conditionalOperator(isExpansionInMainFile(), hasCondition(condition))
match binaryOperator(isExpansionInMainFile(), hasAnyOperatorName("&&", "||"), hasLHS(condition))
match binaryOperator(isExpansionInMainFile(), hasAnyOperatorName("&&", "||"), hasRHS(condition))
QUERY
# Each process has a file of its own: their lines must not mix.
# shellcheck disable=SC2016 # the inner shell expands them
printf '%s\n' "$@" | xargs -n 16 -P "$(nproc)" sh -c 'work=$1 folder=$2 query=$3; shift 3; "$query" -p "$folder" -f "$work/query" "$@" >"$work/found.$$"' \
	comparisons "$work" "$folder" "$clang_query"
awk '
	function say() { if (at != "") { sub(/^[ \t]+/, "", line); print at ": the comparison is left out: " line } at = line = "" }
	/binds here$/ { say(); at = $1; sub(/:$/, "", at); getline line; next }
	/expanded from macro/ { at = "" }
	/^Match #/ || /^[0-9]+ match/ { say() }
	END { say() }
' "$work"/found.* | sort -u >"$work/said"
cat "$work/said"
[ ! -s "$work/said" ]

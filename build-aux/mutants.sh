#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# mutants.sh - mutation testing: changes the source in one place at a time (mutants.awk), rebuilds that file, runs the tests that cover it
# (mutants.map) and says which changes no test saw. `make mutants` calls it; by the environment:
#
#   SEED=N COUNT=N ROOM=NAMES  so many mutants (30), drawn with the seed (1), of those rooms of mutants.map (all)
#   FILE=PATTERN               of those files only
#   RULES=all                  instead: each evidence rule and oracle (rules.sh) is removed, one at a time; its own test must fail.
#                              A pattern instead of all: of those files
#   MUTANTS=FOLDER             a copy of the tree, its build and results (fivestep-mutants); what is in there already is not done again
#   LIMIT=S                    a test hangs after 20 s and ten times what it took unchanged, and at most S (300)
#
# killed: a test failed; hung: one took too long, which counts as killed; survived: all passed; stillborn: it does not compile; same: the
# compiler made the same code. Status 0 where it went through, whatever survived; 1 where it could not.
set -eu

top=$PWD
seed=${SEED:-1}
count=${COUNT:-30}
room=${ROOM:-}
file_pattern=${FILE:-*}
rules=${RULES:-}
folder=${MUTANTS:-$top/fivestep-mutants}
limit=${LIMIT:-300}
tab=$(printf '\t')
tree=$folder/tree
results=$folder/results

say() {
	echo "mutants: $*" >&2
}

die() {
	say "$*"
	exit 1
}

# A copy of the source, configured without optimisation: it is built once, and then a file at a time.
prepare() {
	mkdir -p "$tree" "$folder/base" "$folder/tmp"
	(
		srcdir=$top
		export srcdir
		# shellcheck source=tests/tree.sh disable=SC1091
		. "$top/tests/tree.sh"
		tree_copy "$tree"
	)
	cd "$tree"
	if [ ! -f Makefile ]; then
		say "building $tree"
		{ [ -x configure ] || ./bootstrap; } >"$folder/log" 2>&1
		./configure CC="${CC:-cc}" CFLAGS='-O1 -g0' >>"$folder/log" 2>&1 || die "configure fails: $folder/log"
	fi
	# By itself: making it anew among other jobs can fail.
	make -s Makefile >"$folder/log" 2>&1 || die "cannot configure the copy anew: $folder/log"
	make -s -j2 fivestep >"$folder/log" 2>&1 || die "the copy does not build: $folder/log"
}

# marked ID: the processes of that mutant of ours, whatever became of their parents
marked() {
	grep -l "FIVESTEP_MUTANT=$$-$1" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 | grep -vx -e $$ || true
}

# run_test ID TEST LIMIT: 0 passed, 1 failed, 124 too long
run_test() {
	case $2 in
	*.sh) set -- "$1" "$3" sh "$2" ;;
	*) set -- "$1" "$3" "./$2" ;;
	esac
	id=$1
	most=$2
	shift 2
	mkdir -p "$folder/tmp/$id"
	code=0
	FIVESTEP_MUTANT=$$-$id TMPDIR=$folder/tmp/$id FIVESTEP=$tree/fivestep FIVESTEP_DATADIR=$tree srcdir=. \
		timeout -k 5 "$most" "$@" >"$folder/out" 2>&1 </dev/null || code=$?
	for pid in $(marked "$id"); do
		kill -9 "$pid" 2>/dev/null || true
	done
	rm -rf "$folder/tmp/$id"
	[ "$code" -ne 137 ] || code=124
	if [ "$code" -eq 0 ] && grep -q '^not ok' "$folder/out"; then
		code=1
	fi
	return "$code"
}

# build TEST...: the program and those tests that are programs
build() {
	targets=fivestep
	for one in "$@"; do
		case $one in
		*.sh) ;;
		*) targets="$targets $one" ;;
		esac
	done
	# shellcheck disable=SC2086 # names without blanks
	make -s -j2 $targets >"$folder/log" 2>&1
}

# base TEST: how many seconds it may take; it must pass as it is, or nothing follows from its failing
base() {
	name=$folder/base/$(echo "$1" | tr / _)
	if [ ! -f "$name" ]; then
		build "$1" || die "$1 does not build: $folder/log"
		begun=$(date +%s)
		if run_test base "$1" "$limit"; then
			echo $((20 + 10 * ($(date +%s) - begun))) >"$name"
		else
			say "$1 fails without any change, and is left out: $folder/base.$(basename "$1").log"
			cp "$folder/out" "$folder/base.$(basename "$1").log"
			echo 0 >"$name"
		fi
	fi
	seconds=$(cat "$name")
	[ "$seconds" -lt "$limit" ] || seconds=$limit
}

# object FILE: what it is compiled to
object() {
	for lib in libaround_a libmeasured_a; do
		o=$(dirname "$1")/$lib-$(basename "$1" .c).o
		if [ -f "$o" ]; then
			echo "$o"
			return
		fi
	done
}

# mutate FILE LINE TEXT PREFIX: in the copy
mutate() {
	LINE=$2 TEXT=$3 PREFIX=$4 awk 'BEGIN { if (ENVIRON["PREFIX"] != "") print ENVIRON["PREFIX"] }
		FNR == ENVIRON["LINE"] + 0 { print ENVIRON["TEXT"]; next } { print }' "$top/$1" >"$tree/$1"
}

# judge ID ROOM FILE LINE WHAT TEXT PREFIX TEST...: one mutant, into the results
judge() {
	j_id=$1 j_room=$2 j_file=$3 j_line=$4 j_what=$5 j_text=$6 j_prefix=$7
	shift 7
	o=$(object "$j_file")
	j_result=survived
	j_by=
	[ -z "$o" ] || cp -p "$o" "$folder/before.o"
	mutate "$j_file" "$j_line" "$j_text" "$j_prefix"
	if [ -n "$o" ] && ! make -s "$o" >"$folder/log" 2>&1; then
		j_result=stillborn
	elif [ -n "$o" ] && cmp -s "$o" "$folder/before.o"; then
		j_result=same
	elif ! build "$@"; then
		j_result=stillborn
	else
		for j_test in "$@"; do
			base_known "$j_test" || continue
			code=0
			run_test "$j_id" "$j_test" "$seconds" || code=$?
			[ "$code" -ne 0 ] || continue
			j_result=killed
			[ "$code" -ne 124 ] || j_result=hung
			j_by=$j_test
			break
		done
	fi
	cp "$top/$j_file" "$tree/$j_file"
	# The object as it was, and newer than what was made of the mutant.
	if [ -n "$o" ]; then
		cp "$folder/before.o" "$o"
	fi
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$j_id" "$j_room" "$j_file" "$j_line" "$j_result" "$j_what" "$j_by" "$j_text" >>"$results"
	say "$j_result: $j_file:$j_line $j_what${j_by:+ ($j_by)}"
}

base_known() {
	seconds=$(cat "$folder/base/$(echo "$1" | tr / _)")
	[ "$seconds" -lt "$limit" ] || seconds=$limit
	[ "$seconds" -ne 0 ]
}

# covered FILE: sets m_room and m_tests by the map; fails where no line fits
covered() {
	while IFS=$tab read -r m_room m_glob m_tests; do
		case $m_room in '' | '#'*) continue ;; esac
		# shellcheck disable=SC2254 # a pattern
		case $1 in $m_glob) return 0 ;; esac
	done <"$top/build-aux/mutants.map"
	return 1
}

# All mutants of the rooms, drawn without replacement: by the generator of Park and Miller, so that every awk draws the same.
draw() {
	(cd "$top" && find analysis bench harness kernels -name '*.c' | LC_ALL=C sort) | while read -r file; do
		covered "$file" || continue
		case " ${room:-$m_room} " in *" $m_room "*) ;; *) continue ;; esac
		# shellcheck disable=SC2254
		case $file in $file_pattern) (cd "$top" && awk -f build-aux/mutants.awk "$file") ;; esac
	done | awk -v seed="$seed" 'function next_number() { x = x * 16807 % 2147483647; return x }
		BEGIN { x = seed % 2147483646 + 1; for (i = 0; i < 20; i++) next_number() }
		{ printf "%010d\t%s\n", next_number(), $0 }' | sort -s -k 1,1 | cut -f 2- | awk -v count="$count" 'NR <= count'
}

sample() {
	draw >"$folder/drawn"
	n=$(grep -c . "$folder/drawn" || true)
	[ "$n" -gt 0 ] || die "no mutant of ROOM='$room' FILE='$file_pattern'"
	while IFS=$tab read -r file line what text; do
		covered "$file"
		for one in $m_tests; do
			base "$one"
		done
		id=$(printf '%s\t%s\t%s\t%s' "$file" "$line" "$what" "$text" | cksum | tr ' ' -)
		echo "$id" >>"$folder/ids"
		grep -q "^$id$tab" "$results" && continue
		# shellcheck disable=SC2086
		judge "$id" "$m_room" "$file" "$line" "$what" "$text" "" $m_tests
	done <"$folder/drawn"
}

# ---- rules

# The name that a rule is called by, and what stands in its place.
removed() {
	awk -v rule="$1" -v text="$2" 'BEGIN {
		value = "0"
		if (rule ~ /^\.evidence = /) {
			print ""
			exit
		}
		name = rule
		if (rule !~ /^[a-z_]+\(/)
			name = index(text, "fs_wrong(") ? "fs_wrong(" : "fs_expect("
		sub(/\(.*/, "(", name)
		if (name == "fs_expect(" || name ~ /^(expect_side|expect_no_conflicts|access_place|access_stayed)\($/)
			value = "1"
		at = index(text, name)
		if (at == 0)
			exit 1
		print substr(text, 1, at - 1) "RULE_REMOVED_" value "(" substr(text, at + length(name))
	}'
}

remove_rules() {
	cp "$top/tests/round/rules.lies" "$tree/tests/round/rules.lies"
	rm -rf "$folder/rules"
	mkdir "$folder/rules"
	awk -v DIR="$folder/rules" -v ONLY= -f "$top/tests/round/rules.awk" "$top/tests/round/rules.lies"
	touch "$folder/rules/elsewhere"
	(cd "$top" && build-aux/rules.sh) >"$folder/drawn"
	base tests/round/rules.sh
	while IFS=$tab read -r file line rule; do
		# shellcheck disable=SC2254
		case $file in ${rules#all}*) ;; *) continue ;; esac
		program=$(RULE="$file$tab$rule" awk -F "$tab" '$1 "\t" $2 == ENVIRON["RULE"] { print $3; exit }' "$folder/rules/elsewhere")
		id=rule-$(printf '%s' "$file$tab$rule" | cksum | tr ' ' -)
		echo "$id" >>"$folder/ids"
		grep -q "^$id$tab" "$results" && continue
		text=$(removed "$rule" "$(sed -n "${line}p" "$top/$file")") || {
			say "cannot remove $file:$line $rule"
			continue
		}
		base "${program:-tests/round/rules.sh}"
		RULE=
		[ -n "$program" ] || RULE=$file$tab$rule
		export RULE
		judge "$id" rules "$file" "$line" "$rule" "$text" \
			'#define RULE_REMOVED_0(...) 0
#define RULE_REMOVED_1(...) 1' "${program:-tests/round/rules.sh}"
		unset RULE
	done <"$folder/drawn"
}

# ---- what came of it

report() {
	awk -F "$tab" 'NR == FNR { wanted[$1] = 1; next }
	$1 in wanted {
		n[$2, $5]++
		rooms[$2] = 1
		all[$5]++
		if ($5 == "survived")
			survivors[++s] = $3 ":" $4 "\t" $6 "\t" $8
	}
	function row(name, stillborn, same, killed, hung, survived,    counted) {
		counted = killed + hung + survived
		return sprintf("%-12s %9d %5d %7d %5d %9d %8s", name, stillborn, same, killed, hung, survived,
			counted ? sprintf("%.0f %%", 100 * (killed + hung) / counted) : "-")
	}
	END {
		printf "%-12s %9s %5s %7s %5s %9s %8s\n", "ROOM", "STILLBORN", "SAME", "KILLED", "HUNG", "SURVIVED", "KILLED %"
		for (r in rooms)
			print row(r, n[r, "stillborn"], n[r, "same"], n[r, "killed"], n[r, "hung"], n[r, "survived"]) | "sort"
		close("sort")
		print row("all", all["stillborn"], all["same"], all["killed"], all["hung"], all["survived"])
		for (i = 1; i <= s; i++)
			print "survived: " survivors[i]
	}' "$folder/ids" "$results"
}

[ -f build-aux/mutants.map ] || die "run it in the source tree"
mkdir -p "$folder"
touch "$results"
: >"$folder/ids"
prepare
if [ -n "$rules" ]; then
	remove_rules
else
	sample
fi
report

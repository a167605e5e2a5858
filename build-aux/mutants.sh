#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# mutants.sh - mutation testing: changes the source in one place at a time (mutants.awk), compiles that file, links it into the tests that cover it
# (mutants.map) and reports which changes no test noticed. `make mutants` calls it; by the environment:
#
#   SEED=N COUNT=N ROOM=NAMES  so many mutants of each room of mutants.map (5), drawn with the seed (1), of those rooms (all)
#   FILE=PATTERN               of those files only
#   AGAIN=survived             those of them that survived an earlier run are tried again, with the tests as they are now
#   RULES=all                  instead: each evidence rule and oracle (rules.sh) is removed, one at a time; its own test must fail.
#                              A pattern instead of all: of those files
#   MUTANTS=FOLDER             a copy of the tree, its build and results (fivestep-mutants); what is in there already is not done again
#   SANITIZERS=LIST            the copy is built with these, as .ci/run builds (address,undefined); "no": with none
#   LIMIT=S                    a test hangs after 15 s and five times what it took unchanged, and at most S (300)
#
# Survivors that change nothing that is promised are in mutants.known with the reason: they count as survivors, and are reported as explained.
#
# killed: a test failed; hung: one took too long, which counts as killed; survived: all passed; stillborn: it does not compile; same: the
# compiler made the same code. Status 0 where it went through, whatever survived; 1 where it could not.
#
# A mutant costs one compilation and the tests; make is not run. The changed object is put into a thin archive of all objects, which
# each test is linked with before it runs, and the program for a test that runs it; the fastest test is first, and the first that fails ends it.
set -eu

top=$PWD
seed=${SEED:-1}
count=${COUNT:-5}
room=${ROOM:-}
file_pattern=${FILE:-*}
again=${AGAIN:-}
rules=${RULES:-}
folder=${MUTANTS:-$top/fivestep-mutants}
limit=${LIMIT:-300}
sanitizers=${SANITIZERS:-no}
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

# A copy of the source as it is now, which all that follows works on, configured without optimisation and built once. What make would do to compile a file and to link a program is
# kept: files "compile" (source, object, command) and "link" (program, command).
prepare() {
	mkdir -p "$tree" "$folder/base" "$folder/tmp" "$folder/one"
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
		./configure CC="${CC:-cc}" CFLAGS='-O1 -g0' --enable-sanitizers="$sanitizers" >>"$folder/log" 2>&1 || die "configure fails: $folder/log"
	fi
	# By itself: making it anew among other jobs can fail.
	make -s Makefile >"$folder/log" 2>&1 || die "cannot configure the copy anew: $folder/log"
	{ make -s -j2 all && make -s -j2 check-programs; } >"$folder/log" 2>&1 || die "the copy does not build: $folder/log"
	sources=$(find base results harness analysis guest fleet command kernels bench conform -name '*.c' | sed 's/^/-W /')
	# shellcheck disable=SC2086 # words are wanted
	make -n --no-print-directory V=1 $sources all check-programs 2>/dev/null | awk '
		/ -c -o [^ ]*\.o / {
			gsub(/`test -f [^`]*`/, "")
			sub(/[ \t]*(&&|;).*$/, "")
			gsub(/ -M[DP]| -M[TF] [^ ]*/, "")
			match($0, / -o [^ ]*\.o /)
			object = substr($0, RSTART + 4, RLENGTH - 5)
			command = substr($0, 1, RSTART - 1) substr($0, RSTART + RLENGTH - 1)
			source = command
			sub(/.*[ \t]/, "", source)
			print source "\t" object "\t" command
		}' | sort -u >"$folder/compile"
	make -n --no-print-directory V=1 -W libfivestep-internal.a all check-programs 2>/dev/null | awk '
		/ -o [^ ]* .*\.o .*libfivestep-internal\.a/ {
			sub(/^.*; */, "")
			match($0, / -o [^ ]* /)
			program = substr($0, RSTART + 4, RLENGTH - 5)
			print program "\t" substr($0, 1, RSTART - 1) "\t" substr($0, RSTART + RLENGTH - 1)
		}' | sort -u >"$folder/link"
	{ [ -s "$folder/compile" ] && [ -s "$folder/link" ]; } || die "cannot read what make would do"
}

# marked ID: the processes of that mutant of ours, whatever became of their parents
marked() {
	grep -l "FIVESTEP_MUTANT=$$-$1" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3 | grep -vx -e $$ || true
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# run_test ID TEST BIN SECONDS: with the programs of folder BIN: 0 passed, 1 failed, 124 too long
run_test() {
	id=$1
	bin=$3
	most=$4
	case $2 in
	*.sh) set -- sh "$2" ;;
	*) set -- "$bin/$2" ;;
	esac
	mkdir -p "$folder/tmp/$id"
	code=0
	# What spins is stopped by the processor time that it took, what sleeps by the clock.
	FIVESTEP_MUTANT=$$-$id TMPDIR=$folder/tmp/$id FIVESTEP=$bin/fivestep FIVESTEP_DATADIR=$tree FORBID=$tree/tests/build/forbid srcdir=. CC=${CC:-cc} MAKE=make \
		prlimit --cpu="$most" timeout -k 5 "$most" "$@" >"$folder/out" 2>&1 </dev/null 9>&- || code=$?
	for pid in $(marked "$id"); do
		kill -9 "$pid" 2>/dev/null || true
	done
	rm -rf "$folder/tmp/$id"
	case $code in
	124 | 137 | 152) code=124 ;;
	0) ! grep -q '^not ok' "$folder/out" || code=1 ;;
	esac
	return "$code"
}

# base TEST: what it takes, in milliseconds; it must pass as it is, or nothing follows from its failing
base() {
	name=$folder/base/$(echo "$1" | tr / _)
	if [ ! -f "$name" ]; then
		started=$(now_ms)
		if run_test base "$1" "$tree" "$limit"; then
			echo $(($(now_ms) - started + 1)) >"$name"
		else
			say "$1 fails without any change, and is left out: $folder/base.$(basename "$1").log"
			cp "$folder/out" "$folder/base.$(basename "$1").log"
			echo 0 >"$name"
		fi
	fi
	ms=$(cat "$name")
	seconds=$((15 + 5 * ms / 1000))
	[ "$seconds" -lt "$limit" ] || seconds=$limit
}

# in_order TEST...: the fastest first
in_order() {
	for one in "$@"; do
		base "$one"
		echo "$ms $one"
	done | sort -n | cut -d ' ' -f 2
}

# sources_of FILE: itself, if it is a source, and those that include it, tests among them, directly or by a header
sources_of() {
	case $1 in
	*.c) echo "$1" ;;
	esac
	grep -rlF --include='*.[ch]' "#include \"$1\"" base results harness analysis guest fleet command kernels bench conform tests | while read -r includer; do
		sources_of "$includer"
	done
}

# object_of SOURCE
object_of() {
	awk -F "$tab" -v source="$1" '$1 == source { print $2; exit }' "$folder/compile"
}

# Archive mutant.a: all objects, but those in folder "mutant" replace those of the same name.
archive() {
	rm -f mutant.a
	cut -f 2 "$folder/compile" | grep -e '/lib[a-z]*_a-' | while read -r object; do
		[ ! -f "mutant/$object" ] || object=mutant/$object
		echo "$object"
	done >"$folder/objects"
	# shellcheck disable=SC2046 # names without blanks
	ar crT mutant.a $(cat "$folder/objects") 2>"$folder/log"
}

# link PROGRAM: with the mutant's object, into folder "one"
link() {
	[ ! -f "$folder/one/$1" ] || return 0
	mkdir -p "$(dirname "$folder/one/$1")"
	before=$(awk -F "$tab" -v program="$1" '$1 == program { print $2 }' "$folder/link")
	after=$(awk -F "$tab" -v program="$1" '$1 == program { print $3 }' "$folder/link" | sed "s|libfivestep-internal\.a|mutant.a|")
	[ -n "$before" ] || return 1
	[ ! -f "mutant/$1.o" ] || after=$(printf '%s' "$after" | sed "s|$1\.o|mutant/&|")
	eval "$before -o '$folder/one/$1' $after" >"$folder/log" 2>&1
}

# linked TEST: what the test needs of programs
linked() {
	case $1 in
	*.sh) link fivestep ;;
	*)
		link "$1" || return 1
		! grep -q '"FIVESTEP"' "$1.c" || link fivestep
		;;
	esac
}

# mutate FILE LINE TEXT PREFIX: in the copy
mutate() {
	cp "$1" "$folder/original.c"
	LINE=$2 TEXT=$3 PREFIX=$4 awk 'BEGIN { if (ENVIRON["PREFIX"] != "") print ENVIRON["PREFIX"] }
		FNR == ENVIRON["LINE"] + 0 { print ENVIRON["TEXT"]; next } { print }' "$folder/original.c" >"$1"
}

# compile SOURCE...: into folder "mutant"
compile() {
	rm -rf mutant
	for source in "$@"; do
		object=$(object_of "$source")
		[ -n "$object" ] || continue
		mkdir -p "mutant/$(dirname "$object")"
		command=$(awk -F "$tab" -v source="$source" '$1 == source { print $3; exit }' "$folder/compile")
		eval "$command -o 'mutant/$object'" >"$folder/log" 2>&1 || return 1
	done
	[ -d mutant ]
}

# same_code SOURCE...: as without the mutant
same_code() {
	for source in "$@"; do
		object=$(object_of "$source")
		cmp -s "mutant/$object" "$object" || return 1
	done
}

# judge ID ROOM FILE LINE WHAT TEXT PREFIX TEST...: one mutant, into the results
judge() {
	j_id=$1 j_room=$2 j_file=$3 j_line=$4 j_what=$5 j_text=$6 j_prefix=$7
	shift 7
	j_sources=$(sources_of "$j_file" | sort -u)
	j_result=survived
	j_by=
	rm -rf "$folder/one"
	mkdir "$folder/one"
	mutate "$j_file" "$j_line" "$j_text" "$j_prefix"
	# shellcheck disable=SC2086 # names without blanks
	compile $j_sources || j_result=stillborn
	cp "$folder/original.c" "$j_file"
	# shellcheck disable=SC2086
	if [ $j_result != stillborn ] && same_code $j_sources; then
		j_result=same
	elif [ $j_result != stillborn ]; then
		archive
		for j_test in $(in_order "$@"); do
			base "$j_test"
			[ "$ms" -ne 0 ] || continue
			linked "$j_test" || {
				j_result=stillborn
				break
			}
			code=0
			run_test "$j_id" "$j_test" "$folder/one" "$seconds" || code=$?
			[ "$code" -ne 0 ] || continue
			j_result=killed
			[ "$code" -ne 124 ] || j_result=hung
			j_by=$j_test
			break
		done
	fi
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$j_id" "$j_room" "$j_file" "$j_line" "$j_result" "$j_what" "$j_by" "$j_text" >>"$results"
	say "$j_result: $j_file:$j_line $j_what${j_by:+ ($j_by)}"
}

# done_already ID: it is in the results; one that is to be tried again is taken out of them
done_already() {
	if [ -n "$again" ] && grep -q "^$1$tab.*$tab$again$tab" "$results"; then
		grep -v "^$1$tab" "$results" >"$results.new" || true
		mv "$results.new" "$results"
	fi
	grep -q "^$1$tab" "$results"
}

# covered FILE: sets m_room and m_tests by the map; fails where no line fits
covered() {
	while IFS=$tab read -r m_room m_glob m_tests; do
		case $m_room in '' | '#'*) continue ;; esac
		# shellcheck disable=SC2254 # a pattern
		case $1 in $m_glob) return 0 ;; esac
	done <build-aux/mutants.map
	return 1
}

# All mutants of the rooms, so many of each: those whose text has the least hash with the seed, which stay the same when other lines change.
draw() {
	cut -f 1 "$folder/compile" | grep -v -e '^tests/' -e '^examples/' -e '/main\.c' -e '/registry\.c' | while read -r file; do
		covered "$file" || die "no line of build-aux/mutants.map fits $file"
		[ "$m_room" != - ] || continue
		case " ${room:-$m_room} " in *" $m_room "*) ;; *) continue ;; esac
		# shellcheck disable=SC2254
		case $file in $file_pattern) awk -f build-aux/mutants.awk "$file" | sed "s/^/$m_room$tab/" ;; esac
	done | awk -F "$tab" -v seed="$seed" '
		BEGIN { for (i = 1; i < 256; i++) value[sprintf("%c", i)] = i }
		{
			text = $1 "\t" $2 "\t" $4 "\t" $5
			times[text]++
			text = text "\t" times[text]
			hash = seed % 2147483646 + 1
			for (i = 1; i <= length(text); i++)
				hash = (hash * 16807 + value[substr(text, i, 1)]) % 2147483647
			for (i = 0; i < 6; i++)
				hash = hash * 48271 % 2147483647
			printf "%s\t%010d\t%s\n", $1, hash, substr($0, length($1) + 2)
		}' | LC_ALL=C sort -s -t "$tab" -k 1,2 | awk -F "$tab" -v count="$count" '++n[$1] <= count' | cut -f 3-
}

sample() {
	draw >"$folder/drawn"
	n=$(grep -c . "$folder/drawn" || true)
	[ "$n" -gt 0 ] || die "no mutant of ROOM='$room' FILE='$file_pattern'"
	while IFS=$tab read -r file line what text; do
		covered "$file"
		id=$(printf '%s\t%s\t%s\t%s' "$file" "$line" "$what" "$text" | cksum | tr ' ' -)
		echo "$id" >>"$folder/ids"
		! done_already "$id" || continue
		# shellcheck disable=SC2086
		judge "$id" "$m_room" "$file" "$line" "$what" "$text" "" $m_tests
	done <"$folder/drawn"
}

# ---- rules

# What replaces a rule that is removed.
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
	rm -rf "$folder/rules"
	mkdir "$folder/rules"
	awk -v DIR="$folder/rules" -v ONLY= -f tests/round/rules.awk tests/round/rules.lies
	touch "$folder/rules/elsewhere"
	build-aux/rules.sh >"$folder/drawn"
	while IFS=$tab read -r file line rule; do
		# shellcheck disable=SC2254
		case $file in ${rules#all}*) ;; *) continue ;; esac
		program=$(RULE="$file$tab$rule" awk -F "$tab" '$1 "\t" $2 == ENVIRON["RULE"] { print $3; exit }' "$folder/rules/elsewhere")
		id=rule-$(printf '%s' "$file$tab$rule" | cksum | tr ' ' -)
		echo "$id" >>"$folder/ids"
		! done_already "$id" || continue
		text=$(removed "$rule" "$(sed -n "${line}p" "$file")") || {
			say "cannot remove $file:$line $rule"
			continue
		}
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
	awk -F "$tab" -v known="$top/build-aux/mutants.known" '
	# What a line does, whatever its indentation.
	function bare(text) {
		gsub(/^[ \t]+|[ \t]+$/, "", text)
		return text
	}
	BEGIN {
		while ((getline line <known) > 0) {
			if (line !~ /^#/ && split(line, field, "\t") == 4)
				reason[field[1], field[2], field[3]] = field[4]
		}
	}
	NR == FNR { wanted[$1] = 1; next }
	$1 in wanted {
		n[$2, $5]++
		rooms[$2] = 1
		all[$5]++
		if ($5 == "survived") {
			why = reason[$3, $6, bare($8)]
			explained += why != ""
			survivors[++s] = $2 "\t" $3 ":" $4 "\t" $6 "\t" $8 (why != "" ? "\n  explained: " why : "")
		}
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
		printf "%d of %d survivors are explained (build-aux/mutants.known)\n", explained, s
		for (i = 1; i <= s; i++)
			print "survived: " survivors[i]
	}' "$folder/ids" "$results"
}

[ -f build-aux/mutants.map ] || die "run it in the source tree"
mkdir -p "$folder"
exec 9>"$folder/lock"
flock -n 9 || die "another run is at work in $folder"
touch "$results"
: >"$folder/ids"
prepare
if [ -n "$rules" ]; then
	remove_rules
else
	sample
fi
report

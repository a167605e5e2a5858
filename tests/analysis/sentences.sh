#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sentences.sh - whatever a report can say is said by one report of the tests, and not by another that has other things to say from the same source file.
# The list is made from the sources (build-aux/sentences.awk): a new sentence has no such reports until somebody makes a run in which it is false.
# What is always said, because it explains and computes nothing, is in sentences.known with the reason. The facts of the claims are not looked at here:
# claims_facts.c has them, word for word.

# shellcheck source=tests/tap.sh
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/kept.sh
. "$srcdir/tests/kept.sh"
cd "$tmp" || exit 99
known=$srcdir/tests/analysis/sentences.known
mkdir pages

# The other tests run with this program, which keeps each page that they make, as text, with what its pictures say. Their own checks are theirs.
cat >recorder <<'EOF'
#!/bin/sh
"$REAL" "$@"
status=$?
PATH=/usr/bin:/bin
folder=
last=
for word; do
	case $last in -o | --output) folder=$word ;; esac
	case $word in -o?*) folder=${word#-o} ;; --output=*) folder=${word#--output=} ;; esac
	last=$word
done
if [ "$1" = report ] && [ -f "$folder/index.html" ]; then
	find "$folder/index.html" "$folder/report.md" "$folder/data" -type f -exec cat {} + |
		sed 's/<[^>]*>//g; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g; s/\\\([][!"#$%&()*+,./:;<=>?@^_`{|}~-]\)/\1/g' >"$PAGES/$$.page"
fi
exit $status
EOF
chmod +x recorder
gnuplot_stands_in
REAL=$FIVESTEP
PAGES=$tmp/pages
export REAL PAGES

# reports_of TEST: the pages that a test of this folder makes
reports_of() {
	before=$(find pages -type f | wc -l)
	(cd "$srcdir" && FIVESTEP=$tmp/recorder PATH=$tmp/bin:$PATH sh "tests/analysis/$1" >"$tmp/$1.out" 2>&1)
	[ "$(find pages -type f | wc -l)" -gt "$before" ]
	ok $? "$1 makes reports"
}
for test in report_words.sh pictures.sh zeros.sh report_model.sh; do
	reports_of $test
done
# made NAME KEY=VALUE...: a run of gallery_run.awk
made() {
	made_name=$1
	shift
	for made_arg; do
		set -- "$@" -v "$made_arg"
		shift
	done
	awk "$@" -f "$srcdir/tests/analysis/gallery_run.awk" >"$made_name.jsonl"
}
# said_by NAME STATUS ARGS...: a report of this test's own
said_by() {
	said_name=$1
	said_status=$2
	shift 2
	PATH=$tmp/bin:$PATH ./recorder report "$@" -o "$said_name" >"$said_name.out" 2>&1
	is $? "$said_status" "a report on $said_name"
}
made gallery
made base rounds=13 id=base 'only=flat|ratio|parts|lone'
made slow rounds=13 id=slow factor=1.1 'only=flat|ratio|parts|lone'
made counted clock=instructions
made wrong only=wrong
made crowd crowd=1 rounds=13
made slow-crowd crowd=1 rounds=13 id=slow factor=1.2
said_by everything 4 gallery.jsonl
said_by counts 4 counted.jsonl
said_by "what went wrong" 4 wrong.jsonl
said_by "a change" 0 --base base.jsonl slow.jsonl
said_by "more than there is room for" 0 --base crowd.jsonl slow-crowd.jsonl
# Beneath a bar of a program: what was counted to be nothing is nothing, and what was not counted is not.
beneath=$(cat "more than there is room for/data/"*programs*)
has "$beneath" "no fault, no byte" "a program without faults and bytes has none"
has "$beneath" "not counted" "one of which nobody counted them has not none"
said_by "several runs" 4 gallery.jsonl counted.jsonl
cp "$srcdir"/tests/runs/*.jsonl .
said_by "another machine" 0 conform.jsonl skips.jsonl
# What a model says of programs that take longer than their events.
awk -v kind=model -f "$srcdir/tests/analysis/predict_run.awk" >model.jsonl
awk -v kind=programs -v slow=2 -f "$srcdir/tests/analysis/predict_run.awk" >slow-programs.jsonl
said_by "what is not explained" 0 slow-programs.jsonl --model model.jsonl
# A model whose rounds are so far apart that no way can be told from another.
awk '/^{"type":"round"/ && match($0, /"samples":\[[0-9.]+/) {
	round = $0
	sub(/.*"round":/, "", round)
	$0 = substr($0, 1, RSTART + 10) substr($0, RSTART + 11, RLENGTH - 11) * (round % 2 ? 0.1 : 1.9) substr($0, RSTART + RLENGTH)
}
{ print }' model.jsonl >vague.jsonl
printf 'program solver\nregion a 256K\nphase fill host writes=a time=10s\nphase use device reads=a after=fill time=10s\n' >solver.profile
said_by "what cannot be told" 0 slow-programs.jsonl --model vague.jsonl --program solver.profile
# A gnuplot that fails.
# shellcheck disable=SC2016 # the dollar is the stand-in's
printf '#!/bin/sh\n[ "$1" = --version ]\n' >bin/gnuplot
said_by "pictures that cannot be drawn" 99 wrong.jsonl

(cd "$srcdir" && awk -f build-aux/sentences.awk analysis/report/*.c analysis/draw/*.c analysis/model/*_picture.c) >sentences
# Prints a problem a line: of what can be said, and of what is known.
cat >look.awk <<'EOF'
BEGIN { FS = "\t" }
FILENAME == "sentences" {
	file[++n] = $1
	line[n] = $2
	text[n] = $3
	next
}
FILENAME == "known" {
	if (/^#/ || /^$/)
		next
	reason[$1] = $2
	next
}
FNR == 1 { pages++ }
{
	for (i = 1; i <= n; i++)
		if (!((i, pages) in on) && index($0, text[i])) {
			on[i, pages] = 1
			said[i]++
			has[file[i], pages] = 1
		}
}
END {
	for (i = 1; i <= n; i++) {
		unsaid = 0
		for (p = 1; p <= pages; p++)
			unsaid += (file[i], p) in has && !((i, p) in on)
		what = !said[i] ? "never said" : !unsaid ? "always said" : ""
		if (what != "" && !(text[i] in reason))
			print what ": " file[i] ":" line[i] ": " text[i]
		if (what == "" && text[i] in reason)
			print "known, but both said and not said: " text[i]
		told[text[i]] = 1
	}
	for (t in reason) {
		if (!(t in told))
			print "known, but in no source: " t
		if (reason[t] == "")
			print "known without a reason: " t
	}
}
EOF
cp "$known" known
awk -f look.awk sentences known pages/*.page >problems
is "$(cat problems)" "" "each of $(wc -l <sentences | tr -d ' ') sentences is said where it is true, and not where it is false"

# The check itself: a sentence that no report says, one that all say, and one that is known and gone.
printf 'analysis/draw/new.c\t1\tno run has this\nanalysis/report/findings.c\t1\tchecks held that what was measured really happened.\n' >>sentences
printf 'no source has this\tinvented\n' >>known
awk -f look.awk sentences known pages/*.page >problems
has "$(cat problems)" "never said: analysis/draw/new.c:1: no run has this" "a sentence that no report says is a problem"
has "$(cat problems)" "known, but in no source: no source has this" "so is a reason for one that is gone"
done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fivestep history site: the pages of made-up histories. Every link leads to a page, nothing needs a script or another server, texts are no markup, and
# each sentence is said only where it is true.
. "${srcdir:-.}/tests/tap.sh"
cd "$tmp" || exit 99

# make_runs FOLDER KEY=VALUE...: see tests/analysis/history_runs.awk
make_runs() {
	make_folder=$1
	shift
	mkdir -p "$make_folder"
	make_n=$#
	for make_arg; do
		set -- "$@" -v "$make_arg"
	done
	shift $make_n
	awk -v dir="$make_folder" "$@" -f "$srcdir/tests/analysis/history_runs.awk"
}

# Links that lead nowhere, or out of the site: a line each.
lost_links() {
	grep -roE ' (href|src)="[^"]*"' "$1" --include='*.html' --include='*.xml' | sed 's/[^/]*: [a-z]*="//; s/"$//; s,/[a-z]*/\.\./,/,' | sort -u | while read -r link; do
		[ -f "$link" ] || echo "$link"
	done
}
# The page of a series or a change: its file, by what its title begins with.
page_of() {
	grep -lE "<h1>$2" "$1"/*/*.html | head -n 1
}

# ---- a history with changes

make_runs many n=60 changes=40:1.1 kernel_at=40 noise=0.5
fs 0 "60 runs" history add --db many.db many/*.jsonl
fs 64 "a site without a folder" history site --db many.db
has "$err" "-o DIR, the folder to write to, is missing" "is told what is missing"
fs 0 "a site" history site --db many.db -o site
has "$err" "60 runs, 4 series" "says what it is of"
has "$err" " 0 as they were, 0 old ones removed" "and that all of it is new"
first=$(cat site/index.html)
has "$first" '<p class="verdict no">1 worse</p>' "the verdict is first"
has "$first" "60 runs, 4 series, from 2025-01-01 to 2025-03-04, on machine 00112233aabbcc02, clock monotonic." "with what it is of"
lacks "$first" "too few runs" "and no more, as all can be decided"
has "$(sed -n '/Newest changes/,/All series/p' site/index.html)" "kernel 6.12.1 -&gt; 6.13.0" "then the change, with what differed"
is "$(grep -c '<svg class="spark" role="img"' site/index.html)" 4 "a sparkline for each series"
has "$(grep -m 1 '<tr><td class="name">' site/index.html)" "moving/hmm/emu/size=1M/touch" "the one that changed is the first"
is "$(lost_links site)" "" "every link leads to a file of the site"
is "$(grep -rlE '<script|https?://|url\(|@import' site --include=*.html --include=*.css)" "" "nothing needs a script or another server"
is "$(find site/series -name '*.html' | wc -l | tr -d ' ')" 4 "a page for each series"
is "$(find site/run -name '*.html' | wc -l | tr -d ' ')" 60 "a page for each run"
moving=$(cat "$(page_of site/ 'moving.*touch')")
has "$moving" "lower is better" "a series says which way is better"
has "$moving" "<b>emulated</b>" "and that its device is emulated"
has "$moving" '>worse +' "its picture marks the change"
has "$moving" "kernel 6.12.1 -&gt; 6.13.0" "its table says what differed"
still=$(cat "$(page_of site/ 'still.*touch')")
has "$still" "The level never changed." "one that did not change says so"
lacks "$moving" "The level never changed." "which the other does not"
has "$(cat "$(page_of site/ 'still.*faults')")" "a count that should never change" "a count is said to be one"
change=$(cat "$(page_of site/ '2025-02-1[0-9]: 1 worse')")
has "$change" "the last run of the old level" "a change has its two runs"
has "$change" '<td class="name">kernel</td><td>factor</td><td class="name">6.12.1</td><td class="name">6.13.0</td>' "the table of what differed"
has "$change" "Of 4 metrics," "and the runs compared from their files"
lacks "$change" "Not compared" "which are there"
run=$(cat "$(page_of site/ 'Run 2025-02-13')")
has "$run" "commit40" "a run has its commit"
has "$run" "Values furthest from their level" "and its values that are far from the rest"
has "$(cat "$(page_of site/ 'Run 2025-01-01')")" "It is the first run of this machine under this clock." "the first run has none before"
has "$(cat "$(page_of site/ 'Run 2025-01-02')")" "No series changes its level with this run." "a run without a change says so"
lacks "$(cat "$(page_of site/ 'Run 2025-01-02')")" "It is the first run" "and is not the first"
has "$(cat site/runs.html)" "60 runs, the newest first" "the runs are listed"
has "$(cat site/changes.html)" "1 change in 1 place" "and the changes"

# ---- the feed

if command -v xmllint >/dev/null 2>&1; then
	xmllint --noout site/feed.xml 2>said
	is "$(cat said)" "" "the feed is XML"
	for path in 'count(/*[local-name()="feed"]/*[local-name()="id"])' 'count(//*[local-name()="entry"])' 'count(//*[local-name()="entry"]/*[local-name()="id"])' \
		'count(//*[local-name()="entry"]/*[local-name()="updated"])' 'count(//*[local-name()="entry"]/*[local-name()="title"])'; do
		is "$(xmllint --xpath "$path" site/feed.xml)" 1 "Atom: $path is 1"
	done
	has "$(xmllint --xpath 'string(//*[local-name()="entry"]/*[local-name()="content"])' site/feed.xml)" "moving/hmm/emu/size=1M/touch" "the entry names the series"
else
	skip "xmllint is not installed (Debian: apt install libxml2-utils)" 7
fi

# ---- again, with more runs, and old pages

fs 0 "the same site again" history site --db many.db -o site
has "$err" "; 0 files written," "writes nothing"
make_runs many n=61 from=60 noise=0.5
fs 0 "one more run" history add --db many.db many/run0060.jsonl
sed 's/moving/former/' site/series/moving*touch*.html >site/series/former.html
echo mine >site/series/mine.html
cp site/series/former.html site/former.txt
fs 0 "the site after one more run" history site --db many.db -o site
has "$err" ", 1 old ones removed" "removes the page that no longer belongs to it"
[ -f site/series/mine.html ] && [ -f site/former.txt ]
ok $? "and nothing that is not its own"
rm site/series/mine.html
is "$(lost_links site)" "" "every link still leads to a file"
is "$(find site -name '*.html.*')" "" "no part of a file is left"
mv many/run0039.jsonl gone.jsonl
mv many/run0040.jsonl gone2.jsonl
fs 0 "a site whose run files are gone" history site --db many.db -o site
has "$(cat "$(page_of site/ '2025-02-1[0-9]: 1 worse')")" "run0039.jsonl: No such file" "says that the runs cannot be compared"
fs 0 "a change that is accepted" history baseline --db many.db accepted latest
fs 0 "a site since then" history site --db many.db --since accepted -o site
has "$(cat site/index.html)" '<p class="verdict yes">nothing got worse</p>' "says that nothing got worse"
has "$(cat "$(page_of site/ 'Run 2025-03-05')")" '<th scope="row">baseline</th><td class="name">accepted</td>' "and which run was accepted"
fs 0 "a part of the series" history site --db many.db -o part 'still*'
is "$(find part/series -name '*.html' | wc -l | tr -d ' ')" 2 "is a site of those"
has "$(cat part/changes.html)" "No series has changed its level." "which have no change"
has "$(cat part/index.html)" "nothing got worse" "and got no worse"

# ---- few runs, a drift, two machines

make_runs few n=4
fs 0 "4 runs" history add --db few.db few/*.jsonl
fs 0 "have a site" history site --db few.db -o few.site
has "$(cat few.site/index.html)" "too few runs to decide" "that does not say that nothing got worse"
lacks "$(cat few.site/index.html)" "nothing got worse" "as nobody knows"
has "$(cat few.site/series/moving*touch*)" "Too few runs to decide: 6 are needed" "nor does a series"
fs 3 "a site of no history" history site --db none.db -o none
make_runs drift n=120 drift=0.001 from_drift=40
fs 0 "a drift" history add --db drift.db drift/*.jsonl
fs 0 "has a site" history site --db drift.db -o drift.site
drift=$(cat "$(page_of drift.site/ '.*by a drift')")
has "$drift" "no single run made that" "on which no run is to blame"
lacks "$drift" "the last run of the old level" "and no two runs are compared"
has "$(cat drift.site/index.html)" "% a run" "with its slope"
make_runs two n=8
make_runs other n=8 cpus=4 changes=0:2
fs 0 "two machines" history add --db two.db two/*.jsonl other/*.jsonl
fs 0 "have one site" history site --db two.db -o two.site
is "$(find two.site/series -name '*.html' | wc -l | tr -d ' ')" 8 "with a page for each series of each"
has "$(cat two.site/index.html)" "<small>00112233aabbcc04, monotonic</small>" "and the machine at each"
lacks "$(cat two.site/index.html)" ", on machine" "and not as if there was one"
has "$(cat few.site/index.html)" ", on machine 00112233aabbcc02" "as is said where there is one"
lacks "$(cat few.site/index.html)" "<small>00112233aabbcc02" "and not at each series then"

# ---- many series: several pages

awk 'BEGIN { for (c = 0; c < 700; c++) printf("{\"type\":\"round\",\"round\":0,\"cell\":%d,\"bench\":\"b%0300d\",\"kind\":\"benchmark\",\"setup\":\"hmm\",\"device\":\"emu\",\"params\":{},\"set\":[],\"verdict\":\"ok\",\"metrics\":{\"touch\":{\"unit\":\"ns\",\"better\":\"lower\",\"samples\":[%d]}},\"steps\":[],\"evidence\":[]}\n", c, c, c + 5) }' >rounds
sed '1q' few/run0000.jsonl >wide.jsonl
cat rounds >>wide.jsonl
fs 0 "700 series" history add --db wide.db wide.jsonl
fs 0 "have several pages" history site --db wide.db -o wide.site
[ -f wide.site/index-2.html ]
ok $? "the second is there"
is "$(find wide.site -type f -size +976k)" "" "none has a megabyte"
is "$(cat wide.site/index*.html | grep -c '<svg class="spark"')" 700 "every series is on one of them"
is "$(lost_links wide.site)" "" "they lead to each other"

# ---- texts that are markup, terminal escapes, quotes and turned writing

# shellcheck disable=SC2016 # nothing in it is for the shell
nasty='=1+1\u001b[2J\r\u202e\ufffe\u0085\u2028\"<b>&amp;'"'"'`x`[l](http://evil.example)]]></script><script>alert(1)</script>\n\t\u00fc/../../up'
to=$(printf '%s' "$nasty" | sed 's/[\\&|]/\\&/g')
make_runs nasty n=14 changes=8:1.5 noise=0 kernel_at=8
for file in nasty/*.jsonl; do
	sed -i "s|\"moving\"|\"$to\"|g; s|\"hmm\"|\"+$to\"|g; s|\"touch\"|\"-$to\"|g; s|\"ns\"|\"$to\"|g; s|\"made up\"|\"$to\"|g; s|\"monotonic\"|\"$to\"|g; s|\"commit\([0-9]\)|\"$to\1|g
		s|\"6.1\([0-9]\)|\"$to\1|g; s|\"id\":\"0|\"id\":\"$to|; s|00112233aabbcc|$to|" "$file"
done
fs 0 "hostile runs" history add --db nasty.db nasty/*.jsonl
fs 0 "with a hostile note" history annotate --db nasty.db nasty/run0008.jsonl '*' --why "$(printf '<b>\033[2J"&')"
fs 0 "have a site" history site --db nasty.db -o nasty.site
find nasty.site -type f | while read -r file; do
	LC_ALL=C tr -d '\t\n -~\200-\377' <"$file" | od -An -c
	iconv -f UTF-8 -t UTF-8 -o /dev/null "$file" 2>&1
	LC_ALL=C grep -l "$(printf '\302[\200-\237]\\|\342\200[\250-\256]\\|\357\277\276')" "$file"
done >left
is "$(cat left)" "" "no file has a control character, half a letter, or hidden or turned writing"
is "$(find nasty.site -type f | grep -cvE '^nasty.site/[a-z]+(/[a-z0-9-]+)?(-[0-9]+)?\.(html|css|xml)$')" 0 "no name of a file has anything but letters, digits and dashes"
is "$(lost_links nasty.site)" "" "every link leads to a file of the site"
if command -v xmllint >/dev/null 2>&1; then
	find nasty.site -name '*.html' | while read -r page; do
		xmllint --html --noout "$page" 2>&1 | grep 'error :' | grep -v 'Tag [a-z]* invalid'
		xmllint --html --xpath '//i|//script|//a[starts-with(@href,"http") or starts-with(@href,"/")]|//b[not(@class) and . != "emulated" and not(contains(., "expected"))]' "$page" 2>/dev/null
	done | grep -v '^<b>[0-9]*</b>$' >said
	is "$(cat said)" "" "each page is HTML, and no text is markup on it"
	xmllint --noout nasty.site/feed.xml 2>said
	is "$(cat said)" "" "the feed is XML"
	is "$(xmllint --xpath 'count(//*[local-name()="b" or local-name()="script"])' nasty.site/feed.xml)" 0 "with no text that is markup"
else
	skip "xmllint is not installed (Debian: apt install libxml2-utils)" 3
fi

# ---- where it cannot write

touch file
fs 64 "a folder that is a file" history site --db few.db -o file
has "$err" "file: Not a directory" "is named"
fs 64 "a folder below a file" history site --db few.db -o file/site
fs 64 "a folder in one that is missing" history site --db few.db -o missing/site
has "$err" "what to do: create the folder above it" "is told what to do"
# A page of each kind that cannot be written: where it should be is a folder.
make_runs broken n=20 changes=10:1.5 noise=0.2
fs 0 "runs of a site" history add --db broken.db broken/*.jsonl
fs 0 "whose pages can be written" history site --db broken.db -o broken.site
for page in index.html changes.html runs.html feed.xml style.css $(cd broken.site && for folder in change series run; do find $folder -type f | LC_ALL=C sort | sed '1!d'; done); do
	rm -f "broken.site/$page"
	mkdir "broken.site/$page"
	touch "broken.site/$page/full"
	fs 64 "a site of which $page cannot be written" history site --db broken.db -o broken.site
	has "$err" "$page" "names $page"
	rm -r "broken.site/$page"
done
fs 0 "the same site, all of which can be written again" history site --db broken.db -o broken.site
is "$(lost_links broken.site)" "" "is whole"

# ---- values beside which a step of the axis adds nothing: the next number after 1e17 is 16 more

make_runs large n=8 noise=0
for k in 0 1 2 3 4 5 6 7; do
	sed -i "s/\"samples\":\[[0-9.]*\]/\"samples\":[$((100000000000000000 + 16 * (k % 2)))]/g" "large/run000$k.jsonl"
done
fs 0 "runs of large counts" history add --db large.db large/*.jsonl
fs 0 "their site, whose axes end" history site --db large.db -o large.site

done_testing

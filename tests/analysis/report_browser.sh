#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The report in a browser (headless Chromium), wide and as narrow as a phone, light and dark: every picture is on the page and has a size and a text,
# nothing is cut or over something else, nothing scrolls sideways but what is in a frame, headings are in order, contrast is that of WCAG AA, nothing is
# on the console. Each check is seen to fail on a page that is broken on purpose.
. "${srcdir:-.}/tests/tap.sh"
command -v gnuplot >/dev/null || skip_all "no pictures: install gnuplot (Debian: apt install gnuplot-nox)"
# shellcheck source=tests/analysis/browser.sh
. "$srcdir/tests/analysis/browser.sh"
runs=$srcdir/tests/runs

fs 4 "a report" report "$runs/mixed.jsonl" "$runs/plots.jsonl" -o "$tmp/report"
page=$tmp/report/index.html
fs 0 "a report of what is published" report "$srcdir/results/published/programs.jsonl" "$srcdir/results/published/guest.jsonl" -o "$tmp/published"
looks_right "the reports" "$page" "$tmp/published/index.html"
browse "$page" 1200 light --screenshot="$tmp/page.png" >/dev/null
is "$(grep CONSOLE "$tmp/said")" "" "nothing is on the console"
# A page of one colour is some 10 kB.
[ "$(wc -c <"$tmp/page.png")" -gt 30000 ]
ok $? "and the picture of it shows something"
size=$(wc -c <"$page")
[ "$size" -lt 3000000 ]
ok $? "the page is smaller than 3 MB ($size bytes)"
# A picture that is no XML has no size.
{
	for picture in "$tmp"/report/*.svg; do echo "<img src=\"$(basename "$picture")\" alt=\"\">"; done
	echo '<script>addEventListener("load", () => document.write("BEGIN " + [...document.images].map(i => i.naturalWidth ? "" : i.src).join("") + " END"))</script>'
} >"$tmp/report/pictures.html"
has "$(browse "$tmp/report/pictures.html" 1200 light --dump-dom)" "BEGIN  END" "each picture by itself is one"
echo '<svg' >"$tmp/report/stack-1.svg"
has "$(browse "$tmp/report/pictures.html" 1200 light --dump-dom)" "/stack-1.svg END" "one that is none is found"

# ---- what is broken on purpose

# broken NAME WIDTH SED WHAT: a page that is broken that way; what must be found is in a list, as a browser takes long to start
mkdir "$tmp/broken"
broken() {
	sed "$3" "$page" >"$tmp/broken/$1.html"
	printf '%s %s: %s\n' "$1.html" "$2" "$4" >>"$tmp/wanted"
}
title=$(grep -m 1 -A 400 '<figure' "$page" | grep -m 1 -o '<text>[^<]*' | sed 's/<text>//')
broken hidden 400 '0,/<svg role/s//<svg style="display:none" role/' "picture 1 is empty"
broken missing 400 '0,/<figure tabindex="0">/s//<figure hidden><!--/; 0,/<\/figure>/s//--><\/figure>/' "14 pictures of 15"
broken text 400 '0,/<svg role="img" aria-label="/s//<svg role="img" data-label="/' "picture 1 has no text"
broken wide 400 's/max-width:76rem/min-width:76rem/' "the page is"
broken heading 400 '0,/<h2/s//<h4/' '"In short" is of level 4 after 1'
broken pale 400 's/--ink:#222/--ink:#aaa/' "too pale: p"
broken edge 400 's/font-size="13.00"/font-size="60"/' "cut in picture"
broken over 400 's/font-size="13.00"/font-size="60"/' "in picture 1"
broken frame 400 's/border:1px solid var(--rule);border-radius:6px/border-radius:6px/g' "scrolls without a frame"
broken keys 400 's/<figure tabindex="0">/<figure>/' "cannot be scrolled by keys: figure"
broken table 1200 's/overflow-wrap:break-word/white-space:nowrap/' "scrolls at 1200"
broken cut 400 's/<main>/<main><p style="overflow:hidden;white-space:nowrap;max-width:9rem">much too long to be shown on a line of its own<\/p>/' "cut: p"
broken twice 400 "0,/<figure tabindex/s//<h2>$title<\/h2><figure tabindex/" "said twice: h2"
wrong light "400 1200" "$tmp"/broken/*.html >"$tmp/found"
while read -r line; do
	has "$(cat "$tmp/found")" "$line" "a page that is broken is found out: $line"
done <"$tmp/wanted"
sed 's/<\/body>/<script>nothing.there()<\/script><\/body>/' "$page" >"$tmp/broken/index.html"
browse "$tmp/broken/index.html" 1200 light --screenshot="$tmp/broken.png" >/dev/null
has "$(grep CONSOLE "$tmp/said")" "nothing is not defined" "an error of a script is found"

done_testing

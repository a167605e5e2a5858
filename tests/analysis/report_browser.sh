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
awk -v kind=model -f "$srcdir/tests/analysis/model_gallery.awk" >"$tmp/model.jsonl"
awk -v kind=programs -f "$srcdir/tests/analysis/model_gallery.awk" >"$tmp/programs.jsonl"
awk -v only="load|apart|paged|flat" -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >"$tmp/curves.jsonl"
printf 'program p\nregion a 64K\nphase use device reads=a\n' >"$tmp/app.profile"
"$FIVESTEP" report "$tmp/programs.jsonl" "$tmp/curves.jsonl" --model "$tmp/model.jsonl" --program "$tmp/app.profile" -o "$tmp/answers" >"$tmp/said" 2>&1
has "$(sed 's/<[^>]*>//g' "$tmp/answers/index.html")" "Certain: " "a report with answers beneath titles, and what a model says ($(cat "$tmp/said"))"
awk -v wide=1 -f "$srcdir/tests/analysis/gallery_run.awk" | grep -v '"type":"later"' >"$tmp/wide.jsonl"
"$FIVESTEP" report "$tmp/wide.jsonl" -o "$tmp/wide" >"$tmp/said" 2>&1
is "$(sed -n '/^### Which way of sharing suits which/,/^### The claims/p' "$tmp/wide/report.md" | grep -c '^| program |')" 3 "a report of 21 ways has a table for each device on its first screen"
is "$(sed -n '/^| program |.*softdev/,/^$/p' "$tmp/wide/report.md" | grep -c '^| wide')" 2 "with all programs"
looks_right "the reports" "$page" "$tmp/published/index.html" "$tmp/answers/index.html" "$tmp/wide/index.html"
# Without its script the page has everything, and looks right as well.
sed '/<script type="module">/,/<\/script>/d' "$tmp/published/index.html" >"$tmp/published/plain.html"
lacks "$(cat "$tmp/published/plain.html")" "addEventListener" "a page without its script"
looks_right "a report without its script" "$tmp/published/plain.html"

# ---- what the script does: driven as a reader would, and what is then seen

# driven NAME ACTIONS: the page's text NAME after these lines of JavaScript, in which say() adds to it
driven() {
	sed '/<\/body>/d; /<\/html>/d' "$tmp/published/index.html" >"$tmp/published/driven.html"
	cat >>"$tmp/published/driven.html" <<EOD
<pre id="driven"></pre><script type="module">
const all = what => [...document.querySelectorAll(what)], say = t => document.getElementById('driven').textContent += t + '\\n';
const choose = (label, value) => { const e = document.querySelector('select[aria-label="' + label + '"]'); e.value = value; e.dispatchEvent(new Event('change')); };
const seen = what => all(what).filter(e => e.getClientRects().length);
all('details').forEach(d => d.open = true);
$1
</script></body></html>
EOD
	browse "$tmp/published/driven.html" 1200 light --virtual-time-budget=10000 --dump-dom | sed -n '/<pre id="driven">/,/<\/pre>/p' | sed 's/<[^>]*>//g; /^$/d'
}
is "$(driven "const table = all('.table table').find(t => t.tHead.textContent.includes('times the best')), at = [...table.tHead.rows[0].cells].findIndex(h => h.textContent == 'times the best');
const ratios = () => [...table.tBodies[0].rows].map(r => +r.cells[at].textContent), rises = v => v.every((x, i) => !i || x >= v[i - 1]);
const before = ratios().join(), button = table.tHead.rows[0].cells[at].firstChild;
button.click(); say(rises(ratios()) + ' ' + button.parentElement.getAttribute('aria-sort'));
button.click(); say(rises(ratios().reverse()) + ' ' + button.parentElement.getAttribute('aria-sort'));
button.click(); say((ratios().join() == before) + ' ' + button.parentElement.getAttribute('aria-sort'));")" "true ascending
true descending
true null" "a column is sorted up, down, and as it was"
cat >"$tmp/table" <<'EOD'
<div class="table"><table id="mine"><thead><tr><th>x</th></tr></thead><tbody><tr><td>abd</td></tr><tr><td>1.00 ms</td></tr><tr><td>* 2.00 us</td></tr><tr><td>Abc</td></tr>
<tr><td>999 ns</td></tr><tr><td>1e3 s</td></tr><tr><td>-5</td></tr></tbody></table></div>
EOD
cp "$tmp/published/index.html" "$tmp/kept.html"
sed -i "0,/<main[^>]*>/s//&$(tr -d '\n' <"$tmp/table" | sed 's,[/&],\\&,g')/" "$tmp/published/index.html"
is "$(driven "const table = document.getElementById('mine'), all_of = () => [...table.rows].slice(1).map(r => r.textContent).join(' '), button = table.rows[0].cells[0].firstChild;
button.click(); say(all_of()); button.click(); say(all_of()); button.click(); say(all_of());")" "-5 999 ns * 2.00 us 1.00 ms 1e3 s Abc abd
abd Abc 1e3 s 1.00 ms * 2.00 us 999 ns -5
abd 1.00 ms * 2.00 us Abc 999 ns 1e3 s -5" "by what numbers say with their units, before texts, which go by the alphabet"
cp "$tmp/kept.html" "$tmp/published/index.html"
is "$(driven "const every = seen('tbody tr').length;
choose('setup', 'hmm'); const some = seen('tbody tr').length;
say(some > 0 && some < every); say(document.querySelector('.count').textContent.startsWith(some + ' of'));
say(seen('tbody tr').some(r => [...r.cells].slice(0, 3).some(c => /^(copy|cdm|hmm-prefetch)$/.test(c.textContent))));
say(seen('.grid th').map(h => h.textContent).filter(h => / on /.test(h)).every(h => h.startsWith('hmm on ')));
choose('setup', ''); say(seen('tbody tr').length == every); say('count:' + document.querySelector('.count').textContent);")" "true
true
false
true
true
count:" "a setup alone is shown, and everything again"
is "$(driven "choose('benchmark', 'triad'); say(seen('[data-bench]').length > 0 && seen('[data-bench]').every(e => e.dataset.bench == 'triad'));
choose('benchmark', ''); say(new Set(seen('[data-bench]').map(e => e.dataset.bench)).size > 1);")" "true
true" "a benchmark alone"
is "$(driven "const first = all('.grid')[0]; choose('ratios of another run', '2');
say(all('.grid')[1].querySelectorAll('.beside').length);
say([...first.querySelectorAll('.beside')].map(e => e.textContent.trim()).join('; '));
choose('ratios of another run', '1'); say([...all('.grid')[1].querySelectorAll('.beside')].some(e => / run 1: 1( |$)/.test(e.textContent)));
choose('ratios of another run', ''); say(all('.beside').length);")" "0
run 2: 1.09 (on dmirror); run 2: 2.36 (on dmirror); run 2: 2.25 (on dmirror)
true
0" "another run's ratios stand beside those of each, and none beside its own"
is "$(driven "const link = document.querySelector('.grid a'), tip = document.querySelector('.tip');
say(tip.hidden); link.focus(); say(tip.hidden + ' ' + tip.querySelectorAll('circle').length + ' ' + /^10 rounds, [0-9.e+]+ to [0-9.e+]+ ns$/.test(tip.textContent));
const values = [...document.getElementById(link.getAttribute('href').slice(1).replace(/^row/, 'rounds')).cells].pop().textContent.trim().split(' ').map(Number);
say(tip.textContent.includes(Math.min(...values) + ' to ' + Math.max(...values) + ' '));
link.blur(); say(tip.hidden);
link.dispatchEvent(new Event('mouseenter')); say(tip.hidden); dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'})); say(tip.hidden);")" "true
false 10 true
true
true
false
true" "a number shows its rounds, by pointer and by keys"
# The tip goes with the pointer and with the focus, and is inside the window wherever the number is: at each edge and in the corners.
is "$(driven "const link = document.querySelector('.grid a'), tip = document.querySelector('.tip');
link.dispatchEvent(new Event('mouseenter')); say(tip.hidden); link.dispatchEvent(new Event('mouseleave')); say(tip.hidden);
link.focus(); say(tip.hidden); link.blur(); say(tip.hidden);
const far = [];
link.style.position = 'fixed';
for (const [x, y] of [[0, 0], [innerWidth - 20, 0], [0, innerHeight - 20], [innerWidth - 20, innerHeight - 20], [-30, innerHeight / 2], [innerWidth + 30, innerHeight / 2], [innerWidth / 2, innerHeight / 2]]) {
	link.style.left = x + 'px'; link.style.top = y + 'px'; link.dispatchEvent(new Event('mouseenter'));
	const r = tip.getBoundingClientRect(), l = link.getBoundingClientRect();
	if (r.left < 0 || r.top < 0 || r.right > innerWidth || r.bottom > innerHeight) far.push('out at ' + x + ' ' + y);
	if (r.top < l.bottom && r.bottom > l.top && r.left < l.right && r.right > l.left) far.push('over its number at ' + x + ' ' + y);
}
say('wrong:' + far.join('; '));")" "false
true
false
true
wrong:" "the tip leaves with the pointer and the focus, and is inside the window at each edge"
# A link to what is folded opens it; so do the reader's ways back and forward.
is "$(driven "const folded = all('details').filter(d => d.querySelector('[id]')).slice(0, 2), ids = folded.map(d => d.querySelector('[id]').id), turned = () => new Promise(then => addEventListener('hashchange', () => setTimeout(then), {once: true}));
folded.forEach(d => d.open = false);
const go = async act => { const done = turned(); act(); await done; say(location.hash.slice(1) == ids[0] ? 0 : 1); say(folded.map(d => d.open).join()); folded.forEach(d => d.open = false); };
await go(() => location.hash = ids[0]); await go(() => location.hash = ids[1]); await go(() => history.back()); await go(() => history.forward());")" "0
true,false
1
false,true
0
true,false
1
false,true" "a link opens what is folded, and so do the ways back and forward"
# A word that two kinds know or none: what says another setup, device or benchmark is hidden, and what says nothing of them stays.
cat >"$tmp/table" <<'EOD'
<div class="table"><table id="mine"><thead><tr><th>setup</th><th>device</th><th>cell</th><th>note</th></tr></thead><tbody><tr><td>hmm</td><td>emu</td><td>a</td><td>copy</td></tr>
<tr><td>copy</td><td>emu</td><td>b</td><td>hmm</td></tr><tr><td>-</td><td>-</td><td>c</td><td></td></tr><tr><td>copy</td><td>-</td><td>hmm, d</td><td></td></tr></tbody></table></div>
EOD
sed -i "0,/<main[^>]*>/s//&$(tr -d '\n' <"$tmp/table" | sed 's,[/&],\\&,g')/" "$tmp/published/index.html"
is "$(driven "const left = () => [...document.getElementById('mine').tBodies[0].rows].filter(r => !r.hidden).map(r => text(r)).join(), text = r => r.cells[2].textContent;
choose('setup', 'hmm'); say(left()); choose('setup', 'copy'); say(left()); choose('setup', ''); say(left());
say([...document.querySelector('select[aria-label=\"setup\"]').options].map(o => o.value).filter(v => v == '-' || v == 'hmm,').length);")" "a,c,hmm, d
b,c,hmm, d
a,b,c,hmm, d
0" "words of a cell decide what is filtered, those of a note do not"
cp "$tmp/kept.html" "$tmp/published/index.html"
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

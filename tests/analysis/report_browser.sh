#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The report in a browser (headless Chromium), wide and as narrow as a phone, light and dark: every picture is on the page and has a size, nothing
# is clipped, headings are in order, what is not text has a text, contrast is that of WCAG AA, nothing is on the console. Each check is seen to
# fail on a page that is broken on purpose.
. "${srcdir:-.}/tests/tap.sh"
runs=$srcdir/tests/runs

browser=
for candidate in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=$(command -v "$candidate") && break
done
[ -n "$browser" ] || skip_all "no browser: install Chromium (Debian: apt install chromium)"
command -v gnuplot >/dev/null || skip_all "no pictures: install gnuplot (Debian: apt install gnuplot-nox)"

# browse PAGE WIDTH DARK ARGUMENTS...: runs it; what it says goes to $tmp/said
browse() {
	browse_page=$1
	browse_width=$2
	browse_dark=$3
	shift 3
	[ "$browse_dark" = dark ] && set -- "$@" --blink-settings=preferredColorScheme=0
	timeout 60 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars --enable-logging=stderr --user-data-dir="$tmp/profile" \
		--window-size="$browse_width,2000" "$@" "file://$browse_page" 2>"$tmp/said"
}

# What is wrong with the page, a line each, between the marks.
cat >"$tmp/check.js" <<'EOC'
<script>
function luminance(c) {
	const p = c.match(/[\d.]+/g).slice(0, 3).map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
	return 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
}
function behind(e) {
	for (; e; e = e.parentElement) {
		const c = getComputedStyle(e).backgroundColor;
		if (!/, 0\)$/.test(c)) return c;
	}
	return 'rgb(255, 255, 255)';
}
window.addEventListener('load', () => {
	const wrong = [], figures = document.querySelectorAll('figure svg'), wanted = document.querySelectorAll('a[href$=".svg"]');
	if (!wanted.length || figures.length !== wanted.length) wrong.push(`${figures.length} pictures of ${wanted.length}`);
	figures.forEach((s, i) => {
		const box = s.getBoundingClientRect();
		if (box.width < 200 || box.height < 80 || !s.querySelector('path, polygon')) wrong.push(`picture ${i + 1} is empty`);
		if (!s.getAttribute('aria-label')) wrong.push(`picture ${i + 1} has no text`);
	});
	if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${innerWidth}`);
	let last = 0;
	document.querySelectorAll('h1, h2, h3, h4').forEach(h => {
		const level = +h.tagName[1];
		if (level > last + 1) wrong.push(`"${h.textContent}" is of level ${level} after ${last}`);
		last = level;
	});
	const pale = new Set();
	document.querySelectorAll('p, li, td, th, a, h1, h2, h3, figcaption, summary').forEach(e => {
		if (!e.textContent.trim()) return;
		const a = luminance(getComputedStyle(e).color), b = luminance(behind(e));
		if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) pale.add(e.tagName);
	});
	if (pale.size) wrong.push('too pale: ' + [...pale].join(' '));
	if (matchMedia('(prefers-color-scheme: dark)').matches) wrong.push('dark');
	document.body.innerHTML = '<pre>BEGIN\n' + wrong.join('\n') + '\nEND</pre>';
});
</script>
EOC

# wrong PAGE WIDTH DARK: prints what the check finds; "dark" is a line of it where the page is
wrong() {
	sed '/<\/body>/d; /<\/html>/d' "$1" >"$1.check.html"
	cat "$tmp/check.js" >>"$1.check.html"
	browse "$1.check.html" "$2" "$3" --dump-dom | sed -n '/BEGIN$/,/^END/p' | sed '1d; $d; s/&gt;/>/g'
}

fs 4 "a report" report "$runs/mixed.jsonl" "$runs/plots.jsonl" -o "$tmp/report"
page=$tmp/report/index.html

browse "$page" 1200 light --dump-dom >"$tmp/dom"
if ! grep -q '</html>' "$tmp/dom"; then
	diag=$(tail -n 3 "$tmp/said")
	tap_diag "$diag"
	skip "the browser does not run here" 1
	done_testing
fi
for width in 1200 390; do
	for mode in light dark; do
		is "$(wrong "$page" $width $mode)" "$([ $mode = light ] || echo dark)" "$width wide, $mode: nothing is wrong"
		browse "$page" $width $mode --screenshot="$tmp/$width-$mode.png" >/dev/null
		is "$(grep CONSOLE "$tmp/said")" "" "nothing is on the console"
		# A page of one colour is some 10 kB.
		[ "$(wc -c <"$tmp/$width-$mode.png")" -gt 30000 ]
		ok $? "and the picture of it shows something"
	done
done
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

broken() {
	mkdir -p "$tmp/broken"
	sed "$1" "$page" >"$tmp/broken/index.html"
	wrong "$tmp/broken/index.html" 390 light
}
has "$(broken '0,/<svg role/s//<svg style="display:none" role/')" "picture 1 is empty" "a picture that is hidden is found"
has "$(broken '0,/<figure>/s//<figure hidden><!--/; 0,/<\/figure>/s//--><\/figure>/')" "pictures of" "a picture that is missing is found"
has "$(broken '0,/<svg role="img" aria-label="/s//<svg role="img" data-label="/')" "picture 1 has no text" "a picture without a text is found"
has "$(broken 's/max-width:76rem/min-width:76rem/')" "wide, the window" "a page that is too wide is found"
has "$(broken '0,/<h2/s//<h4/')" "is of level 4 after 1" "a heading out of order is found"
has "$(broken 's/--ink:#222/--ink:#aaa/')" "too pale" "letters that are too pale are found"
sed 's/<\/body>/<script>nothing.there()<\/script><\/body>/' "$page" >"$tmp/broken/index.html"
browse "$tmp/broken/index.html" 1200 light --screenshot="$tmp/broken.png" >/dev/null
has "$(grep CONSOLE "$tmp/said")" "nothing is not defined" "an error of a script is found"

done_testing

# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh disable=SC2154 # tmp is that of tap.sh
# browser.sh - looks at pages with a headless browser: source it after tap.sh. The whole test is a skip where there is no browser, or where it does not run.
#
#   browse PAGE WIDTH light|dark ARGUMENTS...   runs the browser on a page; what it says goes to $tmp/said
#   wrong light|dark WIDTHS PAGE...             prints what is wrong with the pages, a line each: PAGE WIDTH: WHAT (check.js below)
#   looks_right NAME PAGE...                    two checks: nothing is wrong at 1200 and 400 pixels, light and dark

browser=
for candidate in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=$(command -v "$candidate") && break
done
[ -n "$browser" ] || skip_all "no browser: install Chromium (Debian: apt install chromium)"

browse() {
	browse_page=$1
	browse_width=$2
	browse_mode=$3
	shift 3
	[ "$browse_mode" = dark ] && set -- "$@" --blink-settings=preferredColorScheme=0
	timeout 300 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync \
		--hide-scrollbars --enable-logging=stderr --user-data-dir="$tmp/profile" \
		--allow-file-access-from-files --window-size="$browse_width,2000" "$@" "file://$browse_page" 2>"$tmp/said"
}

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
const short = e => `${e.tagName.toLowerCase()} "${e.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}"`;
function texts(wrong) {
	/* those that gnuplot drew are inverted as a whole in the dark */
	document.querySelectorAll('p, li, td, th, a, b, small, pre, h1, h2, h3, figcaption, summary, span.verdict, .chart text').forEach(e => {
		if (!e.textContent.trim()) return;
		const style = getComputedStyle(e), a = luminance(e.tagName == 'text' ? style.fill : style.color), b = luminance(behind(e));
		if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5) wrong.add(`too pale: ${e.tagName.toLowerCase()}`);
		if (e.tagName != 'text' && /hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1) wrong.add(`cut: ${short(e)}`);
	});
}
function pictures(wrong) {
	document.querySelectorAll('svg').forEach((s, i) => {
		const box = s.getBoundingClientRect();
		if (!s.getAttribute('aria-label')) wrong.add(`picture ${i + 1} has no text`);
		if (box.width < 60 || box.height < 15 || !s.querySelector('path, polygon')) wrong.add(`picture ${i + 1} is empty`);
		const all = [...s.querySelectorAll('text')].filter(t => t.textContent.trim()).map(t => [t, t.getBoundingClientRect()]);
		all.forEach(([t, r], j) => {
			if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1) wrong.add(`cut in picture ${i + 1}: ${short(t)}`);
			for (let k = 0; k < j; k++) {
				const q = all[k][1], w = Math.min(q.right, r.right) - Math.max(q.left, r.left), h = Math.min(q.bottom, r.bottom) - Math.max(q.top, r.top);
				if (w > 0 && h > 0 && w * h > 0.3 * Math.min(q.width * q.height, r.width * r.height)) wrong.add(`in picture ${i + 1} ${short(t)} is over ${short(all[k][0])}`);
			}
		});
	});
	document.querySelectorAll('img').forEach(e => e.hasAttribute('alt') || wrong.add('an image has no text'));
	document.querySelectorAll('figure').forEach(f => {
		const before = f.previousElementSibling, title = f.querySelector('svg text');
		if (before && title && /^H/.test(before.tagName) && before.textContent == title.textContent) wrong.add(`said twice: ${short(before)}`);
	});
}
function frames(wrong) {
	if (document.documentElement.scrollWidth > innerWidth) wrong.add(`the page is ${document.documentElement.scrollWidth} wide, the window ${innerWidth}`);
	document.querySelectorAll('body *').forEach(e => {
		const style = getComputedStyle(e);
		if (!/auto|scroll/.test(style.overflowX) || e.scrollWidth <= e.clientWidth + 1) return;
		if (innerWidth >= 1200) wrong.add(`scrolls at ${innerWidth}: ${e.scrollWidth} of ${e.clientWidth}, ${short(e)}`);
		else if (parseFloat(style.borderLeftWidth) < 1) wrong.add(`scrolls without a frame: ${e.tagName.toLowerCase()}`);
		else if (e.tabIndex < 0) wrong.add(`cannot be scrolled by keys: ${e.tagName.toLowerCase()}`);
	});
}
function headings(wrong) {
	let last = 0;
	document.querySelectorAll('h1, h2, h3, h4').forEach(h => {
		const level = +h.tagName[1];
		if (level > last + 1) wrong.add(`"${h.textContent}" is of level ${level} after ${last}`);
		last = level;
	});
}
window.addEventListener('load', () => {
	const wrong = new Set(), figures = document.querySelectorAll('figure svg:not(.chart svg)'), wanted = document.querySelectorAll('a[href$=".svg"]');
	document.querySelectorAll('details').forEach(d => d.open = true);
	if (wanted.length && figures.length !== wanted.length) wrong.add(`${figures.length} pictures of ${wanted.length}`);
	texts(wrong);
	pictures(wrong);
	frames(wrong);
	headings(wrong);
	if (matchMedia('(prefers-color-scheme: dark)').matches !== (frameElement.dataset.mode === 'dark')) wrong.add('the mode is another');
	frameElement.nextElementSibling.textContent = [...wrong].slice(0, 20).map(w => `${frameElement.title}: ${w.replace(/</g, '(')}\n`).join('');
});
</script>
EOC

# Each page in a frame of each width: a window cannot be as narrow as a phone, and a browser takes long to start.
wrong() {
	wrong_mode=$1
	wrong_widths=$2
	shift 2
	echo '<!DOCTYPE html><body>' >"$tmp/frames.html"
	for wrong_page; do
		sed '/<\/body>/d; /<\/html>/d' "$wrong_page" >"$wrong_page.check.html"
		cat "$tmp/check.js" >>"$wrong_page.check.html"
		for wrong_width in $wrong_widths; do
			printf '<iframe src="file://%s.check.html" title="%s %s" data-mode="%s" style="width:%spx;height:2000px;border:0"></iframe><pre class="said">not looked at</pre>\n' \
				"$wrong_page" "$(basename "$wrong_page")" "$wrong_width" "$wrong_mode" "$wrong_width" >>"$tmp/frames.html"
		done
	done
	browse "$tmp/frames.html" 1300 "$wrong_mode" --dump-dom >"$tmp/dom"
	grep -q '</html>' "$tmp/dom" || echo "the browser ended early: $(tail -n 1 "$tmp/said")"
	sed -n '/class="said">/,/<\/pre>/p' "$tmp/dom" | sed 's/.*class="said">//; s/<\/pre>.*//; /^$/d; s/&gt;/>/g; s/&amp;/\&/g'
	for wrong_page; do rm -f "$wrong_page.check.html"; done
}

looks_right() {
	looks_name=$1
	shift
	for looks_mode in light dark; do
		is "$(wrong $looks_mode '1200 400' "$@")" "" "$looks_name, wide and narrow, $looks_mode: nothing is wrong"
	done
}

printf '<!DOCTYPE html><title>x</title><p>here' >"$tmp/try.html"
if ! browse "$tmp/try.html" 1200 light --dump-dom | grep -q here; then
	tap_diag "$(tail -n 3 "$tmp/said")"
	skip_all "the browser $browser does not run here: see what it says above"
fi

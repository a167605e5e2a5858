#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The history site in a browser: a page of each kind, wide and as narrow as a phone, light and dark, by the checks of browser.sh, which
# report_browser.sh sees fail.
. "${srcdir:-.}/tests/tap.sh"
# shellcheck source=tests/analysis/browser.sh
. "$srcdir/tests/analysis/browser.sh"
cd "$tmp" || exit 99

mkdir runs
awk -v dir=runs -v n=60 -v changes=20:0.95,40:1.1 -v kernel_at=40 -v noise=0.5 -f "$srcdir/tests/analysis/history_runs.awk"
fs 0 "60 runs" history add --db h.db runs/*.jsonl
fs 0 "a site" history site --db h.db -o "$tmp/site"
looks_right "the pages" "$tmp/site/index.html" "$tmp/site/changes.html" "$tmp/site/runs.html" "$(find "$tmp/site/series" -name 'moving*touch*')" \
	"$(grep -l ': 1 worse</h1>' "$tmp"/site/change/*.html)" "$(grep -l '<h1>Run 2025-02-13' "$tmp"/site/run/*.html)"
sed 's/white-space:nowrap/&;color:#bbb/' "$tmp/site/style.css" >style.css && mv style.css "$tmp/site/style.css"
has "$(wrong light 400 "$tmp/site/runs.html")" "runs.html 400: too pale" "what is too pale in their style is found"

done_testing

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * style.c - the style sheet of every page; see style.h.
 */
#include "config.h"

#include "analysis/page/style.h"

/* In dark mode the brightness of pictures is inverted and hues are kept. */
const char page_style[] =
	":root{--ink:#222;--soft:#666;--rule:#d9d9d9;--paper:#fff;--wash:#f5f6f8;--link:#0b5cad;color-scheme:light dark}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e4e4;--soft:#a6a6a6;--rule:#3b3f46;--paper:#16181c;--wash:#1f2228;--link:#7db7f0}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:64rem;padding:1.5rem 1rem 4rem;font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",sans-serif;"
	"color:var(--ink);background:var(--paper)}\n"
	"h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 1rem}\n"
	"h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--rule)}\n"
	"h3{font-size:1.05rem;margin:1.75rem 0 .5rem}\n"
	"nav{font-size:.88rem}nav ul{list-style:none;margin:.5rem 0 1rem;padding:0;display:flex;flex-wrap:wrap;gap:.35rem 1.1rem}nav "
	".l1{font-weight:600;flex-basis:100%}\n"
	"p{max-width:46rem;overflow-wrap:anywhere}a{color:var(--link)}\n"
	".table{overflow-x:auto;margin:.75rem 0;border:1px solid var(--rule);border-radius:6px}\n"
	"table{border-collapse:collapse;font-size:.84rem;width:100%}\n"
	"th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);white-space:nowrap}\n"
	"td:last-child:not(.n){white-space:normal;min-width:9rem}\n"
	"thead th{background:var(--wash);font-weight:600}tbody tr:last-child td{border-bottom:0}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums}\n"
	"figure{margin:1rem 0 1.75rem;overflow-x:auto}figure "
	"svg{display:block;width:100%;min-width:34rem;max-width:52rem;height:auto;background:#fff;border-radius:6px}\n"
	"figcaption{font-size:.88rem;color:var(--soft);max-width:46rem}\n"
	"pre{overflow-x:auto;background:var(--wash);padding:.75rem;border-radius:6px;font-size:.84rem}summary{cursor:pointer}\n"
	".verdict{display:inline-block;margin:.1rem 0 .4rem;padding:.1rem .6rem;border:1px solid "
	"var(--ink);border-radius:1rem;font-size:.84rem;font-weight:600}\n"
	".verdict.yes{background:var(--ink);color:var(--paper)}.verdict.no{border-width:3px}.verdict.open{border-style:dashed;font-weight:400}\n"
	".files{font-size:.84rem;margin:.4rem 0 1.5rem}.files a{display:inline-block;padding:.15rem .3rem}details{margin:.5rem 0}\n"
	".v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	"@media(prefers-color-scheme:dark){figure svg{filter:invert(.91) hue-rotate(180deg)}}\n"
	"@media(max-width:40rem){th,td{white-space:normal;padding:.3rem .4rem}.n{white-space:nowrap}td:last-child:not(.n){min-width:6rem}}\n"
	"@media print{body{max-width:none}.table,figure{overflow:visible}}\n";

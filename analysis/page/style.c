/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * style.c - the style sheet of every page; see style.h.
 */
#include "config.h"

#include "analysis/page/style.h"

/* In dark mode the brightness of pictures is inverted and hues are kept. */
const char page_style[] =
	":root{--ink:#222;--soft:#666;--rule:#d9d9d9;--paper:#fff;--wash:#f5f6f8;--link:#0b5cad;--w0:#dff1e6;--w1:#fff;--w2:#fbeed7;--w3:#f6d9ae;--"
	"w4:#efbd86;color-scheme:light dark}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e4e4;--soft:#a6a6a6;--rule:#3b3f46;--paper:#16181c;--wash:#1f2228;--link:#7db7f0;--w0:#"
	"173a29;--w1:#16181c;--w2:#33291a;--w3:#4a3717;--w4:#684812}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 4rem;font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",sans-serif;"
	"color:var(--ink);background:var(--paper)}\n"
	"h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 1rem}\n"
	"h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--rule)}\n"
	"h3{font-size:1.05rem;margin:1.75rem 0 .5rem}\n"
	"nav{font-size:.88rem}nav.contents{border:1px solid var(--rule);border-radius:6px;padding:.35rem .7rem;background:var(--wash)}\n"
	"nav.contents ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem}nav.contents details{margin:0}\n"
	"p{max-width:46rem;overflow-wrap:anywhere}a{color:var(--link)}\n"
	".table{overflow-x:auto;margin:.75rem 0;border:1px solid var(--rule);border-radius:6px}\n"
	"table{border-collapse:collapse;font-size:.84rem;width:100%}\n"
	"th,td{padding:.3rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--rule);overflow-wrap:break-word}\n"
	".n{white-space:nowrap}th.n,.n.long,.box .n{white-space:normal}td:last-child:not(.n){min-width:9rem}\n"
	"thead th{background:var(--wash);font-weight:600}tbody tr:last-child td{border-bottom:0}\n"
	".n{text-align:right;font-variant-numeric:tabular-nums}\n"
	".w0{background:var(--w0)}.w1{background:var(--w1)}.w2{background:var(--w2)}.w3{background:var(--w3)}.w4{background:var(--w4)}\n"
	".w0 a,.w1 a,.w2 a,.w3 a,.w4 a{color:inherit}.b{font-weight:600}:target{outline:2px solid var(--link)}\n"
	".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,34rem),1fr));gap:0 1.5rem}.box{min-width:0}.box "
	"table{font-size:.78rem}.box td,.box th{padding:.25rem .2rem}\n"
	"figure{margin:1rem 0 .5rem;overflow-x:auto}figure "
	"svg{display:block;width:100%;min-width:34rem;max-width:52rem;height:auto;background:#fff;border-radius:6px}\n"
	"li .verdict{margin:.1rem .4rem .1rem 0;padding:0 .5rem}figcaption{font-size:.88rem;color:var(--soft);max-width:46rem}\n"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--wash);padding:.75rem;border-radius:6px;font-size:.84rem}summary{cursor:"
	"pointer}\n"
	".verdict{display:inline-block;margin:.1rem 0 .4rem;padding:.1rem .6rem;border:1px solid "
	"var(--ink);border-radius:1rem;font-size:.84rem;font-weight:600}\n"
	".verdict.yes{background:var(--ink);color:var(--paper)}.verdict.no{border-width:3px}.verdict.open{border-style:dashed;font-weight:400}\n"
	".files{font-size:.84rem;margin:.4rem 0 1.5rem}.files a{display:inline-block;padding:.15rem .3rem}details{margin:.5rem 0}\n"
	".v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\n"
	"@media(prefers-color-scheme:dark){figure svg{filter:invert(.91) hue-rotate(180deg)}}\n"
	"@media(max-width:40rem){th,td{padding:.3rem .4rem}td:last-child:not(.n){min-width:6rem}figure{border:1px solid "
	"var(--rule);border-radius:6px}}\n"
	"@media print{body{max-width:none}.table,figure{overflow:visible}}\n";

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site.c - writes a site, page by page; see site.h.
 */
#include "config.h"

#include "analysis/site/site.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/page/style.h"
#include "analysis/site/site_part.h"

/* Beyond the style of all pages. */
static const char site_style[] =
	":root{--bad:#b3261e;--good:#1b6e3c;--line:#0b5cad}\n"
	"@media(prefers-color-scheme:dark){:root{--bad:#ff9a8f;--good:#7fd49b;--line:#7db7f0}}\n"
	"nav.bar{display:flex;flex-wrap:wrap;gap:.35rem 1.1rem;font-weight:600}h1{overflow-wrap:anywhere}\n"
	"td.name{white-space:normal;overflow-wrap:anywhere;min-width:7rem}\n"
	"td.d{white-space:nowrap}b.worse{color:var(--bad)}small{color:var(--soft)}\n"
	"svg.spark{display:block;width:8.75rem;height:1.625rem;overflow:visible}\n"
	".spark path{fill:none;stroke:var(--line);stroke-width:1.2}.spark circle{fill:var(--line)}\n"
	"svg path.worse,svg path.better,svg path.noted{stroke:var(--soft);stroke-width:1;stroke-dasharray:2 2}\n"
	"svg path.worse{stroke:var(--bad);stroke-width:1.6;stroke-dasharray:none}svg path.better{stroke:var(--good);stroke-dasharray:5 2}\n"
	"figure.chart svg{background:none;filter:none;font-size:12px}.chart path{fill:none}\n"
	".chart .grid{stroke:var(--rule)}.chart .range{stroke:var(--line);stroke-opacity:.25}\n"
	".chart .runs{stroke:var(--line);stroke-width:4;stroke-linecap:round;stroke-opacity:.6}.chart .level{stroke:var(--ink);stroke-width:1.8}\n"
	".chart text{fill:var(--soft)}.chart text.worse{fill:var(--bad);font-weight:600}.chart text.better{fill:var(--good)}\n"
	"@media(max-width:40rem){svg.spark{width:4rem;height:1.2rem}td.name{min-width:5.5rem}figure.chart{border:1px solid "
	"var(--rule);border-radius:6px}}\n"
	".tip{fill:transparent}.tip:hover{fill:var(--line)}\n";

static int put_style(struct site *site, struct fs_reason *why)
{
	char *text = NULL;
	int err;

	if (asprintf(&text, "%s%s", page_style, site_style) < 0)
		return fs_no_memory(why);
	err = site_put(site, "style.css", text, strlen(text), why);
	free(text);
	return err;
}

static int put_all(struct site *site, struct fs_reason *why)
{
	static int (*const parts[])(struct site * site, struct fs_reason * why) = {
		site_read_runs,
		site_read_groups,
		put_style,
		/* the series also find what the pages of runs show */
		site_put_series,
		site_put_runs,
		site_put_groups,
		site_put_feed,
		/* the page that people open is the last: what it links to is there */
		site_put_index,
		site_remove_old,
	};
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(parts) && err == 0; i++)
		err = parts[i](site, why);
	return err;
}

int site_write(const struct history *history, const struct index *index, const char *dir, struct site_counts *counts, struct fs_reason *why)
{
	struct site site = {.history = history, .index = index, .dir = dir, .counts = counts};
	int err;

	memset(counts, 0, sizeof(*counts));
	err = site_folders(&site, why);
	if (err == 0)
		err = put_all(&site, why);
	for (size_t s = 0; site.series != NULL && s < history->n_series; s++)
		free(site.series[s].row);
	free(site.series);
	site_free_groups(&site);
	site_free_runs(&site);
	lookup_free(&site.names);
	return err;
}

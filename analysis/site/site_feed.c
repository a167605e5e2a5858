/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_feed.c - the changes as an Atom feed (RFC 4287), the newest first. Its links are relative to the feed, as those of the pages are.
 */
#include "config.h"

#include <stdlib.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"

#define ENTRIES 50 /* a reader that looks less often finds the rest in changes.html */
#define SERIES	20 /* named in an entry */

static void put_series(const struct site *site, const struct site_group *group, FILE *out)
{
	for (size_t i = group->first; i < group->first + group->n && i < group->first + SERIES; i++) {
		char text[64];

		site_change_text(site->order[i], text, sizeof(text));
		html_print(out, "%s %s: %s\n", site_state_words[site->order[i]->state], text, site->history->series[site->order[i]->series].name);
	}
	if (group->n > SERIES)
		html_print(out, "and %zu more\n", group->n - SERIES);
}

static void put_entry(const struct site *site, const struct site_group *group, FILE *out)
{
	const struct site_run *at = &site->runs[group->at];
	char states[160], text[64];

	site_states_text(group->states, states, sizeof(states));
	site_run_text(at, text, sizeof(text));
	html_print(out, "<entry>\n<title>%s: %s%s</title>\n<id>urn:fivestep:%s</id>\n<updated>%s</updated>\n", text, states,
		group->drift ? " by a drift" : "", group->file, at->started);
	html_print(out, "<link rel=\"alternate\" type=\"text/html\" href=\"%s\"/>\n<content type=\"text\">%s\n", group->file, group->what);
	put_series(site, group, out);
	fputs("</content>\n</entry>\n", out);
}

int site_put_feed(struct site *site, struct fs_reason *why)
{
	size_t n_runs = site->history->n_runs, bytes;
	char *text = NULL;
	FILE *out = open_memstream(&text, &bytes);
	int err;

	if (out == NULL)
		return fs_no_memory(why);
	/* the id of a feed never changes: it is that of the first run's page */
	html_print(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>fivestep: changes</title>\n"
		"<id>urn:fivestep:history/%s</id>\n<updated>%s</updated>\n<author><name>fivestep</name></author>\n"
		"<link rel=\"self\" href=\"feed.xml\"/>\n<link rel=\"alternate\" type=\"text/html\" href=\"changes.html\"/>\n",
		site->runs[0].file, site->runs[n_runs - 1].started);
	for (size_t g = 0; g < site->n_groups && g < ENTRIES; g++)
		put_entry(site, &site->groups[g], out);
	fputs("</feed>\n", out);
	err = fclose(out) != 0 ? fs_no_memory(why) : site_put(site, "feed.xml", text, bytes, why);
	free(text);
	return err;
}

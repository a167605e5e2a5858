/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_compare.c - the two runs that a change lies between, compared with each other from their files; see site_part.h.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "analysis/summary/cell_key.h"
#include "analysis/summary/format.h"

#define ROWS_MAX 100 /* of the table; the command that prints all is below */

struct side {
	struct runfile file;
	struct summary summary;
	bool loaded;
};

/* False, with the reason, if the file is gone, was changed, or cannot be read. */
static bool load(const struct site_run *run, struct side *side, struct fs_reason *why)
{
	struct index_run known = {.path = run->path, .digest = run->digest, .run_id = run->run_id};

	if (index_check_file(&known, why) != 0)
		return false;
	side->loaded = runfile_load(run->path, &side->file, why) == 0;
	if (side->loaded && summary_make(&side->file, &side->summary) != 0) {
		fs_no_memory(why);
		return false;
	}
	return side->loaded;
}

static void unload(struct side *side)
{
	summary_free(&side->summary);
	runfile_free(&side->file);
}

static void put_row(FILE *out, const struct cell_keys *keys, const struct compare_row *row)
{
	char before[FORMAT_VALUE], after[FORMAT_VALUE], change[FORMAT_FIXED + 2] = "-", range[2 * FORMAT_FIXED + 4] = "";
	char number[2][FORMAT_FIXED];

	format_value(row->base->interval.median, row->base->unit, before);
	format_value(row->new->interval.median, row->new->unit, after);
	if (row->has_change)
		text_fit(change, sizeof(change), "%s %%", format_fixed(row->change_pct, 2, true, number[0]));
	if (row->has_interval)
		text_fit(range, sizeof(range), "%s to %s", format_fixed(row->lo_pct, 2, true, number[0]),
			format_fixed(row->hi_pct, 2, true, number[1]));
	html_print(out,
		"<tr><td class=\"name\">%s/%s</td><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td "
		"class=\"n\">%s</td></tr>\n",
		cell_key(keys, row->base->cell), row->base->metric, compare_verdict_names[row->verdict], before, after, change, range);
}

static void put_rows(FILE *out, const struct cell_keys *keys, const struct comparison *comparison)
{
	size_t n = 0;

	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\">Verdict</th><th scope=\"col\" "
	      "class=\"n\">Before</th><th scope=\"col\" class=\"n\">After</th><th scope=\"col\" class=\"n\">Change</th><th scope=\"col\" "
	      "class=\"n\">95 % interval</th></tr></thead>\n<tbody>\n",
		out);
	/* the worst verdicts first */
	for (int v = COMPARE_VERDICTS - 1; v > COMPARE_SAME; v--)
		for (size_t i = 0; i < comparison->n; i++)
			if (comparison->rows[i].verdict == (enum compare_verdict)v && n++ < ROWS_MAX)
				put_row(out, keys, &comparison->rows[i]);
	fputs("</tbody>\n</table></div>\n", out);
	if (n > ROWS_MAX)
		html_print(out, "<p>And %zu more.</p>\n", n - ROWS_MAX);
}

static int put_compared(const struct side sides[2], FILE *out, struct fs_reason *why)
{
	struct comparison comparison;
	struct cell_keys keys;
	size_t other;
	int err = cell_keys_make(&sides[0].file, &keys);

	if (err == 0)
		err = compare_make(&sides[0].summary, &sides[1].summary, 0.0, &comparison);
	if (err != 0) {
		cell_keys_free(&keys);
		return fs_because(why, err, "", "%s", strerror(-err));
	}
	other = comparison.n - comparison.verdicts[COMPARE_SAME];
	html_print(out, "<p>Of %zu metrics, %zu are the same within the margin", comparison.n, comparison.verdicts[COMPARE_SAME]);
	for (int v = COMPARE_VERDICTS - 1; v > COMPARE_SAME; v--)
		if (comparison.verdicts[v] > 0)
			html_print(out, ", %zu %s", comparison.verdicts[v], compare_verdict_names[v]);
	fputs(". Two single runs: some of that is the difference of two nights, which the history sees through and a comparison does not.</p>\n",
		out);
	if (other > 0)
		put_rows(out, &keys, &comparison);
	cell_keys_free(&keys);
	compare_free(&comparison);
	return 0;
}

int site_put_comparison(const struct site *site, const struct site_group *group, FILE *out, struct fs_reason *why)
{
	const struct site_run *runs[2] = {&site->runs[group->before], &site->runs[group->at]};
	struct side sides[2] = {{.loaded = false}, {.loaded = false}};
	struct fs_reason gone = {0};
	int err = 0;

	fputs("<h2>The two runs compared</h2>\n", out);
	if (load(runs[0], &sides[0], &gone) && load(runs[1], &sides[1], &gone))
		err = put_compared(sides, out, why);
	else
		html_print(out, "<p>Not compared: %s</p>\n", gone.what);
	html_print(out, "<pre>fivestep compare %s %s</pre>\n", runs[0]->path, runs[1]->path);
	unload(&sides[0]);
	unload(&sides[1]);
	return err;
}

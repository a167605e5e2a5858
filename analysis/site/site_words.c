/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_words.c - states, changes and runs in a few words; see site_part.h.
 */
#include "config.h"

#include <math.h>

#include "analysis/site/site_part.h"
#include "analysis/summary/format.h"
#include "base/stamp.h"

const char *const site_state_words[HISTORY_STATES] = {
	[HISTORY_BETTER] = "better",
	[HISTORY_EXPECTED] = "expected",
	[HISTORY_RECOVERED] = "recovered",
	[HISTORY_OLDER] = "older",
	[HISTORY_CHANGED] = "changed",
	[HISTORY_WORSE] = "worse",
};

void site_states_text(const size_t states[HISTORY_STATES], char *text, size_t bytes)
{
	size_t used = 0;

	*text = '\0';
	for (int s = HISTORY_STATES - 1; s >= 0 && used < bytes; s--)
		if (states[s] > 0)
			used += (size_t)snprintf(text + used, bytes - used, "%s%zu %s", used > 0 ? ", " : "", states[s], site_state_words[s]);
}

void site_change_text(const struct history_change *change, char *text, size_t bytes)
{
	double pct = change_points_pct(&change->point);
	char number[FORMAT_FIXED];

	*text = '\0';
	if (change->point.drift && isfinite(change->point.slope_pct))
		text_fit(
			text, bytes, "%s %% a run", format_fixed(change->point.slope_pct, fabs(change->point.slope_pct) < 0.1 ? 3 : 2, true, number));
	else if (isfinite(pct))
		text_fit(text, bytes, "%s %%", format_fixed(pct, fabs(pct) < 1.0 ? 2 : 1, true, number));
}

void site_run_text(const struct site_run *run, char *text, size_t bytes)
{
	snprintf(text, bytes, "%.*s %.*s", STAMP_DAY, run->started, RUNFILE_SHORT_ID, *run->run_id != '\0' ? run->run_id : run->digest);
}

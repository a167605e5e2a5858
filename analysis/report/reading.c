/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reading.c - how to read the numbers.
 */
#include "config.h"

#include "analysis/report/section.h"

static void write(const struct report *report)
{
	struct document *document = report->document;

	document_heading(document, 2, "How to read this");
	document_item_begin(document);
	document_item(document, "A round is one visit to a cell in a fresh process and gives one value: the median of its samples. Rounds are "
				"interleaved over the cells.");
	document_item(document,
		"The interval holds the median of such rounds with 95 %% confidence. It is exact and assumes no distribution; it needs %d rounds.",
		STATISTICS_INTERVAL_MIN);
	document_item(document, "NAME_p50, NAME_p99 and NAME_max come from a histogram of single touches: each round gives one value of each.");
	document_item(document, "\"1.21 x floor\" is the median divided by that floor's median in the same run; \"83 %% of floor\" is the share of "
				"it that was reached.");
	document_item(document, "An outlier is further than %.1f median absolute deviations from the median. It is counted, never dropped.",
		STATISTICS_OUTLIER);
	document_item(document,
		"Stop: precision (the interval is narrow enough), rounds or time (the cap was reached), skip, invalid, interrupted, unfinished.");
	document_item_end(document);
}

const struct section section_reading = {
	.name = "reading",
	.write = write,
};

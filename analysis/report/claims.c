/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * claims.c - the claims section: the claims of 2017, and what these runs say about them.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/claims/claims.h"
#include "analysis/report/section.h"

#define FACTS_SHOWN 4 /* of each side; the rest is folded */

static const char *const side_names[] = {[CLAIMS_FOR] = "for", [CLAIMS_AGAINST] = "against", [CLAIMS_BESIDE] = "beside"};

const char *const section_claim_signs[CLAIMS_VERDICTS] = {
	[CLAIMS_OPEN] = "open",
	[CLAIMS_UNDECIDED] = "open",
	[CLAIMS_SUPPORTED] = "yes",
	[CLAIMS_QUALIFIED] = "partly",
	[CLAIMS_REFUTED] = "no",
};

static void write_fact(const struct report *report, const struct claims_fact *fact)
{
	document_item(report->document, "%s: %s%s%s%s", side_names[fact->side], fact->text, report->n > 1 ? " (" : "",
		report->n > 1 ? text_string(&report->chapters[fact->run].name) : "", report->n > 1 ? ")" : "");
}

/* The facts that do not fit, folded. */
static void write_more(const struct report *report, const struct claims_answer *answer, const bool *shown)
{
	char *text = NULL, title[64];
	size_t bytes = 0, more = 0;
	FILE *file = open_memstream(&text, &bytes);

	if (file == NULL)
		return;
	for (size_t i = 0; i < answer->n; i++) {
		if (shown[i])
			continue;
		fprintf(file, "%s: %s\n", side_names[answer->facts[i].side], answer->facts[i].text);
		more++;
	}
	fclose(file);
	snprintf(title, sizeof(title), "%zu more", more);
	if (more)
		document_verbatim(report->document, title, text);
	free(text);
}

static void write_facts(const struct report *report, const struct claims_answer *answer)
{
	bool *shown = calloc(answer->n, sizeof(*shown));
	size_t seen[3] = {0};

	if (shown == NULL)
		return;
	document_item_begin(report->document);
	for (size_t i = 0; i < answer->n; i++) {
		shown[i] = seen[answer->facts[i].side]++ < FACTS_SHOWN;
		if (shown[i])
			write_fact(report, &answer->facts[i]);
	}
	document_item_end(report->document);
	write_more(report, answer, shown);
	free(shown);
}

static void write_claim(const struct report *report, const struct claim *claim, const struct claims_answer *answer)
{
	char id[SECTION_ID];

	section_claim_id((unsigned)(claim - claims), id);
	document_anchor(report->document, id);
	document_heading(report->document, 3, claim->title);
	document_paragraph(report->document, "%s", claim->statement);
	document_verdict(report->document, section_claim_signs[answer->verdict], claims_verdict_names[answer->verdict]);
	if (answer->n)
		write_facts(report, answer);
	else
		document_paragraph(report->document, "To decide, this is needed: %s. Command: %s", claim->missing, claim->remedy);
}

/* All verdicts at a glance. */
static void write_verdicts(const struct report *report, const struct claims_answer *answers)
{
	document_table_begin(report->document, "claim|result|>for|>against");
	for (unsigned c = 0; c < CLAIMS; c++) {
		size_t sides[3] = {0};

		for (size_t i = 0; i < answers[c].n; i++)
			sides[answers[c].facts[i].side]++;
		document_row_begin(report->document);
		document_cell(report->document, "%s", claims[c].title);
		document_cell(report->document, "%s", claims_verdict_names[answers[c].verdict]);
		document_cell(report->document, "%zu", sides[CLAIMS_FOR]);
		document_cell(report->document, "%zu", sides[CLAIMS_AGAINST]);
		document_row_end(report->document);
	}
	document_table_end(report->document);
}

static void write(const struct report *report)
{
	document_heading(report->document, 2, "The claims of 2017");
	document_paragraph(report->document, "In 2017, HMM and coherent device memory as a NUMA node (CDM) were debated on the kernel's mailing list "
					     "with one program of five steps. "
					     "These are the claims made then, judged by the results of these runs. Ways of sharing are compared "
					     "within one run only, and a difference "
					     "with overlapping intervals counts for neither side.");
	document_fold_begin(report->document, "How many results are for and against each");
	write_verdicts(report, report->answers);
	document_fold_end(report->document);
	for (unsigned c = 0; c < CLAIMS; c++)
		write_claim(report, &claims[c], &report->answers[c]);
}

const struct section section_claims = {
	.name = "claims",
	.write = write,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * compare_texts.h - the texts of a comparison: machines, rows, verdicts.
 */
#ifndef FIVESTEP_COMPARE_TEXTS_H
#define FIVESTEP_COMPARE_TEXTS_H

#include "analysis/compare/compare_show.h"
#include "analysis/summary/format.h"
#include "base/text.h"

/* Of a row: "size=1M", "4.61 -> 4.98 us", "+8.0 %", "[+7.6, +8.4]", and advice or q. "-" for what it does not have; the note may be empty. */
struct compare_texts {
	char *params;
	char values[2 * FORMAT_VALUE + 8], change[FORMAT_FIXED + 2], interval[2 * FORMAT_FIXED + 4];
	struct text note;
};
/* 0 or -ENOMEM; compare_free_texts() in any case. */
int compare_make_texts(const struct compare_report *report, const struct compare_row *row, struct compare_texts *texts);
void compare_free_texts(struct compare_texts *texts);

extern const char *const compare_kind_names[]; /* of enum unlike_kind */
/* All that follow add to the text. "6.12.1 -> 6.13.0" */
void compare_field_text(const struct unlike_field *field, struct text *text);
/* "machine 0123456789abcdef: same" */
void compare_machine_text(const struct compare_report *report, struct text *text);
/* Nothing if both runs had the machine to themselves, or count instructions, which do not wait. */
void compare_disturbed_text(const struct compare_report *report, struct text *text);
/* "1 slower, 2 same" */
void compare_verdict_text(const struct comparison *comparison, struct text *text);
/* "triad hmm emu size=1M total: skip: no device" */
void compare_alone_text(const struct compare_alone *alone, struct text *text);

/* Lines about the machines and how the runs were measured, broken at `columns`; 0: not broken. Without state, what may disturb is only counted. */
void compare_print_machines(const struct compare_report *report, unsigned columns, bool state, FILE *out);

#endif

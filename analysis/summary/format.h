/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * format.h - formats numbers and cells for display, in the same way for tables and reports.
 */
#ifndef FIVESTEP_FORMAT_H
#define FIVESTEP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "results/runfile.h"
#include "base/text.h"
#include "base/statistics.h"

#define FORMAT_VALUE 80
#define FORMAT_FIXED 40
#define FORMAT_CPU   128
#define FORMAT_UNIT  41 /* of a longer unit, from a run file, the end is replaced by "..." */

/*
 * ns become us, ms or s; a bandwidth gets three digits; everything else, counts and instructions too, is
 * printed as it is. "4.61 us", "15.8 GB/s", "4096 faults"; "-" for what is no number.
 */
void format_value(double value, const char *unit, char text[FORMAT_VALUE]);
/* The same for where space is short: counts from 100,000 on with three digits. "12.5 M insn". */
void format_short(double value, const char *unit, char text[FORMAT_VALUE]);
/* Median with its unit and the interval without, in one scale: "4.61 us" and "[4.55, 4.70]" ("-" if there is none). */
void format_interval(const struct statistics_interval *interval, const char *unit, char median[FORMAT_VALUE], char range[FORMAT_VALUE]);

/*
 * With that many decimals, 12 at most, and with a sign if wanted: "+2.50". A number of more than 18 digits is "+1e+300", with three of them, so that
 * none is ever cut, whatever a run file says. Returns the text, so that it can be printed where it is made.
 */
char *format_fixed(double value, int decimals, bool sign, char text[FORMAT_FIXED]);
/* The shortest text that parses to exactly that number. */
void format_exact(double value, char text[FORMAT_VALUE]);

/* Adds "size=64M granule=4K", after `before` if there are any: the parameters that were set, or all. */
void format_params_add(const struct runfile_cell *cell, bool all, const char *before, struct text *text);
/* The same alone, to be freed; NULL without memory. */
char *format_params_whole(const struct runfile_cell *cell, bool all);
/* Adds "triad hmm emu size=64M". */
void format_cell(const struct runfile_cell *cell, struct text *text);
/* The processor of the run's machine, as base/cpu_name.h has it; empty if the record does not say. */
void format_cpu(const struct runfile *run, char text[FORMAT_CPU]);
/* A parameter's value as a number: 4K is 4096. False for choices and other texts. */
bool format_number(const char *text, double *value);

#endif

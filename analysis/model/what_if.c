/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * what_if.c - "what if": unit costs multiplied; see model.h.
 */
#include "config.h"

#include "analysis/model/model.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/format.h"

void what_if_clear(struct what_if *what_if)
{
	*what_if = (struct what_if){0};
	for (unsigned i = 0; i < FS_COSTS; i++) {
		what_if->factor[i] = 1;
		what_if->value[i] = -1;
	}
}

void what_if_free(struct what_if *what_if)
{
	text_clear(&what_if->figures);
}

void what_if_title(const struct what_if *what_if, FILE *out)
{
	if (what_if->machine != NULL)
		fprintf(out, "; WHAT IF: public figures of %s where there are any, the model's machine elsewhere", what_if->machine);
	else if (what_if_changes(what_if))
		fprintf(out, "; WHAT IF unit costs were others");
}

void what_if_sources(const struct what_if *what_if, FILE *out)
{
	if (what_if->machine != NULL)
		fprintf(out, "\nfigures of %s:\n%s", what_if->machine, text_string(&what_if->figures));
}

bool what_if_changes(const struct what_if *what_if)
{
	for (unsigned i = 0; i < FS_COSTS; i++) {
		if (what_if->factor[i] != 1 || what_if->value[i] >= 0)
			return true;
	}
	return what_if->granule != 0;
}

/* "/3" or "x2". */
static bool parse_factor(const char *text, double *factor)
{
	char *end;
	double number;

	if (text[0] != '/' && text[0] != 'x')
		return false;
	/* strtod() takes blanks, signs, words and hexadecimal digits as well. */
	if (strspn(text + 1, "0123456789.e-+") != strlen(text + 1) || strspn(text + 1, "0123456789.") == 0)
		return false;
	number = strtod(text + 1, &end);
	*factor = text[0] == '/' ? 1 / number : number;
	return *end == '\0' && number >= 0 && isfinite(*factor);
}

/* "2M": a power of two that is a base page at least. */
static bool parse_page(const char *text, size_t *granule)
{
	double bytes;

	if (!format_number(text, &bytes) || !(bytes >= (double)fs_page_bytes() && bytes <= (double)(1ull << 40)))
		return false;
	*granule = (size_t)bytes;
	return (double)*granule == bytes && (*granule & (*granule - 1)) == 0;
}

/* is_given: what the text has set so far, by kind of event, and the page. */
static int parse_one(struct what_if *what_if, char *text, bool is_given[FS_COSTS + 1], struct fs_reason *why)
{
	char *value = strchr(text, '=');
	unsigned cost = 0;
	double factor;

	if (value == NULL)
		return fs_because(why, -EINVAL, "EVENT=/3 is three times faster, EVENT=x2 takes twice as long", "\"%s\" has no =", text);
	*value++ = '\0';
	while (cost < FS_COSTS && strcmp(fs_cost_names[cost], text) != 0)
		cost++;
	if (cost == FS_COSTS && strcmp(text, "page") != 0)
		return fs_because(why, -EINVAL, "fivestep predict --model RUN.jsonl --units shows the kinds", "\"%s\" is no kind of event", text);
	if (is_given[cost])
		return fs_because(why, -EINVAL, "each once: x6 is x2 of x3", "%s is given twice", text);
	is_given[cost] = true;
	if (cost == FS_COSTS) {
		if (parse_page(value, &what_if->granule))
			return 0;
		return fs_because(why, -EINVAL, "page=64K, page=2M", "page: \"%s\" is no power of two from a base page to 1T", value);
	}
	if (!parse_factor(value, &factor))
		return fs_because(why, -EINVAL, "/3 is three times faster, x2 takes twice as long", "%s: \"%s\" is no factor", text, value);
	what_if->factor[cost] *= factor;
	return 0;
}

int what_if_parse(struct what_if *what_if, const char *text, struct fs_reason *why)
{
	char *copy = strdup(text), *rest = copy, *part;
	bool is_given[FS_COSTS + 1] = {false};
	int err = copy != NULL ? 0 : fs_no_memory(why);

	while (err == 0 && (part = strsep(&rest, ",")) != NULL)
		err = parse_one(what_if, part, is_given, why);
	free(copy);
	return err;
}

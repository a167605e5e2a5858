/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * app_profile.c - see app_profile.h.
 */
#include "config.h"

#include "harness/plan/app_profile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"
#include "harness/plan/params.h"
#include "harness/plan/plan.h"

#define PHASE_FORM  "phase NAME host|device [reads=REGION[:SHARE],...] [writes=...] [after=PHASE,...] [time=TIME]"
#define REGION_FORM "region NAME BYTES [links] [sliced]"
#define NAME_FORM   "a name of up to 31 letters, digits, _ - ."
#define SHARE_FORM  "a share of the region's pages: 10%, or 300 of them; ? where it is unknown"
#define TIME_FORM   "a time: 5ms, 20us, 1.5s, 300ns, or 40000insn"
#define TIME_MAX    1e18 /* ns, or instructions */
#define TEXT_SHOWN  60

/* What is read; the names that phases wait for and that are repeated may come later in the text. */
struct reader {
	struct app_profile *app;
	const char *path;
	unsigned line;
	bool is_named;
	char *after[APP_PHASES];
	char *repeat[APP_REPEATS];
	unsigned repeat_line[APP_REPEATS], n_repeats;
	struct fs_reason *why;
};

/* "FILE:LINE: FIELD: what is wrong"; what was expected is the remedy. */
static int wrong(const struct reader *r, unsigned line, const char *expected, const char *field, const char *text, const char *what)
{
	return fs_because(r->why, -EINVAL, expected, "%s:%u: %s: \"%s\" %s", r->path, line, field, text, what);
}

/* ---- names and numbers */

static bool is_name(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";

	return text[0] != '\0' && strlen(text) < APP_NAME && strspn(text, letters) == strlen(text);
}

static unsigned find_region(const struct app_profile *app, const char *name)
{
	unsigned i = 0;

	while (i < app->n_regions && strcmp(app->region_names[i], name) != 0)
		i++;
	return i;
}

static unsigned find_phase(const struct app_profile *app, const char *name)
{
	unsigned i = 0;

	while (i < app->n_phases && strcmp(app->phases[i].name, name) != 0)
		i++;
	return i;
}

/* Digits with at most one point: no sign, no exponent, no word. Returns what follows it; NULL without a number. */
static const char *parse_number(const char *text, double *number)
{
	size_t digits = strspn(text, "0123456789"), length = digits;
	char copy[32];

	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	if (digits == 0 || length >= sizeof(copy))
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	*number = strtod(copy, NULL);
	return text + length;
}

/* ---- region NAME BYTES [links] [sliced] */

static int region_size(struct reader *r, struct fs_region *region, const char *text)
{
	uint64_t bytes, pages;
	int err = bytes_parse(text, &bytes);

	if (err == -EINVAL || bytes == 0)
		return wrong(r, r->line, "bytes, such as 64M: a number with K, M, G or T", "region", text, "is no size");
	pages = bytes / fs_page_bytes() + 1;
	if (err != 0 || pages > APP_PAGES_MAX - r->app->bytes / fs_page_bytes())
		return fs_because(r->why, -EINVAL, "fewer bytes, or a part of the program",
			"%s:%u: region: with \"%s\" there are more than %llu pages", r->path, r->line, text, APP_PAGES_MAX);
	region->bytes = bytes;
	region->offset = r->app->bytes;
	r->app->bytes += (bytes + fs_page_bytes() - 1) / fs_page_bytes() * fs_page_bytes();
	return 0;
}

static int region_line(struct reader *r, char *rest)
{
	struct app_profile *app = r->app;
	char *save, *name = strtok_r(rest, PLAN_BLANKS, &save), *bytes = strtok_r(NULL, PLAN_BLANKS, &save), *word;
	struct fs_region *region = &app->regions[app->n_regions];
	int err;

	if (name == NULL || bytes == NULL)
		return wrong(r, r->line, REGION_FORM, "region", name != NULL ? name : "", "lacks its name or bytes");
	if (!is_name(name))
		return wrong(r, r->line, NAME_FORM, "region", name, "is no name");
	if (find_region(app, name) != app->n_regions)
		return wrong(r, r->line, "each region once, with a name of its own", "region", name, "is given twice");
	if (app->n_regions == FS_REGIONS)
		return wrong(r, r->line, "at most 8 regions: put those together that are used alike", "region", name, "is one region too many");
	err = region_size(r, region, bytes);
	while (err == 0 && (word = strtok_r(NULL, PLAN_BLANKS, &save)) != NULL) {
		unsigned flag = strcmp(word, "links") == 0 ? FS_POINTERS : strcmp(word, "sliced") == 0 ? FS_SLICED : 0;

		if (flag == 0 || (region->flags & flag) != 0)
			err = wrong(r, r->line, REGION_FORM, "region", word, flag == 0 ? "is unknown" : "is given twice");
		region->flags |= flag;
	}
	if (err != 0)
		return err;
	strcpy(app->region_names[app->n_regions], name);
	region->name = app->region_names[app->n_regions++];
	return 0;
}

/* ---- phase NAME host|device [FIELD=...] */

static int parse_share(struct reader *r, const char *field, const char *text, const struct fs_region *region, size_t *pages)
{
	size_t all = (region->bytes + fs_page_bytes() - 1) / fs_page_bytes();
	double number;
	const char *end = parse_number(text, &number);

	/* Unknown: all of them at most. */
	if (strcmp(text, "?") == 0)
		return 0;
	if (end == NULL || (*end != '\0' && strcmp(end, "%") != 0))
		return wrong(r, r->line, SHARE_FORM, field, text, "is no share");
	if (*end == '%')
		number *= (double)all / 100;
	else if (number != (double)(size_t)number)
		return wrong(r, r->line, SHARE_FORM, field, text, "is no number of pages");
	if (!(number > 0 && number <= (double)all))
		return wrong(r, r->line, SHARE_FORM, field, text, "is not more than 0 and at most all pages of the region");
	/* A share of some pages is a page at least. */
	*pages = number < 1 ? 1 : (size_t)(number + 0.5);
	return 0;
}

static int uses(struct reader *r, const char *field, char *list, struct app_phase *phase, bool writes)
{
	char *name;
	int err = 0;

	/* An empty name is no region. */
	while (err == 0 && (name = strsep(&list, ",")) != NULL) {
		char *share = strchr(name, ':');
		unsigned i;
		size_t *pages;

		if (share != NULL)
			*share++ = '\0';
		i = find_region(r->app, name);
		if (i == r->app->n_regions)
			return wrong(r, r->line, "a region of a line above: " REGION_FORM, field, name, "is no region");
		pages = writes ? &phase->use[i].writes : &phase->use[i].reads;
		if (*pages != 0)
			return wrong(r, r->line, "each region once", field, name, "is given twice");
		*pages = (r->app->regions[i].bytes + fs_page_bytes() - 1) / fs_page_bytes();
		if (share != NULL)
			err = parse_share(r, field, share, &r->app->regions[i], pages);
		phase->use[i].is_unknown = phase->use[i].is_unknown || (share != NULL && strcmp(share, "?") == 0);
		r->app->has_unknown = r->app->has_unknown || phase->use[i].is_unknown;
	}
	return err;
}

static int parse_time(struct reader *r, const char *text, struct app_phase *phase)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"insn", 1}};
	bool is_twice = phase->time >= 0;
	const char *end = is_twice ? NULL : parse_number(text, &phase->time);
	size_t i = 0;

	while (end != NULL && i < FS_ARRAY_SIZE(units) && strcmp(end, units[i].unit) != 0)
		i++;
	if (end == NULL || i == FS_ARRAY_SIZE(units))
		return wrong(r, r->line, TIME_FORM, "time", text, is_twice ? "is given twice" : "is no time");
	phase->time *= units[i].factor;
	if (phase->time > TIME_MAX)
		return wrong(r, r->line, TIME_FORM, "time", text, "is more than 30 years");
	phase->is_instructions = strcmp(units[i].unit, "insn") == 0;
	return 0;
}

static int phase_field(struct reader *r, char *word, struct app_phase *phase)
{
	char *value = strchr(word, '=');

	if (value == NULL || value[1] == '\0')
		return wrong(r, r->line, PHASE_FORM, "phase", word, "has no value");
	*value++ = '\0';
	if (strcmp(word, "reads") == 0)
		return uses(r, word, value, phase, false);
	if (strcmp(word, "writes") == 0)
		return uses(r, word, value, phase, true);
	if (strcmp(word, "time") == 0)
		return parse_time(r, value, phase);
	if (strcmp(word, "after") != 0)
		return wrong(r, r->line, PHASE_FORM, "phase", word, "is an unknown field");
	if (r->after[r->app->n_phases] != NULL)
		return wrong(r, r->line, "each field once", word, value, "is given twice");
	r->after[r->app->n_phases] = value;
	return 0;
}

static int phase_line(struct reader *r, char *rest)
{
	struct app_profile *app = r->app;
	char *save, *name = strtok_r(rest, PLAN_BLANKS, &save), *side = strtok_r(NULL, PLAN_BLANKS, &save), *word;
	struct app_phase *phase = &app->phases[app->n_phases];
	int err = 0;

	if (name == NULL || !is_name(name))
		return wrong(r, r->line, NAME_FORM, "phase", name != NULL ? name : "", "is no name");
	if (find_phase(app, name) != app->n_phases)
		return wrong(r, r->line, "each phase once, with a name of its own; repeat N PHASE... runs it several times", "phase", name,
			"is given twice");
	if (app->n_phases == APP_PHASES)
		return wrong(r, r->line, "at most 64 phases: repeat N PHASE... runs some several times", "phase", name, "is one phase too many");
	if (side == NULL || (strcmp(side, "host") != 0 && strcmp(side, "device") != 0))
		return wrong(r, r->line, PHASE_FORM, "phase", side != NULL ? side : "", "is neither host nor device");
	*phase = (struct app_phase){.side = strcmp(side, "device") == 0 ? FS_DEVICE : FS_HOST, .time = -1, .line = r->line};
	while (err == 0 && (word = strtok_r(NULL, PLAN_BLANKS, &save)) != NULL)
		err = phase_field(r, word, phase);
	strcpy(phase->name, name);
	app->n_phases += err == 0;
	return err;
}

/* ---- repeat N PHASE..., when all phases are known and in order */

static bool is_repeated(const struct app_profile *app, unsigned phase)
{
	for (unsigned i = 0; i < app->n_repeats; i++) {
		if (phase >= app->repeats[i].first && phase < app->repeats[i].last)
			return true;
	}
	return false;
}

static int repeat_phases(struct reader *r, char *text, unsigned line)
{
	struct app_profile *app = r->app;
	struct app_repeat *repeat = &app->repeats[app->n_repeats];
	char *save, *count = strtok_r(text, PLAN_BLANKS, &save), *name;
	unsigned n = 0;
	double number = 0;
	const char *end = count != NULL ? parse_number(count, &number) : NULL;

	if (end == NULL || *end != '\0' || number < 1 || number > APP_REPEAT_MAX || number != (double)(unsigned)number)
		return wrong(r, line, "repeat N PHASE..., N from 1 to 1000000", "repeat", count != NULL ? count : "", "is no number of times");
	*repeat = (struct app_repeat){.n = (unsigned)number};
	while ((name = strtok_r(NULL, PLAN_BLANKS, &save)) != NULL) {
		unsigned i = find_phase(app, name);

		if (i == app->n_phases)
			return wrong(r, line, "names of phases", "repeat", name, "is no phase");
		if (is_repeated(app, i))
			return wrong(r, line, "each phase in one repeat", "repeat", name, "is repeated by a line above");
		if (n++ == 0)
			repeat->first = repeat->last = i;
		if (i != repeat->last++)
			return wrong(
				r, line, "phases that run one after another, in that order", "repeat", name, "does not follow the phase before it");
	}
	app->n_repeats += n != 0;
	return n != 0 ? 0 : wrong(r, line, "repeat N PHASE...", "repeat", "", "names no phase");
}

/* ---- the order of phases: that of the lines, where nothing waits for a later one */

static int resolve_after(struct reader *r, unsigned i)
{
	char *rest = r->after[i], *name;

	while ((name = strsep(&rest, ",")) != NULL) {
		unsigned k = find_phase(r->app, name);

		if (k == r->app->n_phases)
			return wrong(r, r->app->phases[i].line, "names of phases", "after", name, "is no phase");
		r->app->phases[i].after |= 1ull << k;
	}
	return 0;
}

static int order_phases(struct reader *r)
{
	struct app_profile *app = r->app;
	struct app_phase *ordered = calloc(APP_PHASES, sizeof(*ordered));
	uint64_t done = 0;
	unsigned n = 0, i = 0;
	int err = ordered == NULL ? fs_no_memory(r->why) : 0;

	while (err == 0 && n < app->n_phases) {
		for (i = 0; i < app->n_phases && ((done >> i & 1) != 0 || (app->phases[i].after & ~done) != 0);)
			i++;
		if (i == app->n_phases)
			break;
		done |= 1ull << i;
		ordered[n++] = app->phases[i];
	}
	for (i = 0; err == 0 && n < app->n_phases && (done >> i & 1) != 0;)
		i++;
	if (err == 0 && n < app->n_phases)
		err = wrong(r, app->phases[i].line, "phases that wait for earlier ones only", "after", app->phases[i].name,
			"waits for a phase that waits for it: the phases are cyclic");
	if (err == 0)
		memcpy(app->phases, ordered, sizeof(app->phases));
	free(ordered);
	return err;
}

/* ---- the file */

static int read_line(struct reader *r, char *line)
{
	char *keyword = line + strspn(line, PLAN_BLANKS), *rest, *more;

	keyword[strcspn(keyword, "#")] = '\0';
	rest = keyword + strcspn(keyword, PLAN_BLANKS);
	if (*rest != '\0')
		*rest++ = '\0';
	if (*keyword == '\0')
		return 0;
	if (strcmp(keyword, "region") == 0)
		return region_line(r, rest);
	if (strcmp(keyword, "phase") == 0)
		return phase_line(r, rest);
	if (strcmp(keyword, "repeat") == 0) {
		if (r->n_repeats == APP_REPEATS)
			return wrong(r, r->line, "at most 16 lines with repeat", "repeat", rest, "is one too many");
		r->repeat[r->n_repeats] = rest;
		r->repeat_line[r->n_repeats++] = r->line;
		return 0;
	}
	if (strcmp(keyword, "program") == 0) {
		rest = strtok(rest, PLAN_BLANKS);
		if (rest == NULL || !is_name(rest))
			return wrong(r, r->line, "program NAME", "program", rest != NULL ? rest : "", "is no name");
		if (r->is_named)
			return wrong(r, r->line, "one line program NAME", "program", rest, "is a second name");
		r->is_named = true;
		more = strtok(NULL, PLAN_BLANKS);
		if (more != NULL)
			return wrong(r, r->line, "program NAME", "program", more, "is one word too many");
		strcpy(r->app->name, rest);
		return 0;
	}
	return wrong(r, r->line, "program, region, phase or repeat", "keyword", keyword, "is unknown");
}

static int finish(struct reader *r)
{
	bool has_device = false;
	int err = 0;

	for (unsigned i = 0; i < r->app->n_phases && err == 0; i++) {
		has_device = has_device || r->app->phases[i].side == FS_DEVICE;
		if (r->after[i] != NULL)
			err = resolve_after(r, i);
	}
	if (err == 0 && !has_device)
		err = fs_because(r->why, -EINVAL, PHASE_FORM, "%s: no phase runs on the device", r->path);
	if (err == 0)
		err = order_phases(r);
	for (unsigned i = 0; i < r->n_repeats && err == 0; i++)
		err = repeat_phases(r, r->repeat[i], r->repeat_line[i]);
	return err;
}

int app_profile_read(struct app_profile *app, const char *path, struct fs_reason *why)
{
	struct reader r = {.app = app, .path = path, .why = why};
	char *text = NULL, *next, *line;
	int err = datafile_text(path, &text, why);

	memset(app, 0, sizeof(*app));
	strcpy(app->name, "program");
	next = text;
	while (err == 0 && (line = strsep(&next, "\n")) != NULL) {
		r.line++;
		err = read_line(&r, line);
	}
	if (err == 0)
		err = finish(&r);
	free(text);
	return err;
}

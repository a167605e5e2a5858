/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * machines.c - see machines.h.
 */
#include "config.h"

#include "analysis/model/machines.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/datafile.h"

#define BLANKS "\t "
#define FIELDS 4
enum { NAME, EVENT, FIGURE, SOURCE };

/* Without the blanks around it. */
static char *trim(char *text)
{
	size_t n;

	text += strspn(text, BLANKS);
	for (n = strlen(text); n != 0 && strchr(BLANKS, text[n - 1]) != NULL;)
		n--;
	text[n] = '\0';
	return text;
}

static bool is_page(unsigned kind)
{
	return kind >= FS_COST_PAGE && kind < FS_COST_PAGE + FS_SIDES;
}

/* "450 GB/s": the time of a byte, or of the base page that moves; "20 us". Negative: neither. */
static double parse_figure(const char *text, unsigned kind)
{
	static const struct {
		const char *unit;
		double factor;
	} times[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}};
	char *end;
	double number = strtod(text, &end);

	if (end == text || !(number >= 0 && number <= 1e9))
		return -1;
	end += strspn(end, BLANKS);
	if (strcmp(end, "GB/s") == 0)
		return number > 0 ? (is_page(kind) ? (double)fs_page_bytes() : 1) / number : -1;
	for (size_t i = 0; i < FS_ARRAY_SIZE(times); i++) {
		if (strcmp(end, times[i].unit) == 0)
			return number * times[i].factor;
	}
	return -1;
}

static int read_line(struct what_if *what_if, char *line, const char *name, struct text *known, const char **wrong)
{
	char *fields[FIELDS] = {NULL}, *rest = line;
	unsigned n = 0, kind = 0;

	*wrong = NULL;
	while (n < FIELDS && rest != NULL)
		fields[n++] = trim(strsep(&rest, "|"));
	if (n != FIELDS || rest != NULL || fields[SOURCE][0] == '\0') {
		*wrong = "expected NAME | EVENT | FIGURE | SOURCE";
		return -EINVAL;
	}
	while (kind < FS_COST_FILL_BYTE && strcmp(fs_cost_names[kind], fields[EVENT]) != 0)
		kind++;
	if (kind == FS_COST_FILL_BYTE || parse_figure(fields[FIGURE], kind) < 0) {
		*wrong = kind == FS_COST_FILL_BYTE ? "an unknown kind of event" : "a figure is a bandwidth, as 450 GB/s, or a time, as 20 us";
		return -EINVAL;
	}
	if (strstr(text_string(known), fields[NAME]) == NULL)
		text_add(known, "%s%s", text_string(known)[0] != '\0' ? ", " : "", fields[NAME]);
	if (strcmp(fields[NAME], name) != 0)
		return 0;
	what_if->value[kind] = parse_figure(fields[FIGURE], kind);
	text_add(&what_if->figures, "  %s %s: %s\n", fs_cost_names[kind], fields[FIGURE], fields[SOURCE]);
	return 1;
}

int machines_read(struct what_if *what_if, char *text, const char *path, const char *name, struct fs_reason *why)
{
	struct text known = {0};
	const char *wrong = NULL;
	unsigned number = 1, found = 0;
	int err = 0;

	for (char *line; err >= 0 && (line = strsep(&text, "\n")) != NULL; number++) {
		line[strcspn(line, "#")] = '\0';
		line = trim(line);
		if (line[0] == '\0')
			continue;
		err = read_line(what_if, line, name, &known, &wrong);
		found += err > 0;
	}
	if (err < 0)
		err = fs_because(why, err, "", "%s:%u: %s", path, number - 1, wrong);
	else if (found == 0)
		err = fs_because(why, -EINVAL, text_string(&known), "there are no figures of a machine \"%s\"; there are of these", name);
	else
		err = 0;
	if (err == 0)
		what_if->machine = name;
	text_clear(&known);
	return err;
}

int machines_use(struct what_if *what_if, const char *name, struct fs_reason *why)
{
	char path[PATH_MAX], *text = NULL;
	int err = datafile_path("analysis/model", "model", "machines.txt", path, sizeof(path));

	if (err == 0)
		err = datafile_text(path, &text, why);
	else
		fs_because(why, err, "set FIVESTEP_DATADIR to where fivestep's files are", "%s: %s", path, strerror(-err));
	if (err == 0)
		err = machines_read(what_if, text, path, name, why);
	free(text);
	return err;
}

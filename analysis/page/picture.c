/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * picture.c - writes the numbers and texts of a picture, and runs gnuplot on them; see picture.h.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/datafile.h"
#include "analysis/page/paper.h"
#include "analysis/page/picture.h"
#include "analysis/page/svg.h"
#include "base/text.h"

#define LINES_PX	 330
#define RIGHT_PX	 30  /* the margin there */
#define WIDTH_PX	 760 /* as in style.gp */
#define MARGIN_CHARS	 10  /* of pictures of lines, for tics and the axis */
#define LEGEND_SAMPLE_PX 80
#define TITLE_BYTES	 200 /* of a title; of an axis's label */
#define AXIS_BYTES	 120

/* ---- texts and numbers --------------------------------------------------------------------------------- */

static void put_quoted(FILE *file, const char *text)
{
	text_put(file, TEXT_GNUPLOT, text);
}

/* Shortened, with a mark, to so many bytes. */
static void put_short(FILE *file, enum text_format format, const char *text, size_t bytes)
{
	char *fits = strlen(text) > bytes ? strdup(text) : NULL;

	if (fits != NULL)
		text_shorten(fits, bytes + 1);
	text_put(file, format, fits != NULL ? fits : text);
	free(fits);
}

static void put_variable(struct picture *picture, const char *variable, const char *text, size_t bytes)
{
	fprintf(picture->texts, "%s = ", variable);
	put_short(picture->texts, TEXT_GNUPLOT, text, bytes);
	fputc('\n', picture->texts);
}

int picture_begin(struct picture *picture, const struct picture_place *place, const char *script, struct fs_reason *why, const char *fmt, ...)
{
	char path[4096];
	va_list args;
	size_t len;

	memset(picture, 0, sizeof(*picture));
	picture->script = script;
	picture->margin_chars = picture->paper_margin = MARGIN_CHARS;
	picture->paper_lines = 1;
	if (place->prefix != NULL)
		snprintf(picture->name, sizeof(picture->name), "%s", place->prefix);
	len = strlen(picture->name);
	va_start(args, fmt);
	vsnprintf(picture->name + len, sizeof(picture->name) - len, fmt, args);
	va_end(args);
	/* valid both in file names and in gnuplot's variables */
	for (char *c = picture->name; *c; c++)
		if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", *c) == NULL)
			*c = '-';
	snprintf(path, sizeof(path), "%s/data/%s.gp", place->dir, picture->name);
	picture->texts = fopen(path, "we");
	if (picture->texts != NULL) {
		snprintf(path, sizeof(path), "%s/data/%s.tsv", place->dir, picture->name);
		picture->numbers = fopen(path, "we");
	}
	if (picture->numbers != NULL) {
		snprintf(path, sizeof(path), "%s/data/%s.tips", place->dir, picture->name);
		picture->tips = fopen(path, "we");
	}
	if (picture->tips == NULL) {
		int err = -errno;

		if (picture->texts != NULL)
			fclose(picture->texts);
		if (picture->numbers != NULL)
			fclose(picture->numbers);
		return fs_because(why, err, "", "%s: %s", path, strerror(-err));
	}
	picture_text(picture, "stamp", place->stamp);
	if (place->paper_mm > 0)
		paper_begin(picture, place);
	return 0;
}

void picture_text(struct picture *picture, const char *variable, const char *text)
{
	fprintf(picture->texts, "%s = ", variable);
	put_quoted(picture->texts, text);
	fputc('\n', picture->texts);
}

void picture_title(struct picture *picture, const char *title)
{
	put_variable(picture, "title", title, TITLE_BYTES);
}

void picture_number(struct picture *picture, const char *variable, double value)
{
	/* the decimal point makes it a real: gnuplot divides integers as C does */
	fprintf(picture->texts, value == rint(value) && fabs(value) < 1e9 ? "%s = %.0f\n" : "%s = %.9e\n", variable, value);
}

/* gnuplot does not give the legend more columns than fit above the plot itself. */
static void put_legend(struct picture *picture, const char *before, double plot_px, unsigned entries, size_t longest)
{
	double fit = plot_px / (double)(longest * PAPER_LETTER_PX + LEGEND_SAMPLE_PX);
	unsigned columns = fit < entries ? (unsigned)fmax(fit, 0) : entries;
	char name[32];

	columns = columns < 1 ? 1 : columns;
	snprintf(name, sizeof(name), "%skey_columns", before);
	picture_number(picture, name, columns);
	snprintf(name, sizeof(name), "%skey_rows", before);
	picture_number(picture, name, (entries + columns - 1) / columns);
}

void picture_names(struct picture *picture, const char *const *names, unsigned series, const char *extra)
{
	size_t longest = extra != NULL ? strlen(extra) : 0;
	unsigned entries = series + (extra != NULL);

	fprintf(picture->texts, "series = %u\n", series);
	fprintf(picture->texts, series ? "array names[%u] = [" : "array names[1] = [''", series);
	for (unsigned i = 0; i < series; i++) {
		if (i)
			fputs(", ", picture->texts);
		put_short(picture->texts, TEXT_GNUPLOT, names[i], PICTURE_LABEL);
		longest = strlen(names[i]) > longest ? strlen(names[i]) : longest;
	}
	fputs("]\n", picture->texts);
	longest = longest < PICTURE_LABEL ? longest : PICTURE_LABEL;
	put_legend(picture, "", WIDTH_PX - picture->margin_chars * PAPER_LETTER_PX - RIGHT_PX, entries, longest);
	if (picture->paper_px > 0)
		put_legend(picture, "paper_", picture->paper_px - picture->paper_margin * PAPER_LETTER_PX - RIGHT_PX, entries, longest);
}

/* The label of a tic: "20 us"; a plain number if the unit does not scale. */
static void print_tic(double value, const char *unit, char *text, size_t bytes)
{
	static const char *const times[] = {"ns", "us", "ms", "s"};
	unsigned t = 0;

	if (strcmp(unit, "ns") != 0) {
		snprintf(text, bytes, "%.10g", value);
		return;
	}
	while (t < 3 && value >= 999.5) {
		value /= 1000.0;
		t++;
	}
	snprintf(text, bytes, "%.10g %s", value, times[t]);
}

/* crowd: how much narrower the axis is than those on the page. */
static void put_tics(struct picture *picture, const char *variable, double lo, double hi, const char *unit, double crowd)
{
	static const double steps[] = {1, 2, 5};
	double decades = log10(hi / lo) * crowd;
	unsigned used = 0, stride = decades > 6 ? 1 + (unsigned)(decades / 6) : 1;
	char text[48];

	/* where there is but one power of ten, it needs another number beside it */
	if (floor(log10(hi * 1.3)) <= ceil(log10(lo / 1.3)))
		decades = fmin(decades, 2);
	fprintf(picture->texts, "%s = \"(", variable);
	for (int e = (int)floor(log10(lo)); e <= (int)ceil(log10(hi)); e++)
		for (unsigned s = 0; s < FS_ARRAY_SIZE(steps); s++) {
			double value = steps[s] * pow(10, e);
			bool named = !s ? e % (int)stride == 0 : decades < (s == 2 || decades < 1.5 ? 2.5 : 1.5);

			if (value < lo / 1.3 || value > hi * 1.3)
				continue;
			print_tic(value, unit, text, sizeof(text));
			fprintf(picture->texts, "%s'%s' %.9e%s", used++ ? ", " : "", named ? text : "", value, named ? "" : " 1");
		}
	fputs(")\"\n", picture->texts);
}

void picture_tics(struct picture *picture, const char *variable, double lo, double hi, const char *unit)
{
	double page_px = WIDTH_PX - MARGIN_CHARS * PAPER_LETTER_PX - RIGHT_PX,
	       paper_px = picture->paper_px - picture->paper_margin * PAPER_LETTER_PX - RIGHT_PX;
	char name[32];

	put_tics(picture, variable, lo, hi, unit, 1);
	/* Only the width changes. */
	if (picture->paper_px > 0 && strcmp(variable, "x_tics") == 0) {
		snprintf(name, sizeof(name), "paper_%s", variable);
		put_tics(picture, name, lo, hi, unit, page_px / fmax(paper_px, PAPER_LETTER_PX));
	}
}

void picture_axis(struct picture *picture, const char *variable, const char *what, const char *unit)
{
	struct text text = {0};

	if (strcmp(unit, "insn") == 0)
		unit = "instructions";
	text_add(&text, "%s%s%s", what, *what != '\0' && *unit != '\0' ? ", " : "", unit);
	put_variable(picture, variable, text_string(&text), AXIS_BYTES);
	text_clear(&text);
}

void picture_rows(struct picture *picture, unsigned rows, unsigned row_px)
{
	picture_number(picture, "body", (double)rows * row_px);
	if (picture->paper_px > 0)
		picture_number(picture, "paper_body", (double)rows * fmax(row_px, 18 * picture->paper_lines));
}

void picture_lines(struct picture *picture)
{
	picture_number(picture, "body", LINES_PX);
}

void picture_tip(struct picture *picture, double x, double y, const char *fmt, ...)
{
	struct text text = {0};
	va_list args;

	va_start(args, fmt);
	text_add_va(&text, fmt, args);
	va_end(args);
	fprintf(picture->tips, "%.9g\t%.9g\t", x, y);
	text_put(picture->tips, TEXT_DATA, text_string(&text));
	fputc('\n', picture->tips);
	text_clear(&text);
	picture->n_tips++;
}

void picture_margin(struct picture *picture, size_t letters)
{
	letters = letters < PICTURE_LABEL ? letters : PICTURE_LABEL;
	picture->margin_chars = ceil((double)letters * 0.95) + 2;
	picture_number(picture, "margin", picture->margin_chars);
	if (picture->paper_px > 0)
		paper_margin(picture, letters);
}

void picture_block(struct picture *picture)
{
	if (picture->blocks++)
		fputs("\n\n", picture->numbers);
}

void picture_field(struct picture *picture, const char *text)
{
	put_short(picture->numbers, TEXT_DATA, text, PICTURE_LABEL);
}

int picture_write(struct picture *picture, const struct picture_place *place, struct fs_reason *why)
{
	bool bad;

	picture_number(picture, "tips", picture->n_tips);
	bad = ferror(picture->texts) || ferror(picture->numbers) || ferror(picture->tips);
	bad = fclose(picture->tips) || bad;

	bad = fclose(picture->texts) || bad;
	bad = fclose(picture->numbers) || bad;
	if (bad)
		return fs_because(why, -EIO, "is the disk full?", "%s/data/%s: cannot be written", place->dir, picture->name);
	return 0;
}

int picture_end(struct picture *picture, const struct picture_place *place, struct fs_reason *why)
{
	struct picture_job job = {.script = picture->script, .name = picture->name};
	int err = picture_write(picture, place, why);

	if (err != 0)
		return err;
	picture_draw_all(place, &job, 1);
	if (job.err != 0)
		*why = job.why;
	return job.err;
}

/* ---- where pictures go ----------------------------------------------------------------------------------- */

static int make_dirs(const char *dir, struct fs_reason *why)
{
	char data[4096];

	if ((size_t)snprintf(data, sizeof(data), "%s/data", dir) >= sizeof(data))
		return fs_because(why, -ENAMETOOLONG, "", "%s: the path is too long", dir);
	if (mkdir(dir, 0777) && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", dir, strerror(errno));
	if (mkdir(data, 0777) && errno != EEXIST)
		return fs_because(why, -errno, "", "%s: %s", data, strerror(errno));
	return 0;
}

/* The full path of the scripts' folder, as gnuplot runs in another one. The caller frees it; NULL, with the reason, on failure. */
static char *find_scripts(struct fs_reason *why)
{
	char path[4096];
	char *full = NULL;
	int err = datafile_check("analysis/plot", "plot", "plot scripts", why);

	if (err == 0 && !datafile_path("analysis/plot", "plot", "", path, sizeof(path))) {
		full = realpath(path, NULL);
		if (full == NULL)
			fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	}
	return full;
}

void picture_place_close(struct picture_place *place)
{
	free(place->scripts);
	place->scripts = NULL;
}

int picture_place_open(struct picture_place *place, const char *dir, double paper_mm, struct fs_reason *pictures, struct fs_reason *why)
{
	int err = 0;

	memset(pictures, 0, sizeof(*pictures));
	*place = (struct picture_place){.dir = dir, .paper_mm = paper_mm};
	place->can_draw = !picture_probe(pictures);
	if (place->can_draw) {
		place->scripts = find_scripts(why);
		err = place->scripts != NULL ? 0 : -ENXIO; /* not -ENOENT: it is not about a name that the user gave */
	}
	/* last, so that an earlier failure leaves no empty folder behind */
	if (err == 0)
		err = make_dirs(dir, why);
	if (err == 0 && paper_mm > 0 && place->can_draw)
		err = paper_scripts(place, why);
	if (err != 0)
		picture_place_close(place);
	return err;
}

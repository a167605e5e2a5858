/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * paper.c - a picture's PDF for print; see paper.h.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/page/paper.h"
#include "base/text.h"

#define PAPER_PX_PER_MM (72 / 25.4 * 13 / 8) /* letters have 8 points where those on the page have 13 pixels */
#define PAPER_WIDE_MM	176		     /* pictures of many small plots are not drawn narrower */
#define PAPER_MARGIN	0.5		     /* the most of the width that labels take */
#define STAMP_PX	5.4		     /* width of a letter of the stamp */

/* Pictures of many small plots need a page's width. */
static bool is_wide(const char *script)
{
	return strcmp(script, "panels") == 0 || strcmp(script, "heat") == 0;
}

/* The stamp in lines that fit, as gnuplot adds texts. */
static void put_stamp(struct picture *picture, const char *stamp)
{
	size_t fits = (size_t)(picture->paper_px / STAMP_PX), lines = 1;
	char *left = strdup(stamp), *line = left;

	fputs("paper_stamp = ", picture->texts);
	while (line != NULL && strlen(line) > fits) {
		char *end = line + fits;

		while (end > line && *end != ' ')
			end--;
		if (end == line)
			break;
		*end = '\0';
		text_put(picture->texts, TEXT_GNUPLOT, line);
		fputs(".\"\\n\".", picture->texts);
		line = end + 1;
		lines++;
	}
	text_put(picture->texts, TEXT_GNUPLOT, line != NULL ? line : "");
	fputc('\n', picture->texts);
	picture_number(picture, "paper_stamp_lines", (double)lines);
	free(left);
}

void paper_begin(struct picture *picture, const struct picture_place *place)
{
	double mm = is_wide(picture->script) && place->paper_mm < PAPER_WIDE_MM ? PAPER_WIDE_MM : place->paper_mm;

	picture->paper_px = mm * PAPER_PX_PER_MM;
	fprintf(picture->texts, "# To draw it again, in this folder: gnuplot -e \"plots='plot'; script='%s'; name='%s'\" plot/draw.gp\n",
		picture->script, picture->name);
	picture_number(picture, "paper_mm", mm);
	picture_number(picture, "paper_px", picture->paper_px);
	put_stamp(picture, place->stamp);
}

void paper_margin(struct picture *picture, size_t letters)
{
	picture->paper_margin = fmin(picture->margin_chars, floor(PAPER_MARGIN * picture->paper_px / PAPER_LETTER_PX));
	/* Broken at blanks, a line is half full at least. */
	if ((double)letters >= picture->paper_margin)
		picture->paper_lines = (unsigned)ceil(2.0 * (double)letters / (picture->paper_margin - 1));
	picture_number(picture, "paper_margin", picture->paper_margin);
}

int picture_paper(const char *text, double *mm, struct fs_reason *why)
{
	char *end = NULL;
	double width = strtod(text, &end);

	if (end == text || strcmp(end, "mm") != 0 || !(width >= PICTURE_PAPER_MIN_MM && width <= PICTURE_PAPER_MAX_MM))
		return fs_because(why, -EINVAL, "84mm for a paper's column, 176mm for its page", "\"%s\" is not a width from %dmm to %dmm", text,
			PICTURE_PAPER_MIN_MM, PICTURE_PAPER_MAX_MM);
	*mm = width;
	return 0;
}

static int copy_text(const char *from, const char *to, struct fs_reason *why)
{
	FILE *in = fopen(from, "re"), *out = in != NULL ? fopen(to, "we") : NULL;
	int err = out != NULL ? 0 : fs_because(why, -errno, "", "%s: %s", in != NULL ? to : from, strerror(errno));
	char block[4096];
	size_t n;

	while (err == 0 && (n = fread(block, 1, sizeof(block), in)) > 0) {
		if (fwrite(block, 1, n, out) != n)
			err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", to);
	}
	if (err == 0 && ferror(in) != 0)
		err = fs_because(why, -EIO, "", "%s: cannot be read", from);
	if (in != NULL)
		fclose(in);
	if (out != NULL && fclose(out) != 0 && err == 0)
		err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", to);
	return err;
}

static int copy_script(const struct picture_place *place, const char *name, struct fs_reason *why)
{
	char *from = text_format("%s/%s", place->scripts, name), *to = text_format("%s/data/plot/%s", place->dir, name);
	int err = from != NULL && to != NULL ? copy_text(from, to, why) : fs_no_memory(why);

	free(from);
	free(to);
	return err;
}

int paper_scripts(const struct picture_place *place, struct fs_reason *why)
{
	char *folder = text_format("%s/data/plot", place->dir);
	DIR *scripts = opendir(place->scripts);
	const struct dirent *entry;
	int err = folder == NULL ? fs_no_memory(why) : 0;

	if (err == 0 && (scripts == NULL || (mkdir(folder, 0777) != 0 && errno != EEXIST)))
		err = fs_because(why, -errno, "", "%s: %s", scripts == NULL ? place->scripts : folder, strerror(errno));
	while (err == 0 && (entry = readdir(scripts)) != NULL) {
		size_t length = strlen(entry->d_name);

		if (length > 3 && strcmp(entry->d_name + length - 3, ".gp") == 0)
			err = copy_script(place, entry->d_name, why);
	}
	if (scripts != NULL)
		closedir(scripts);
	free(folder);
	return err;
}

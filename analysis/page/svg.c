/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * svg.c - adapts gnuplot's SVG for pages; see svg.h.
 */
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/svg.h"

/* gnuplot writes <g onmousemove="gnuplot_svg.showHypertext(evt,'TEXT')" onmouseout="gnuplot_svg.hideHypertext()"><title> </title> */
#define TIP_BEGIN "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'"
#define TIP_END	  "')\" onmouseout=\"gnuplot_svg.hideHypertext()\">"
#define TITLE	  "<title>"
#define TITLE_END "</title>"

char *svg_read(const char *path)
{
	char *text = NULL;
	size_t room = 0;
	FILE *in = fopen(path, "re");

	if (in == NULL)
		return NULL;
	/* up to a byte that no picture contains, that is, the whole file */
	if (getdelim(&text, &room, '\0', in) < 0) {
		free(text);
		text = NULL;
		errno = EIO;
	}
	fclose(in);
	return text;
}

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* The position after a title, or the same position if there is none. */
static const char *skip_title(const char *c)
{
	const char *end = begins(c, TITLE) ? strstr(c, TITLE_END) : NULL;

	return end != NULL ? end + strlen(TITLE_END) : c;
}

static void tidy(const char *c, FILE *out)
{
	while (*c) {
		const char *end = begins(c, TIP_BEGIN) ? strstr(c, TIP_END) : NULL;

		if (end != NULL) {
			c += strlen(TIP_BEGIN);
			fprintf(out, "<g pointer-events=\"all\">" TITLE "%.*s" TITLE_END, (int)(end - c), c);
			c = skip_title(end + strlen(TIP_END));
		} else if (skip_title(c) != c) {
			c = skip_title(c);
		} else {
			fputc(*c++, out);
		}
	}
}

int svg_tidy(const char *path)
{
	char *text = svg_read(path);
	FILE *out = text != NULL ? fopen(path, "we") : NULL;
	int err = 0;

	if (out == NULL) {
		err = -errno;
	} else {
		tidy(text, out);
		if (ferror(out))
			err = -EIO;
		if (fclose(out) && err == 0)
			err = -EIO;
	}
	free(text);
	return err;
}

/* The places with ids in gnuplot's SVG. */
static size_t id_prefix(const char *text)
{
	static const char *const before[] = {" id='", " id=\"", "url(#", "xlink:href='#"};

	for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
		if (begins(text, before[i]))
			return strlen(before[i]);
	return 0;
}

void svg_put(FILE *html, const char *svg, unsigned figure)
{
	for (const char *c = svg; *c; c++) {
		size_t len = id_prefix(c);

		if (!len) {
			fputc(*c, html);
			continue;
		}
		fprintf(html, "%.*sf%u-", (int)len, c, figure);
		c += len - 1;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pictures.c - a run's pictures, by subject, each with its table and links to its files.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "analysis/report/section.h"

static void write_files(const struct chapter *chapter, const struct figure *figure)
{
	static const char *const kinds[] = {"svg", "png", "pdf", "tsv"};

	document_links_begin(chapter->document);
	for (unsigned k = chapter->can_draw && figure->error.len == 0 ? 0 : 3; k < FS_ARRAY_SIZE(kinds); k++)
		document_link(chapter->document, figure->name, kinds[k]);
	document_links_end(chapter->document);
}

/* caption: "" where it stands above several pictures. */
static void write_figure(const struct chapter *chapter, const struct figure *figure, const char *caption)
{
	int err = 0;

	if (figure->bench != NULL)
		document_about(chapter->document, "bench", figure->bench);
	document_box_begin(chapter->document, "box");
	/* a picture has its title and its answer in it */
	if (!chapter->can_draw || figure->error.len != 0) {
		document_heading(chapter->document, 3, figure->title);
		if (figure->answer.len != 0)
			document_paragraph(chapter->document, "%s", text_string(&figure->answer));
	}
	if (figure->error.len != 0)
		document_paragraph(chapter->document, "This picture could not be drawn. %s", text_string(&figure->error));
	else if (chapter->can_draw)
		err = document_figure(chapter->document, figure->name, text_string(&figure->alt), caption);
	if (err != 0)
		document_paragraph(chapter->document, "This picture could not be read back: %s", strerror(-err));
	/* with a picture the numbers are folded; without one they are open */
	document_tabbed(chapter->document, "The numbers", figure->columns, figure->rows, !chapter->can_draw || figure->error.len != 0 || err != 0);
	write_files(chapter, figure);
	document_box_end(chapter->document);
}

/* Pictures of one kind are side by side. */
static void write_figures(const struct chapter *chapter, size_t first, size_t end)
{
	const struct figure *list = chapter->figures.list;
	bool several = end - first > 1 && chapter->can_draw, alike = several;

	for (size_t i = first; i < end; i++)
		alike &= strcmp(text_string(&list[i].caption), text_string(&list[first].caption)) == 0;
	if (alike)
		document_paragraph(chapter->document, "%s", text_string(&list[first].caption));
	if (several)
		document_box_begin(chapter->document, "figures");
	for (size_t i = first; i < end; i++)
		write_figure(chapter, &list[i], alike ? "" : text_string(&list[i].caption));
	if (several)
		document_box_end(chapter->document);
}

static bool is_known(const char *draw)
{
	for (const struct drawing *const *d = registry_drawings; *d != NULL; d++)
		if ((*d)->draw != NULL && strcmp((*d)->name, draw) == 0)
			return true;
	return false;
}

/* A record may ask for a picture that only a later fivestep can draw. */
static void write_unknown(const struct chapter *chapter)
{
	const struct runfile *run = chapter->run;
	struct names benches = {0};

	drawing_benches(run, &benches);
	for (unsigned b = 0; b < benches.n; b++) {
		struct plot plots[PLOTS_MAX];
		unsigned n = plots_of(run, chapter->summary, benches.name[b], plots);

		for (unsigned p = 0; p < n; p++)
			if (!is_known(plots[p].draw))
				document_paragraph(chapter->document, "%s asks for a picture of the kind \"%s\", which this fivestep cannot draw.",
					benches.name[b], plots[p].draw);
	}
	drawing_names_free(&benches);
}

static void write_run(const struct chapter *chapter)
{
	document_paragraph(chapter->document, "%s", text_string(&chapter->stamp));
	if (!chapter->can_draw)
		document_paragraph(chapter->document,
			"There are no pictures: gnuplot was not found. Install it (Debian: apt install gnuplot-nox) and run fivestep report again.");
	for (size_t i = 0, end; i < chapter->figures.n; i = end) {
		const struct drawing *drawing = chapter->figures.list[i].drawing;

		for (end = i + 1; end < chapter->figures.n && chapter->figures.list[end].drawing == drawing; end++)
			;
		document_heading(chapter->document, 2, drawing->heading);
		write_figures(chapter, i, end);
	}
	write_unknown(chapter);
}

const struct section section_pictures = {
	.name = "pictures",
	.write_run = write_run,
};

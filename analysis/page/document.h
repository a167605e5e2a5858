/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * document.h - writes one text twice: as a self-contained HTML page and as Markdown.
 *
 * Texts come from records and may hold anything: each writer escapes them in its own way.
 */
#ifndef FIVESTEP_DOCUMENT_H
#define FIVESTEP_DOCUMENT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

struct document {
	FILE *html, *markdown; /* html: the page's body, kept until its headings are known */
	FILE *page, *contents;
	char *body, *links;
	size_t body_bytes, links_bytes;
	const char *dir; /* where both and the pictures are */
	unsigned column; /* of the table row being written */
	unsigned figures, headings;
	bool in_chapter;   /* the contents are within the list of a heading of level 1 */
	bool numbers[16];  /* columns of the table that hold numbers */
	bool heading;	   /* the row being written is the table's head */
	struct text text;  /* being written */
	struct text about; /* attributes of what begins next */
};

/* Formats into document->text; valid until the next call. */
const char *document_format(struct document *document, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));
/* Opens DIR/index.html and DIR/report.md. Returns 0 or negative errno. */
int document_open(struct document *document, const char *dir, const char *title);
/* Returns 0, or -EIO if anything could not be written. */
int document_close(struct document *document);

/*
 * level 1 to 3. All headings of level 1 and 2 except the first are in the contents; those of level 2 below one of level 1 are folded there, until
 * document_chapters_end().
 */
void document_heading(struct document *document, unsigned level, const char *text);
void document_chapters_end(struct document *document);
/* A place that links of this page lead to. */
void document_anchor(struct document *document, const char *id);
void document_paragraph(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_item_begin(struct document *document); /* a list of one-line items */
void document_item(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_item_end(struct document *document);
/* An item of a list that starts with a short answer; link: the id of what it is about. */
void document_verdict_item(struct document *document, const char *kind, const char *verdict, const char *link, const char *text);
/* A short answer; kind, "yes", "no", "partly" or "open", decides how it looks. */
void document_verdict(struct document *document, const char *kind, const char *text);
/* A verbatim text, folded under its title in HTML. */
void document_verbatim(struct document *document, const char *title, const char *text);

/* A table: names of the columns separated by '|', a '>' before one that holds numbers. Then cells, row by row. */
void document_table_begin(struct document *document, const char *columns);
void document_row_begin(struct document *document);
void document_cell(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with a text of any length. */
void document_cell_text(struct document *document, const char *text);
/* A row with an id, and a cell with a link to one (NULL: none), in HTML only. kind: what decides how the cell looks, "" as any other. */
void document_row_begin_at(struct document *document, const char *id);
void document_cell_link(struct document *document, const char *kind, const char *link, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void document_row_end(struct document *document);
void document_table_end(struct document *document);

/* What is between is folded under a title in HTML, until the reader asks for it. */
void document_fold_begin(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_fold_end(struct document *document);

/* A table whose rows are lines of cells separated by tabs, folded under its title in HTML unless open. */
void document_tabbed(struct document *document, const char *title, const char *columns, const char *rows, bool open);

/* What the next box or fold is about, for the page's script: "bench", its name. In HTML only. */
void document_about(struct document *document, const char *what, const char *value);
/* What is between belongs together in HTML. kind: "figures", whose boxes stand side by side where there is room; "box"; or "grid". */
void document_box_begin(struct document *document, const char *kind);
void document_box_end(struct document *document);
/* DIR/NAME.svg in the page itself, and beside it in Markdown. -errno if there is no such file. */
int document_figure(struct document *document, const char *name, const char *alt, const char *caption);

/* Links to files beside the page, NAME.svg and the like; they end a figure. */
void document_links_begin(struct document *document);
void document_link(struct document *document, const char *name, const char *kind);
void document_links_end(struct document *document);

#endif

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

struct document {
	FILE *html, *markdown; /* html: the page's body, kept until its headings are known */
	FILE *page, *contents;
	char *body, *links;
	size_t body_bytes, links_bytes;
	const char *dir; /* where both and the pictures are */
	unsigned column; /* of the table row being written */
	unsigned figures, headings;
	bool numbers[16]; /* columns of the table that hold numbers */
	bool heading;	  /* the row being written is the table's head */
};

/* Opens DIR/index.html and DIR/report.md. Returns 0 or negative errno. */
int document_open(struct document *document, const char *dir, const char *title);
/* Returns 0, or -EIO if anything could not be written. */
int document_close(struct document *document);

/* level 1 to 3. All headings of level 1 and 2 except the first are in the table of contents. */
void document_heading(struct document *document, unsigned level, const char *text);
void document_paragraph(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_item_begin(struct document *document); /* a list of one-line items */
void document_item(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_item_end(struct document *document);
/* A short answer; kind, "yes", "no", "partly" or "open", decides how it looks. */
void document_verdict(struct document *document, const char *kind, const char *text);
/* A verbatim text, folded under its title in HTML. */
void document_verbatim(struct document *document, const char *title, const char *text);

/* A table: names of the columns separated by '|', a '>' before one that holds numbers. Then cells, row by row. */
void document_table_begin(struct document *document, const char *columns);
void document_row_begin(struct document *document);
void document_cell(struct document *document, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void document_row_end(struct document *document);
void document_table_end(struct document *document);

/* A table whose rows are lines of cells separated by tabs, folded under its title in HTML unless open. */
void document_tabbed(struct document *document, const char *title, const char *columns, const char *rows, bool open);

/* DIR/NAME.svg in the page itself, and beside it in Markdown. -errno if there is no such file. */
int document_figure(struct document *document, const char *name, const char *alt, const char *caption);

/* Links to files beside the page, NAME.svg and the like; they end a figure. */
void document_links_begin(struct document *document);
void document_link(struct document *document, const char *name, const char *kind);
void document_links_end(struct document *document);

#endif

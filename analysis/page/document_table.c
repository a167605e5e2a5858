/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * document_table.c - the tables of a document; see document.h.
 */
#include "config.h"

#include "analysis/page/document.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void document_row_begin(struct document *document)
{
	document_row_begin_at(document, NULL);
}

void document_row_begin_at(struct document *document, const char *id)
{
	document->column = 0;
	fputs("<tr", document->html);
	if (id != NULL)
		fprintf(document->html, " id=\"%s\"", id);
	fputc('>', document->html);
	fputc('|', document->markdown);
}

/* link: the id of an element on this page, in HTML only. */
static void put_cell(struct document *document, const char *kind, const char *link, const char *text)
{
	bool number = document->column < sizeof(document->numbers) && document->numbers[document->column];
	const char *tag = document->heading ? "th" : "td";

	fprintf(document->html, "<%s%s", tag, document->heading ? " scope=\"col\"" : "");
	if (number || *kind != '\0')
		fprintf(document->html, " class=\"%s%s%s\"", number ? "n" : "", number && *kind != '\0' ? " " : "", kind);
	fputc('>', document->html);
	if (link != NULL)
		fprintf(document->html, "<a href=\"#%s\">", link);
	text_put(document->html, TEXT_HTML, text);
	fprintf(document->html, "%s</%s>", link != NULL ? "</a>" : "", tag);
	fputc(' ', document->markdown);
	text_put(document->markdown, TEXT_MARKDOWN, text);
	fputs(" |", document->markdown);
	document->column++;
}

void document_cell(struct document *document, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = document_format(document, fmt, args);
	va_end(args);
	put_cell(document, "", NULL, text);
}

void document_cell_text(struct document *document, const char *text)
{
	put_cell(document, "", NULL, text);
}

void document_cell_link(struct document *document, const char *kind, const char *link, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = document_format(document, fmt, args);
	va_end(args);
	put_cell(document, kind, link, text);
}

void document_row_end(struct document *document)
{
	fputs("</tr>\n", document->html);
	fputc('\n', document->markdown);
}

void document_table_begin(struct document *document, const char *columns)
{
	unsigned n;

	memset(document->numbers, 0, sizeof(document->numbers));
	fputs("<div class=\"table\" tabindex=\"0\"><table>\n<thead>", document->html);
	document->heading = true;
	document_row_begin(document);
	for (const char *c = columns; *c;) {
		size_t len = strcspn(c, "|");
		bool number = *c == '>';

		if (document->column < sizeof(document->numbers))
			document->numbers[document->column] = number;
		document_cell(document, "%.*s", (int)(len - number), c + number);
		c += len + (c[len] == '|');
	}
	n = document->column;
	document_row_end(document);
	document->heading = false;
	fputs("</thead>\n<tbody>\n", document->html);
	fputc('|', document->markdown);
	for (unsigned i = 0; i < n; i++)
		fputs(i < sizeof(document->numbers) && document->numbers[i] ? " ---: |" : " --- |", document->markdown);
	fputc('\n', document->markdown);
}

void document_table_end(struct document *document)
{
	fputs("</tbody>\n</table></div>\n", document->html);
	fputc('\n', document->markdown);
}

/* ---- folds ----------------------------------------------------------------------------------------------- */

void document_fold_begin(struct document *document, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = document_format(document, fmt, args);
	va_end(args);
	fprintf(document->html, "<details%s><summary>", text_string(&document->about));
	text_clear(&document->about);
	text_put(document->html, TEXT_HTML, text);
	fputs("</summary>\n", document->html);
	fputs("**", document->markdown);
	text_put(document->markdown, TEXT_MARKDOWN, text);
	fputs("**\n\n", document->markdown);
}

void document_fold_end(struct document *document)
{
	fputs("</details>\n", document->html);
}

void document_tabbed(struct document *document, const char *title, const char *columns, const char *rows, bool open)
{
	fprintf(document->html, "<details%s><summary>", open ? " open" : "");
	text_put(document->html, TEXT_HTML, title);
	fputs("</summary>\n", document->html);
	document_table_begin(document, columns);
	for (const char *c = rows; *c;) {
		document_row_begin(document);
		for (bool more = true; more;) {
			size_t len = strcspn(c, "\t\n");

			document_cell(document, "%.*s", (int)len, c);
			more = c[len] == '\t';
			c += len + (c[len] != '\0');
		}
		document_row_end(document);
	}
	document_table_end(document);
	fputs("</details>\n", document->html);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * document.c - writes one text as HTML and as Markdown; see document.h.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/page/document.h"
#include "analysis/page/script.h"
#include "analysis/page/style.h"
#include "analysis/page/svg.h"
#include "base/text.h"

#define TITLE_END "</h1>\n"
#define ID_BYTES  40

/* ---- escaping ------------------------------------------------------------------------------------------ */

static void put_html(FILE *file, const char *text)
{
	text_put(file, TEXT_HTML, text);
}

static void put_markdown(FILE *file, const char *text)
{
	text_put(file, TEXT_MARKDOWN, text);
}

/* Its beginning: a number makes the id unique. */
static void put_id(FILE *file, const char *text)
{
	for (const char *c = text; *c != '\0' && c < text + ID_BYTES; c++)
		fputc(isalnum((unsigned char)*c) ? tolower((unsigned char)*c) : '-', file);
}

const char *document_format(struct document *document, const char *fmt, va_list args)
{
	text_clear(&document->text);
	text_add_va(&document->text, fmt, args);
	return text_string(&document->text);
}

/* ---- the whole ----------------------------------------------------------------------------------------- */

static FILE *open_in(const char *dir, const char *name, const char *mode)
{
	char *path = text_format("%s/%s", dir, name);
	FILE *file = path != NULL ? fopen(path, mode) : NULL;

	free(path);
	return file;
}

int document_open(struct document *document, const char *dir, const char *title)
{
	int err;

	memset(document, 0, sizeof(*document));
	document->dir = dir;
	document->page = open_in(dir, "index.html", "we");
	if (document->page != NULL)
		document->markdown = open_in(dir, "report.md", "we");
	if (document->markdown != NULL)
		document->html = open_memstream(&document->body, &document->body_bytes);
	if (document->html != NULL)
		document->contents = open_memstream(&document->links, &document->links_bytes);
	if (document->contents != NULL) {
		fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
			document->page);
		put_html(document->page, title);
		/* a module runs when all of the page is there */
		fprintf(document->page, "</title>\n<style>\n%s</style>\n<script type=\"module\">\n%s</script>\n</head>\n<body>\n", page_style,
			page_script);
		return 0;
	}
	err = -errno;
	if (document->html != NULL)
		fclose(document->html);
	free(document->body);
	if (document->markdown != NULL)
		fclose(document->markdown);
	if (document->page != NULL)
		fclose(document->page);
	return err;
}

int document_close(struct document *document)
{
	bool bad;
	const char *rest;

	document_chapters_end(document);
	bad = fclose(document->html) != 0;
	bad = fclose(document->contents) || bad;
	if (!bad) {
		/* the contents are a bar below the title */
		rest = strstr(document->body, TITLE_END);
		rest = rest != NULL ? rest + strlen(TITLE_END) : document->body;
		fprintf(document->page, "<main>\n%.*s", (int)(rest - document->body), document->body);
		fprintf(document->page, "<nav class=\"contents\" aria-label=\"contents\" tabindex=\"0\"><ul>\n%s</ul></nav>\n", document->links);
		fprintf(document->page, "%s</main>\n</body>\n</html>\n", rest);
	}
	free(document->links);
	free(document->body);
	text_clear(&document->text);
	text_clear(&document->about);
	bad = ferror(document->page) || ferror(document->markdown) || bad;
	bad = fclose(document->page) || bad;
	bad = fclose(document->markdown) || bad;
	return bad ? -EIO : 0;
}

void document_heading(struct document *document, unsigned level, const char *text)
{
	unsigned id = ++document->headings;

	/* the number makes the id unique: each run of a report has the same headings */
	fprintf(document->html, "<h%u id=\"", level);
	put_id(document->html, text);
	fprintf(document->html, "-%u\">", id);
	put_html(document->html, text);
	fprintf(document->html, "</h%u>\n", level);
	fprintf(document->markdown, "%.*s ", (int)level, "###");
	put_markdown(document->markdown, text);
	fputs("\n\n", document->markdown);
	/* the first is the title of the page */
	if (level > 2 || id == 1)
		return;
	if (level == 1)
		document_chapters_end(document);
	fputs(level == 1 ? "<li><details><summary>" : "<li>", document->contents);
	fputs("<a href=\"#", document->contents);
	put_id(document->contents, text);
	fprintf(document->contents, "-%u\">", id);
	put_html(document->contents, text);
	fputs(level == 1 ? "</a></summary><ul>\n" : "</a></li>\n", document->contents);
	document->in_chapter |= level == 1;
}

void document_chapters_end(struct document *document)
{
	if (document->in_chapter)
		fputs("</ul></details></li>\n", document->contents);
	document->in_chapter = false;
}

void document_anchor(struct document *document, const char *id)
{
	fprintf(document->html, "<span id=\"%s\"></span>", id);
}

void document_paragraph(struct document *document, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = document_format(document, fmt, args);
	va_end(args);
	fputs("<p>", document->html);
	put_html(document->html, text);
	fputs("</p>\n", document->html);
	put_markdown(document->markdown, text);
	fputs("\n\n", document->markdown);
}

void document_item_begin(struct document *document)
{
	fputs("<ul>\n", document->html);
}

void document_item(struct document *document, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = document_format(document, fmt, args);
	va_end(args);
	fputs("<li>", document->html);
	put_html(document->html, text);
	fputs("</li>\n", document->html);
	fputs("- ", document->markdown);
	put_markdown(document->markdown, text);
	fputc('\n', document->markdown);
}

void document_item_end(struct document *document)
{
	fputs("</ul>\n", document->html);
	fputc('\n', document->markdown);
}

void document_verdict_item(struct document *document, const char *kind, const char *verdict, const char *link, const char *text)
{
	fprintf(document->html, "<li><span class=\"verdict %s\">", kind);
	put_html(document->html, verdict);
	fprintf(document->html, "</span> <a href=\"#%s\">", link);
	put_html(document->html, text);
	fputs("</a></li>\n", document->html);
	fputs("- **", document->markdown);
	put_markdown(document->markdown, verdict);
	fputs("**: ", document->markdown);
	put_markdown(document->markdown, text);
	fputc('\n', document->markdown);
}

void document_verdict(struct document *document, const char *kind, const char *text)
{
	fprintf(document->html, "<p class=\"verdict %s\">", kind);
	put_html(document->html, text);
	fputs("</p>\n", document->html);
	fputs("**", document->markdown);
	put_markdown(document->markdown, text);
	fputs("**\n\n", document->markdown);
}

void document_verbatim(struct document *document, const char *title, const char *text)
{
	char *visible;

	fputs("<details><summary>", document->html);
	put_html(document->html, title);
	fputs("</summary><pre>", document->html);
	put_html(document->html, text);
	fputs("</pre></details>\n", document->html);
	put_markdown(document->markdown, title);
	/* indented, not fenced, so that no text can end it */
	fputs(":\n\n    ", document->markdown);
	visible = text_visible(text, true);
	for (const char *c = visible; c != NULL && *c; c++) {
		fputc(*c, document->markdown);
		if (*c == '\n' && c[1])
			fputs("    ", document->markdown);
	}
	free(visible);
	fputs("\n\n", document->markdown);
}

/* ---- figures ------------------------------------------------------------------------------------------- */

void document_about(struct document *document, const char *what, const char *value)
{
	char *escaped = NULL;
	size_t bytes = 0;
	FILE *out = open_memstream(&escaped, &bytes);

	if (out == NULL)
		return;
	put_html(out, value);
	if (fclose(out) == 0)
		text_add(&document->about, " data-%s=\"%s\"", what, escaped);
	free(escaped);
}

void document_box_begin(struct document *document, const char *kind)
{
	fprintf(document->html, "<div class=\"%s\"%s>\n", kind, text_string(&document->about));
	text_clear(&document->about);
}

void document_box_end(struct document *document)
{
	fputs("</div>\n", document->html);
}

int document_figure(struct document *document, const char *name, const char *alt, const char *caption)
{
	char *path = text_format("%s/%s.svg", document->dir, name), *text;
	const char *svg;

	text = path != NULL ? svg_read(path) : NULL;
	free(path);
	svg = text != NULL ? strstr(text, "<svg") : NULL;
	if (svg == NULL) {
		int err = text != NULL ? -EIO : -errno;

		free(text);
		return err;
	}
	fputs("<figure tabindex=\"0\">\n<svg role=\"img\" aria-label=\"", document->html);
	put_html(document->html, alt);
	fputc('"', document->html);
	svg_put(document->html, svg + strlen("<svg"), ++document->figures);
	if (*caption != '\0') {
		fputs("<figcaption>", document->html);
		put_html(document->html, caption);
		fputs("</figcaption>\n", document->html);
	}
	fputs("</figure>\n", document->html);
	fputs("![", document->markdown);
	put_markdown(document->markdown, alt);
	fprintf(document->markdown, "](%s.svg)\n\n", name);
	put_markdown(document->markdown, caption);
	fputs("\n\n", document->markdown);
	free(text);
	return 0;
}

void document_links_begin(struct document *document)
{
	document->column = 0;
	fputs("<p class=\"files\">", document->html);
}

void document_link(struct document *document, const char *name, const char *kind)
{
	fprintf(document->html, "%s<a href=\"%s.%s\">%s<span class=\"v\"> of %s</span></a>", document->column ? " " : "", name, kind, kind, name);
	fprintf(document->markdown, "%s[%s](%s.%s)", document->column++ ? " " : "", kind, name, kind);
}

void document_links_end(struct document *document)
{
	fputs("</p>\n", document->html);
	fputs("\n\n", document->markdown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_file.c - names and writes the files of a site, and removes its old ones; see site_part.h.
 */
#include "config.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/page/html.h"
#include "analysis/site/site_part.h"
#include "base/fnv.h"
#include "base/replace.h"

#define PATH_BYTES 4096
#define SLUG_MAX   60
#define MARK	   "<!DOCTYPE html>\n<!-- fivestep history site -->\n" /* what each page starts with: only such files are ever removed */

static const char *const folders[] = {"", "series", "change", "run"};

/* ---- names ----------------------------------------------------------------------------------------------- */

static int register_name(struct site *site, const char *name)
{
	return lookup_add(&site->names, lookup_text(0, name), 0);
}

static bool is_registered(struct site *site, const char *name)
{
	return lookup_find(&site->names, lookup_text(0, name), NULL, NULL) != LOOKUP_NONE;
}

int site_name(struct site *site, const char *folder, const char *text, uint64_t key, char name[SITE_NAME])
{
	char slug[SLUG_MAX + 1];
	size_t used = 0;

	for (const char *c = text; *c != '\0' && used < SLUG_MAX; c++)
		if (isascii((unsigned char)*c) && isalnum((unsigned char)*c))
			slug[used++] = (char)tolower((unsigned char)*c);
		else if (used > 0 && slug[used - 1] != '-')
			slug[used++] = '-';
	slug[used] = '\0';
	/* the same hash for another key gets another name */
	do {
		snprintf(name, SITE_NAME, "%s/%s-%016llx.html", folder, slug, (unsigned long long)key);
		key = fnv_add(key, "+", 1);
	} while (is_registered(site, name));
	return register_name(site, name);
}

/* ---- writing --------------------------------------------------------------------------------------------- */

struct content {
	const char *text;
	size_t bytes;
};

static int write_content(FILE *file, const void *what)
{
	const struct content *content = what;

	return fwrite(content->text, 1, content->bytes, file) == content->bytes ? 0 : -EIO;
}

/* Whether the file has this very text. */
static bool is_same(const char *path, const struct content *content)
{
	FILE *file = fopen(path, "re");
	char block[65536];
	size_t at = 0, n;
	bool same = file != NULL;

	while (same && (n = fread(block, 1, sizeof(block), file)) > 0) {
		same = n <= content->bytes - at && memcmp(block, content->text + at, n) == 0;
		at += n;
	}
	if (file != NULL)
		fclose(file);
	return same && at == content->bytes;
}

static int path_of(const struct site *site, const char *name, char path[PATH_BYTES], struct fs_reason *why)
{
	if (snprintf(path, PATH_BYTES, "%s/%s", site->dir, name) < PATH_BYTES)
		return 0;
	return fs_because(why, -ENAMETOOLONG, "", "%s: the name is too long", site->dir);
}

int site_put(struct site *site, const char *name, const char *text, size_t bytes, struct fs_reason *why)
{
	struct content content = {text, bytes};
	char path[PATH_BYTES];
	int err = path_of(site, name, path, why);

	if (err == 0 && !is_registered(site, name) && register_name(site, name) != 0)
		err = fs_no_memory(why);
	if (err != 0)
		return err;
	if (is_same(path, &content)) {
		site->counts->same++;
		return 0;
	}
	err = replace_file(path, write_content, &content);
	if (err != 0)
		return fs_because(why, err, "", "%s: %s", path, strerror(-err));
	site->counts->written++;
	return 0;
}

static int make_folder(const char *path, struct fs_reason *why)
{
	struct stat status;
	int err = mkdir(path, 0777) == 0 ? 0 : errno;

	/* one that is there is fine, a link to one as well */
	if (err == EEXIST && stat(path, &status) == 0)
		err = S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
	/* -ENOENT would mean that there is no history */
	if (err == ENOENT)
		return fs_because(why, -ENOTDIR, "create the folder above it", "%s: %s", path, strerror(err));
	return err == 0 ? 0 : fs_because(why, -err, "", "%s: %s", path, strerror(err));
}

int site_folders(const struct site *site, struct fs_reason *why)
{
	char path[PATH_BYTES];
	int err = make_folder(site->dir, why);

	for (size_t i = 1; i < FS_ARRAY_SIZE(folders) && err == 0; i++) {
		err = path_of(site, folders[i], path, why);
		if (err == 0)
			err = make_folder(path, why);
	}
	return err;
}

/* ---- pages ----------------------------------------------------------------------------------------------- */

int site_page_begin(struct site_page *page, const char *title, const char *root, struct fs_reason *why)
{
	memset(page, 0, sizeof(*page));
	page->out = open_memstream(&page->text, &page->bytes);
	if (page->out == NULL)
		return fs_no_memory(why);
	fputs(MARK, page->out);
	html_print(page->out,
		"<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<title>%s</title>\n<link rel=\"stylesheet\" href=\"%sstyle.css\">\n"
		"<link rel=\"alternate\" type=\"application/atom+xml\" title=\"changes\" href=\"%sfeed.xml\">\n</head>\n<body>\n"
		"<nav class=\"bar\" aria-label=\"site\"><a href=\"%sindex.html\">Series</a> <a href=\"%schanges.html\">Changes</a> "
		"<a href=\"%sruns.html\">Runs</a> <a href=\"%sfeed.xml\">Feed</a></nav>\n<main>\n<h1>%s</h1>\n",
		title, root, root, root, root, root, root, title);
	return 0;
}

int site_page_end(struct site *site, struct site_page *page, const char *name, int err, struct fs_reason *why)
{
	if (page->out == NULL)
		return err;
	fputs("</main>\n</body>\n</html>\n", page->out);
	if (fclose(page->out) != 0 && err == 0)
		err = fs_no_memory(why);
	if (err == 0)
		err = site_put(site, name, page->text, page->bytes, why);
	free(page->text);
	memset(page, 0, sizeof(*page));
	return err;
}

/* ---- lists ----------------------------------------------------------------------------------------------- */

static void list_page_name(const struct site_list *list, size_t page, char name[SITE_NAME])
{
	if (page == 0)
		snprintf(name, SITE_NAME, "%s.html", list->name);
	else
		snprintf(name, SITE_NAME, "%s-%zu.html", list->name, page + 1);
}

/* The row after the last one of the page that starts with `first`. */
static size_t end_of_page(const struct site_list *list, size_t first)
{
	size_t bytes = 0, i = first;

	while (i < list->n && (i == first || bytes + list->row_bytes[i] <= SITE_PAGE_BYTES))
		bytes += list->row_bytes[i++];
	return i;
}

static void put_pager(const struct site_list *list, size_t page, size_t pages, FILE *out)
{
	char name[SITE_NAME];

	if (pages < 2)
		return;
	fputs("<nav class=\"pages\" aria-label=\"pages\">Page", out);
	for (size_t p = 0; p < pages; p++) {
		list_page_name(list, p, name);
		if (p == page)
			html_print(out, " <b>%zu</b>", p + 1);
		else
			html_print(out, " <a href=\"%s\">%zu</a>", name, p + 1);
	}
	fputs("</nav>\n", out);
}

static int put_list_page(
	struct site *site, const struct site_list *list, size_t first, size_t end, size_t number, size_t pages, struct fs_reason *why)
{
	struct site_page page;
	char name[SITE_NAME], title[120];
	int err;

	list_page_name(list, number, name);
	if (number == 0)
		snprintf(title, sizeof(title), "%s", list->title);
	else
		snprintf(title, sizeof(title), "%s, page %zu", list->title, number + 1);
	err = site_page_begin(&page, title, "", why);
	if (err != 0)
		return err;
	if (number == 0)
		list->first(site, page.out);
	put_pager(list, number, pages, page.out);
	if (list->n > 0) {
		fprintf(page.out, "<div class=\"table\" tabindex=\"0\"><table>\n<thead>%s</thead>\n<tbody>\n", list->table);
		for (size_t i = first; i < end; i++)
			fwrite(list->rows[i], 1, list->row_bytes[i], page.out);
		fputs("</tbody>\n</table></div>\n", page.out);
	}
	put_pager(list, number, pages, page.out);
	return site_page_end(site, &page, name, 0, why);
}

int site_put_list(struct site *site, const struct site_list *list, struct fs_reason *why)
{
	size_t pages = 0, first = 0;
	int err = 0;

	for (size_t i = 0; i < list->n; pages++)
		i = end_of_page(list, i);
	pages = pages > 0 ? pages : 1;
	for (size_t p = 0; p < pages && err == 0; p++) {
		size_t end = end_of_page(list, first);

		err = put_list_page(site, list, first, end, p, pages, why);
		first = end;
	}
	return err;
}

/* ---- old pages ------------------------------------------------------------------------------------------- */

static bool is_ours(const char *path)
{
	char start[sizeof(MARK) - 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	bool ours = fd >= 0 && read(fd, start, sizeof(start)) == (ssize_t)sizeof(start) && memcmp(start, MARK, sizeof(start)) == 0;

	if (fd >= 0)
		close(fd);
	return ours;
}

static int remove_old_in(struct site *site, const char *folder, struct fs_reason *why)
{
	char path[PATH_BYTES], name[SITE_NAME + 300];
	const struct dirent *entry;
	int err = path_of(site, folder, path, why);
	DIR *dir = err == 0 ? opendir(path) : NULL;

	if (dir == NULL)
		return err != 0 ? err : fs_because(why, -errno, "", "%s: %s", path, strerror(errno));
	while (err == 0 && (entry = readdir(dir)) != NULL) {
		const char *suffix = strrchr(entry->d_name, '.');

		snprintf(name, sizeof(name), "%s%s%s", folder, *folder != '\0' ? "/" : "", entry->d_name);
		if (suffix == NULL || strcmp(suffix, ".html") != 0 || is_registered(site, name))
			continue;
		err = path_of(site, name, path, why);
		if (err == 0 && is_ours(path) && unlink(path) == 0)
			site->counts->removed++;
	}
	closedir(dir);
	return err;
}

int site_remove_old(struct site *site, struct fs_reason *why)
{
	int err = 0;

	for (size_t i = 0; i < FS_ARRAY_SIZE(folders) && err == 0; i++)
		err = remove_old_in(site, folders[i], why);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * matrix_market.c - the file's lines are read one by one into a list of entries, then sorted by row and column; see matrix_market.h.
 */
#include "config.h"

#include "base/matrix_market.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/fnv.h"
#include "base/lines.h"

#define LINE_BYTES     1026	   /* the format allows 1024, and the newline */
#define ENTRIES_MAX    (1u << 31)  /* in the file */
#define EXACT_MAX      (1ll << 53) /* integers up to this are exact as a double */
#define ROWS_PER_ENTRY 16	   /* memory for rows must follow from the file, not from a claim */
#define ROWS_ANY       (1u << 16)  /* this many are fine without any entry */
#define WORDS	       6	   /* of a line; the longest that is right has five */

struct entry {
	uint32_t row, column;
	uint32_t line; /* for errors */
	double value;
};

struct reader {
	const char *path;
	struct lines lines;
	uint32_t line;
	char *word[WORDS];
	unsigned words;
	bool is_pattern, is_integer, is_symmetric;
	uint64_t rows, columns, claimed;
	struct entry *entries;
	size_t n;
	uint64_t bytes, digest;
	struct fs_reason *why;
};

/* An error at the current line. */
static int bad(struct reader *r, const char *remedy, const char *fmt, ...) FS_PRINTF(3, 4);
static int bad(struct reader *r, const char *remedy, const char *fmt, ...)
{
	struct fs_reason what;
	va_list ap;

	va_start(ap, fmt);
	fs_because_va(&what, 0, "", fmt, ap);
	va_end(ap);
	return fs_because(r->why, -EINVAL, remedy, "%s:%u: %s", r->path, r->line, what.what);
}

/* ---- lines and words */

/* The format is plain text; only comments may have more. */
static int check_bytes(struct reader *r, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '\r')
			return bad(r, "convert it: tr -d '\\r' <FILE >NEW", "a carriage return; expected lines that end with a newline alone");
		if (c != '\n' && c != '\t' && (c < ' ' || (c > '~' && (text[0] != '%' || r->line == 1))))
			return bad(r, "", "byte %zu is 0x%02x; expected plain text", i + 1, c);
	}
	return 0;
}

/* 1: a line, 0: the end, or -errno. */
static int next_line(struct reader *r)
{
	int got = lines_next(&r->lines), err;

	if (got < 0)
		return fs_no_memory(r->why);
	if (got == 0 && ferror(r->lines.file))
		return fs_because(r->why, -EIO, "", "%s cannot be read", r->path);
	if (got == 0)
		return 0;
	if (r->line == UINT32_MAX)
		return bad(r, "", "more lines than can be counted");
	r->line++;
	if (r->lines.len >= LINE_BYTES)
		return bad(r, "", "a line of %zu bytes; expected at most %d", r->lines.len, LINE_BYTES - 2);
	r->bytes += r->lines.len;
	r->digest = fnv_add(r->digest, r->lines.text, r->lines.len);
	err = check_bytes(r, r->lines.text, r->lines.len);
	return err != 0 ? err : 1;
}

static void split(struct reader *r)
{
	char *save, *text = r->lines.text;

	r->words = 0;
	for (char *word = strtok_r(text, " \t\n", &save); word != NULL && r->words < WORDS; word = strtok_r(NULL, " \t\n", &save))
		r->word[r->words++] = word;
}

/* The next line that is not blank, in words. Comments are allowed up to the size line. */
static int next_words(struct reader *r, bool comments)
{
	int got;

	do {
		got = next_line(r);
		if (got > 0 && r->lines.text[0] == '%' && !comments)
			return bad(r, "", "a comment among the entries; expected them before the size line only");
		r->words = 0;
		if (got > 0 && r->lines.text[0] != '%')
			split(r);
	} while (got > 0 && r->words == 0);
	return got;
}

/* Digits only: no sign, no blank, no overflow. */
static bool parse_whole(const char *text, uint64_t *value)
{
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno == 0 && *end == '\0';
}

static bool parse_integer(const char *text, double *value)
{
	const char *digits = text + (text[0] == '-' || text[0] == '+');
	uint64_t whole;

	if (!parse_whole(digits, &whole) || whole > EXACT_MAX)
		return false;
	*value = text[0] == '-' ? -(double)whole : (double)whole;
	return true;
}

/* No NaN, no infinity, no hexadecimal. */
static bool parse_real(const char *text, double *value)
{
	char *end;

	if (text[strspn(text, "0123456789+-.eE")] != '\0')
		return false;
	*value = strtod(text, &end);
	return end != text && *end == '\0' && isfinite(*value);
}

/* ---- the head */

static int read_banner(struct reader *r)
{
	int got = next_line(r);

	if (got < 0)
		return got;
	r->line = got == 0 ? 1 : r->line;
	if (got > 0)
		split(r);
	if (got == 0 || r->words == 0 || strcmp(r->word[0], "%%MatrixMarket") != 0)
		return bad(r, "is this the right file?", "expected %%%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric");
	if (r->words != 5)
		return bad(r, "", "expected five words: %%%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric");
	if (strcasecmp(r->word[1], "matrix") != 0)
		return bad(r, "", "object %s; expected matrix", r->word[1]);
	if (strcasecmp(r->word[2], "coordinate") != 0)
		return bad(r, "", "format %s; expected coordinate, which lists the elements that are not zero", r->word[2]);
	r->is_pattern = strcasecmp(r->word[3], "pattern") == 0;
	r->is_integer = strcasecmp(r->word[3], "integer") == 0;
	if (!r->is_pattern && !r->is_integer && strcasecmp(r->word[3], "real") != 0)
		return bad(r, "", "field %s; expected real, integer or pattern", r->word[3]);
	r->is_symmetric = strcasecmp(r->word[4], "symmetric") == 0;
	if (!r->is_symmetric && strcasecmp(r->word[4], "general") != 0)
		return bad(r, "", "symmetry %s; expected general or symmetric", r->word[4]);
	return 0;
}

/* How many entries fit, at most: each place once. */
static bool claims_too_many(const struct reader *r)
{
	uint64_t places = r->is_symmetric ? r->rows * (r->rows + 1) / 2 : r->rows * r->columns;

	return r->claimed > places;
}

static int read_size(struct reader *r)
{
	int got = next_words(r, true);

	if (got < 0)
		return got;
	if (got == 0)
		return bad(r, "is the file complete?", "the file ends here; expected the size line: ROWS COLUMNS ENTRIES");
	if (r->words != 3 || !parse_whole(r->word[0], &r->rows) || !parse_whole(r->word[1], &r->columns) || !parse_whole(r->word[2], &r->claimed))
		return bad(r, "", "expected the size line: ROWS COLUMNS ENTRIES, three whole numbers");
	if (r->rows == 0 || r->columns == 0 || r->rows >= UINT32_MAX || r->columns >= UINT32_MAX)
		return bad(r, "", "%s x %s; expected from 1 to %u rows and columns", r->word[0], r->word[1], UINT32_MAX - 1);
	if (r->is_symmetric && r->rows != r->columns)
		return bad(r, "", "symmetric, but %s x %s; expected as many rows as columns", r->word[0], r->word[1]);
	if (claims_too_many(r))
		return bad(r, "", "%s entries; there are not as many places in %s x %s", r->word[2], r->word[0], r->word[1]);
	if (r->claimed > ENTRIES_MAX)
		return bad(r, "", "%s entries; expected at most %u", r->word[2], ENTRIES_MAX);
	return 0;
}

/* ---- the entries */

static int parse_place(struct reader *r, unsigned word, uint64_t limit, const char *what, uint32_t *place)
{
	uint64_t value = 0;

	if (!parse_whole(r->word[word], &value) || value == 0 || value > limit)
		return bad(r, "", "%s %s; expected a whole number from 1 to %llu", what, r->word[word], (unsigned long long)limit);
	*place = (uint32_t)(value - 1);
	return 0;
}

static int parse_entry(struct reader *r, struct entry *entry)
{
	int err;

	*entry = (struct entry){.line = r->line, .value = 1};
	if (r->words != (r->is_pattern ? 2u : 3u))
		return bad(r, "", r->is_pattern ? "expected ROW COLUMN, since it is a pattern" : "expected ROW COLUMN VALUE");
	err = parse_place(r, 0, r->rows, "row", &entry->row);
	if (err == 0)
		err = parse_place(r, 1, r->columns, "column", &entry->column);
	if (err != 0)
		return err;
	if (r->is_integer && !parse_integer(r->word[2], &entry->value))
		return bad(r, "", "value %s; expected an integer that a double has exactly", r->word[2]);
	if (!r->is_pattern && !r->is_integer && !parse_real(r->word[2], &entry->value))
		return bad(r, "", "value %s; expected a finite decimal number", r->word[2]);
	if (r->is_symmetric && entry->column > entry->row)
		return bad(r, "leave out the upper half, or declare it general",
			"row %s, column %s is above the diagonal; expected the lower half of a symmetric matrix alone", r->word[0], r->word[1]);
	return 0;
}

static int read_entries(struct reader *r)
{
	int got, err = 0;

	while (err == 0 && (got = next_words(r, false)) != 0) {
		struct entry entry;

		if (got < 0)
			return got;
		if (r->n == r->claimed)
			return bad(r, "", "more entries than the %llu of the size line", (unsigned long long)r->claimed);
		err = parse_entry(r, &entry);
		if (err == 0)
			err = ARRAY_ADD(r->entries, r->n, ENTRIES_MAX, "entries", r->why);
		if (err == 0)
			r->entries[r->n++] = entry;
	}
	if (err == 0 && r->n < r->claimed)
		return bad(r, "is the file complete?", "the file ends after %zu of %llu entries", r->n, (unsigned long long)r->claimed);
	if (err == 0 && r->rows > ROWS_ANY && r->rows / ROWS_PER_ENTRY > r->n)
		return bad(r, "", "%llu rows with %zu entries; expected at least an entry for %d rows", (unsigned long long)r->rows, r->n,
			ROWS_PER_ENTRY);
	return err;
}

/* ---- from a list to rows */

static int by_column(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return x->column != y->column ? (x->column < y->column ? -1 : 1) : (x->line > y->line) - (x->line < y->line);
}

/* Where each row begins, in first; first[row + 1] is where its next entry goes until all are there. */
static void spread(const struct reader *r, uint64_t *first, struct entry *sorted)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct entry *e = &r->entries[i];

		first[e->row + 1]++;
		if (r->is_symmetric && e->row != e->column)
			first[e->column + 1]++;
	}
	for (uint64_t row = 0; row < r->rows; row++)
		first[row + 1] += first[row];
	/* Filled from behind: afterwards first[row + 1] is where row begins. */
	for (size_t i = r->n; i-- > 0;) {
		struct entry e = r->entries[i];

		sorted[--first[e.row + 1]] = e;
		if (r->is_symmetric && e.row != e.column)
			sorted[--first[e.column + 1]] = (struct entry){.row = e.column, .column = e.row, .line = e.line, .value = e.value};
	}
}

static int sort_row(struct reader *r, struct entry *row, size_t n)
{
	bool ascends = true;

	for (size_t i = 1; i < n; i++)
		ascends = ascends && row[i - 1].column < row[i].column;
	if (ascends)
		return 0;
	qsort(row, n, sizeof(*row), by_column);
	for (size_t i = 1; i < n; i++) {
		if (row[i - 1].column != row[i].column)
			continue;
		r->line = row[i].line;
		return bad(r, "", "row %u, column %u is there twice: in line %u, too", row[i].row + 1, row[i].column + 1, row[i - 1].line);
	}
	return 0;
}

static int build(struct reader *r, struct matrix_market *m)
{
	size_t all = 0, room;
	struct entry *sorted;
	int err = 0;

	for (size_t i = 0; i < r->n; i++)
		all += r->is_symmetric && r->entries[i].row != r->entries[i].column ? 2 : 1;
	room = all != 0 ? all : 1;
	*m = (struct matrix_market){.rows = r->rows, .columns = r->columns, .entries = all, .bytes = r->bytes, .digest = r->digest};
	sorted = reallocarray(NULL, room, sizeof(*sorted));
	m->first = calloc(r->rows + 2, sizeof(*m->first));
	m->column = reallocarray(NULL, room, sizeof(*m->column));
	m->value = r->is_pattern ? NULL : reallocarray(NULL, room, sizeof(*m->value));
	if (sorted == NULL || m->first == NULL || m->column == NULL || (m->value == NULL && !r->is_pattern)) {
		err = fs_no_memory(r->why);
		goto out;
	}
	spread(r, m->first, sorted);
	memmove(m->first, m->first + 1, r->rows * sizeof(*m->first));
	m->first[r->rows] = all;
	for (uint64_t row = 0; row < r->rows && err == 0; row++)
		err = sort_row(r, sorted + m->first[row], m->first[row + 1] - m->first[row]);
	for (size_t i = 0; i < all && err == 0; i++) {
		m->column[i] = sorted[i].column;
		if (m->value != NULL)
			m->value[i] = sorted[i].value;
	}
out:
	free(sorted);
	return err;
}

static FILE *open_regular(const char *path, struct fs_reason *why)
{
	/* Not to wait where it is a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	FILE *file = NULL;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		fs_because(why, -errno, "", "cannot read %s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		fs_because(why, -(errno = EINVAL), "", "%s is no regular file", path);
	else
		file = fdopen(fd, "r");
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

int matrix_market_read(const char *path, struct matrix_market *matrix, struct fs_reason *why)
{
	struct reader *r = calloc(1, sizeof(*r));
	int err;

	*matrix = (struct matrix_market){0};
	if (r == NULL)
		return fs_no_memory(why);
	r->path = path;
	r->why = why;
	r->digest = FNV_BEGIN;
	r->lines.limit = LINE_BYTES;
	r->lines.file = open_regular(path, why);
	err = r->lines.file != NULL ? read_banner(r) : -errno;
	if (err == 0)
		err = read_size(r);
	if (err == 0)
		err = read_entries(r);
	if (err == 0)
		err = build(r, matrix);
	if (err != 0)
		matrix_market_free(matrix);
	if (r->lines.file != NULL)
		fclose(r->lines.file);
	lines_free(&r->lines);
	free(r->entries);
	free(r);
	return err;
}

void matrix_market_free(struct matrix_market *matrix)
{
	free(matrix->first);
	free(matrix->column);
	free(matrix->value);
	*matrix = (struct matrix_market){0};
}

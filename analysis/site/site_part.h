/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * site_part.h - what the files of the site share: its runs, series and groups of changes, each with the page it is on.
 */
#ifndef FIVESTEP_SITE_PART_H
#define FIVESTEP_SITE_PART_H

#include <stdio.h>

#include "analysis/site/site.h"
#include "base/lookup.h"

#define SITE_NONE	SIZE_MAX
#define SITE_NAME	120    /* bytes of a page's name */
#define SITE_PAGE_BYTES 400000 /* of the rows of a page that is one of several: with head and last row it stays far below a megabyte */
#define SITE_FAR	20     /* values that a run's page shows */
#define SITE_COMMIT	12     /* characters of a commit's id */

/* A value and the level that its series had then. */
struct site_far {
	size_t series;
	double value, level, pct;
};

struct site_run {
	char file[SITE_NAME];
	char *run_id, *digest, *started, *clock, *fingerprint, *plan, *path, *commit, *kernel;
	int64_t id, metrics, bad;
	size_t before;		       /* rank of the run before it, on this machine and under this clock, or SITE_NONE */
	struct site_far far[SITE_FAR]; /* the values furthest from their level, the furthest first */
	size_t n_far;
};

struct site_series {
	char file[SITE_NAME];
	size_t newest; /* 1 + rank of the run of the newest change; 0 if there is none */
	char *row;     /* of the page of all series */
	size_t row_bytes;
};

/* Changes with the same two runs: one event, with one page. */
struct site_group {
	char file[SITE_NAME];
	size_t first, n;   /* of site.order */
	size_t before, at; /* ranks */
	bool drift;
	size_t states[HISTORY_STATES];
	char *what; /* what differed, in a line: "kernel 6.12.1 -> 6.13.0"; of a drift, that it is one */
};

struct site {
	const struct history *history;
	const struct index *index;
	const char *dir;
	struct site_run *runs;		     /* by rank */
	struct site_series *series;	     /* as history->series */
	const struct history_change **order; /* all changes, the newest first */
	struct site_group *groups;	     /* likewise */
	size_t n_groups;
	bool one_machine;    /* and one clock */
	struct lookup names; /* hashes of the pages' names */
	struct site_counts *counts;
};

/* ---- site_file.c ---- */

/* A unique name FOLDER/SLUG-HASH.html: letters and digits of text, and a hash of the key. Returns 0 or -ENOMEM. */
int site_name(struct site *site, const char *folder, const char *text, uint64_t key, char name[SITE_NAME]);
/* A page in memory. root: "" for a page in the folder itself, "../" for one in a folder of it. */
struct site_page {
	FILE *out;
	char *text;
	size_t bytes;
};
int site_page_begin(struct site_page *page, const char *title, const char *root, struct fs_reason *why);
/* Writes it, unless the file has this very text. Call it in any case; with err, nothing is written and err is returned. */
int site_page_end(struct site *site, struct site_page *page, const char *name, int err, struct fs_reason *why);
/* The same for a file that is no page. */
int site_put(struct site *site, const char *name, const char *text, size_t bytes, struct fs_reason *why);
int site_folders(const struct site *site, struct fs_reason *why);
/* Removes pages that an earlier site wrote and this one did not. */
int site_remove_old(struct site *site, struct fs_reason *why);

/* Rows spread over pages NAME.html, NAME-2.html...; the first page starts with first(). */
struct site_list {
	const char *name, *title, *table; /* table: head of the table, markup */
	void (*first)(struct site *site, FILE *out);
	char **rows; /* markup of each */
	size_t *row_bytes;
	size_t n;
};
int site_put_list(struct site *site, const struct site_list *list, struct fs_reason *why);

/* ---- the pages ---- */

int site_read_runs(struct site *site, struct fs_reason *why);
void site_free_runs(struct site *site);
int site_put_runs(struct site *site, struct fs_reason *why);

int site_read_groups(struct site *site, struct fs_reason *why);
void site_free_groups(struct site *site);
/* The group that a change is in. */
const struct site_group *site_group_of(const struct site *site, const struct history_change *change);
/* What stands above the list of all series: the verdict, and the newest changes. */
void site_put_verdict(struct site *site, FILE *out);
int site_put_groups(struct site *site, struct fs_reason *why);
int site_put_feed(struct site *site, struct fs_reason *why);
/* The two runs of a change compared as by fivestep compare, where their files are still there. */
int site_put_comparison(const struct site *site, const struct site_group *group, FILE *out, struct fs_reason *why);
/* A table of what differs between two runs: NAME, BEFORE, AFTER. *n counts the rows. */
int site_put_differences(const struct site *site, size_t before, size_t at, FILE *out, size_t *n, struct fs_reason *why);

/* Writes the page of each series, and notes its row and the runs' far values. */
int site_put_series(struct site *site, struct fs_reason *why);
int site_put_index(struct site *site, struct fs_reason *why);

/* ---- words ---- */

/* "3 worse, 1 better" */
void site_states_text(const size_t states[HISTORY_STATES], char *text, size_t bytes);
/* "+5.0 %", "-0.09 % a run", "" if it has no percentage */
void site_change_text(const struct history_change *change, char *text, size_t bytes);
/* "2026-01-31 01234567" */
void site_run_text(const struct site_run *run, char *text, size_t bytes);
extern const char *const site_state_words[HISTORY_STATES];

/* ---- site_chart.c ---- */

struct site_chart {
	const struct site *site;
	const struct index_series *series;
	const struct history_line *line;
	const struct history_change *changes; /* of this series: they are adjacent */
	size_t n_changes;
};
/* A few pixels high, for a table. */
void site_put_sparkline(FILE *out, const struct site_chart *chart);
void site_put_chart(FILE *out, const struct site_chart *chart);
/* The level at a point: the median of the values between two changes. */
double site_level(const struct site_chart *chart, size_t i);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session.h - `fivestep ab`: two sides (variants) measured alternately, round by round, so that slow drift affects both alike.
 *
 * The rounds of each side go to an ordinary run file whose run record names the session, so that compare can compare each round with its
 * partner. Two rounds are measured as A B B A or B A A B; the seed decides which.
 */
#ifndef FIVESTEP_SESSION_H
#define FIVESTEP_SESSION_H

#include "analysis/compare/compare.h"
#include "results/writer.h"
#include "command/side.h"

#define SESSION_SIDES	   2
#define SESSION_ROUNDS_MIN 16 /* with fewer pairs, p cannot get small enough for a correction over a hundred metrics */
#define SESSION_ROUNDS_MAX 48
/* Limits of what the command line and a file may ask for. */
#define SESSION_ROUNDS_LIMIT 100000
#define SESSION_TURN_LIMIT   1000

struct session_options {
	const char *sides[SESSION_SIDES]; /* side.h */
	char *const *words;		  /* arguments of `run`, for both sides */
	size_t n_words;
	unsigned rounds_min, rounds_max; /* 0: the defaults above */
	unsigned turn;			 /* rounds per turn: more than one if starting is expensive */
	double time_limit_s;		 /* 0: none */
	double margin_pct;		 /* a session ends when all is decided against this margin; 0: the default */
	uint64_t seed;
	bool quiet;
};

struct session {
	struct session_options options;
	struct side sides[SESSION_SIDES];
	char paths[SESSION_SIDES][512];
	struct writer records[SESSION_SIDES];
	unsigned rounds[SESSION_SIDES]; /* number of rounds that each side has */
	unsigned cells[SESSION_SIDES];
	bool skipped[SESSION_SIDES];
	char id[64];
	const char *stop; /* why the session ended, as in the end record */
	json_t *kept;	  /* the session object of the file being resumed */
	uint64_t began_ns;
	unsigned turns; /* taken by this process */
};

extern const char *const session_side_names[SESSION_SIDES]; /* as in options and names of files */

/* Creates STEM-a.jsonl and STEM-b.jsonl. Call session_free() in every case. */
int session_start(struct session *session, const struct session_options *options, const char *stem, struct fs_reason *why);
/*
 * Resumes both files. What is executed comes from the options, never from the files; the files must only agree with them. Numbers that are 0 in the
 * options are taken from the files, and so is the seed unless it is given (seeded).
 */
int session_resume(struct session *session, const struct session_options *options, bool seeded, const char *stem, struct fs_reason *why);
/* Measures until everything is decided, a limit on rounds or time is reached, or *stop is set. What was measured is kept in every case. */
int session_run(struct session *session, const volatile sig_atomic_t *stop, struct fs_reason *why);
void session_free(struct session *session);

/* What both files say so far; each member points into those before it. 0 or -errno; call session_result_free() in every case. */
struct session_result {
	struct runfile runs[SESSION_SIDES];
	struct summary summaries[SESSION_SIDES];
	struct comparison comparison;
};
int session_compare(const struct session *session, struct session_result *result, struct fs_reason *why);
void session_result_free(struct session_result *result);

#endif

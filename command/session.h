/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session.h - two sides measured in turns, round by round, so that what changes slowly hits both alike: `fivestep ab`.
 *
 * Each side's rounds are kept in an ordinary run file whose run record names the session; compare sees the pair and compares each round
 * with its partner. In every two rounds the order is A B B A or B A A B, drawn from the seed.
 */
#ifndef FIVESTEP_SESSION_H
#define FIVESTEP_SESSION_H

#include "analysis/compare/compare.h"
#include "results/writer.h"
#include "command/side.h"

#define SESSION_SIDES	   2
#define SESSION_ROUNDS_MIN 16 /* fewer pairs cannot give a small enough p beside a hundred metrics */
#define SESSION_ROUNDS_MAX 48
/* What may be asked for, on the command line as in a file. */
#define SESSION_ROUNDS_LIMIT 100000
#define SESSION_TURN_LIMIT   1000

struct session_options {
	const char *sides[SESSION_SIDES]; /* side.h */
	char *const *words;		  /* of run, for both */
	size_t n_words;
	unsigned rounds_min, rounds_max; /* 0: the defaults above */
	unsigned turn;			 /* rounds a turn: more where a start costs much */
	double time_limit_s;		 /* 0: none */
	double margin_pct;		 /* what is decided is decided against this; 0: the default */
	uint64_t seed;
	bool quiet;
};

struct session {
	struct session_options options;
	struct side sides[SESSION_SIDES];
	char paths[SESSION_SIDES][512];
	struct writer records[SESSION_SIDES];
	unsigned rounds[SESSION_SIDES]; /* that each has */
	unsigned cells[SESSION_SIDES];
	bool skipped[SESSION_SIDES];
	char id[64];
	const char *stop; /* why it ended, as in the end record */
	json_t *kept;	  /* the session object of a file that is resumed */
	uint64_t began_ns;
	unsigned turns; /* taken by this process */
};

extern const char *const session_side_names[SESSION_SIDES]; /* as in options and names of files */

/* New files STEM-a.jsonl and STEM-b.jsonl. session_free() takes it in any case. */
int session_start(struct session *session, const struct session_options *options, const char *stem, struct fs_reason *why);
/*
 * Resumes both. What is run is what the options say, and the files must say the same: they are never a source of commands. Numbers that the
 * options leave at 0 are the files', the seed too unless it is given (seeded).
 */
int session_resume(struct session *session, const struct session_options *options, bool seeded, const char *stem, struct fs_reason *why);
/* Turns until all is decided, or rounds, time or patience (*stop) are at their end. What was measured is kept in every case. */
int session_run(struct session *session, const volatile sig_atomic_t *stop, struct fs_reason *why);
void session_free(struct session *session);

/* What both files say so far; each part points into those before it. 0 or -errno; session_result_free() takes it in any case. */
struct session_result {
	struct runfile runs[SESSION_SIDES];
	struct summary summaries[SESSION_SIDES];
	struct comparison comparison;
};
int session_compare(const struct session *session, struct session_result *result, struct fs_reason *why);
void session_result_free(struct session_result *result);

#endif

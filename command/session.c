/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session.c - measures two sides in turns and writes their two run files; see session.h.
 */
#include "config.h"

#include "command/session.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analysis/statistics/looks.h"
#include "base/duration.h"
#include "base/mix.h"
#include "base/stamp.h"
#include "base/terminal.h"
#include "command/command.h"
#include "harness/run/progress.h"

const char *const session_side_names[SESSION_SIDES] = {"a", "b"};

/* ---- run files */

/* The session object of the run record: all that is needed to resume. */
static json_t *session_json(const struct session *session, int side)
{
	const struct session_options *options = &session->options;
	json_t *words = json_array();

	for (size_t i = 0; i < options->n_words; i++)
		json_array_append_new(words, json_string(options->words[i]));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:i, s:f, s:f, s:I}", "id", session->id, "side", session_side_names[side],
		"command", options->sides[side], "a", options->sides[0], "b", options->sides[1], "words", words, "turn", (int)options->turn,
		"rounds_min", (int)options->rounds_min, "rounds_max", (int)options->rounds_max, "time_limit_s", options->time_limit_s, "margin_pct",
		options->margin_pct, "seed", (json_int_t)options->seed);
}

static int keep_header(struct session *session, int side, json_t *line, struct fs_reason *why)
{
	const json_t *cells = json_object_get(line, "cells");
	json_t *options = json_object_get(line, "options");

	session->cells[side] = (unsigned)json_array_size(cells);
	if (session->rounds[side] != 0)
		return 0;
	json_object_set_new(line, "session", session_json(session, side));
	json_object_set_new(line, "seed", json_integer((json_int_t)session->options.seed));
	json_object_set_new(options, "rounds_min", json_integer(session->options.rounds_min));
	json_object_set_new(options, "rounds_max", json_integer(session->options.rounds_max));
	return writer_line(&session->records[side], json_incref(line), why);
}

/* The rounds of a turn are renumbered to continue those of the session. A skip is recorded only once. */
static int keep_round(struct session *session, int side, json_t *line, struct fs_reason *why)
{
	json_int_t number = json_integer_value(json_object_get(line, "round"));
	const char *verdict = json_string_value(json_object_get(line, "verdict"));

	if (session->rounds[side] != 0 && verdict != NULL && strcmp(verdict, "skip") == 0)
		return 0;
	json_object_set_new(line, "round", json_integer(number + session->rounds[side]));
	return writer_line(&session->records[side], json_incref(line), why);
}

static int keep_line(struct session *session, int side, const char *text, struct fs_reason *why)
{
	json_t *line = json_loads(text, 0, NULL);
	const char *type = json_string_value(json_object_get(line, "type"));
	int err = 0;

	if (type == NULL)
		err = fs_because(why, -EBADMSG, "", "side %s wrote a line that is not a record", session_side_names[side]);
	else if (strcmp(type, "run") == 0)
		err = keep_header(session, side, line, why);
	else if (strcmp(type, "round") == 0)
		err = keep_round(session, side, line, why);
	json_decref(line);
	return err;
}

static int keep_turn(struct session *session, int side, const char *path, struct fs_reason *why)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t capacity = 0;
	int err = 0;

	if (file == NULL)
		return fs_because(why, -errno, "", "side %s wrote no run file: %s", session_side_names[side], strerror(errno));
	while (err == 0 && getline(&text, &capacity, file) > 0)
		err = keep_line(session, side, text, why);
	free(text);
	fclose(file);
	return err;
}

/* ---- turns */

static int take_turn(struct session *session, int side, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	char path[sizeof(session->paths[side]) + 8];
	unsigned round = session->rounds[side];
	struct side_turn turn = {
		.words = session->options.words,
		.n_words = session->options.n_words,
		.rounds = session->options.turn,
		.seed = mix64(session->options.seed + round) >> 32, /* the same for both sides: same data, same order of cells */
		.output = path,
	};
	int status = 0, err;

	snprintf(path, sizeof(path), "%s.turn", session->paths[side]);
	unlink(path);
	err = side_run(&session->sides[side], &turn, stop, &status, why);
	if (err == 0)
		err = keep_turn(session, side, path, why);
	unlink(path);
	if (err != 0)
		return err;
	session->skipped[side] = status == EXIT_ALL_SKIPPED;
	session->rounds[side] = round + session->options.turn;
	session->turns++;
	return 0;
}

static double elapsed_s(const struct session *session)
{
	return (double)(fs_now() - session->began_ns) / 1e9;
}

static unsigned rounds_done(const struct session *session)
{
	return session->rounds[0] < session->rounds[1] ? session->rounds[0] : session->rounds[1];
}

static void show_progress(const struct session *session)
{
	const struct session_options *options = &session->options;
	unsigned done = rounds_done(session), to = done < options->rounds_min ? options->rounds_min : options->rounds_max;
	double turn_s = session->turns != 0 ? elapsed_s(session) / session->turns : NAN;
	double left_s = turn_s * SESSION_SIDES * (to - done) / options->turn;
	char eta[DURATION_TEXT];

	if (options->quiet || !terminal_erases(stderr))
		return;
	if (options->time_limit_s > 0)
		left_s = fmin(left_s, fmax(0, options->time_limit_s - elapsed_s(session)));
	duration_put(left_s, eta);
	fprintf(stderr, "\r\033[Kround %u of %u%s%.0u, sides a and b  ETA %s", done + 1, options->rounds_min,
		options->rounds_max > options->rounds_min ? " to " : "", options->rounds_max > options->rounds_min ? options->rounds_max : 0,
		session->turns != 0 ? eta : "?");
}

static void clear_progress(const struct session *session)
{
	if (!session->options.quiet && terminal_erases(stderr))
		fputs("\r\033[K", stderr);
}

int session_compare(const struct session *session, struct session_result *result, struct fs_reason *why)
{
	int err = 0;

	memset(result, 0, sizeof(*result));
	for (int i = 0; i < SESSION_SIDES && err == 0; i++) {
		err = runfile_load(session->paths[i], &result->runs[i], why);
		if (err == 0 && summary_make(&result->runs[i], &result->summaries[i]) != 0)
			err = fs_no_memory(why);
	}
	if (err == 0 && compare_make(&result->summaries[0], &result->summaries[1], session->options.margin_pct, &result->comparison) != 0)
		err = fs_no_memory(why);
	return err;
}

void session_result_free(struct session_result *result)
{
	compare_free(&result->comparison);
	for (int i = 0; i < SESSION_SIDES; i++) {
		summary_free(&result->summaries[i]);
		runfile_free(&result->runs[i]);
	}
}

/* Whether no metric is undecided. */
static bool is_decided(const struct session *session)
{
	struct session_result result;
	bool decided = session_compare(session, &result, NULL) == 0 && compare_is_decided(&result.comparison);

	session_result_free(&result);
	return decided;
}

/* NULL as long as the session continues. */
static const char *why_stop(const struct session *session, const volatile sig_atomic_t *stop)
{
	const struct session_options *options = &session->options;
	const struct looks_plan looks = {.rounds_min = options->rounds_min, .rounds_max = options->rounds_max, .turn = options->turn};
	unsigned done = rounds_done(session);

	if (*stop)
		return "interrupted";
	if (session->skipped[0] || session->skipped[1])
		return "skip";
	if (session->rounds[0] != session->rounds[1])
		return NULL;
	if (done >= options->rounds_max)
		return "rounds";
	if (looks_due(&looks, done) && is_decided(session))
		return "decided";
	return options->time_limit_s > 0 && elapsed_s(session) >= options->time_limit_s ? "time" : NULL;
}

/* The side that starts a turn: drawn for every pair of turns; the other side starts the second of them. */
static int first_side(const struct session *session)
{
	unsigned turn = rounds_done(session) / session->options.turn;

	return (int)((mix64(session->options.seed ^ mix64(turn / 2)) ^ turn) & 1);
}

static int end_file(struct session *session, int side, struct fs_reason *why)
{
	json_t *cells = json_array();
	char at[STAMP_TEXT];

	for (unsigned i = 0; i < session->cells[side]; i++)
		json_array_append_new(
			cells, json_pack("{s:i, s:i, s:s}", "cell", (int)i, "rounds", (int)session->rounds[side], "stop", session->stop));
	stamp_utc(at);
	return writer_line(
		&session->records[side], json_pack("{s:s, s:s, s:s, s:o}", "type", "end", "at", at, "stop", session->stop, "cells", cells), why);
}

int session_run(struct session *session, const volatile sig_atomic_t *stop, struct fs_reason *why)
{
	int err = 0;

	session->began_ns = fs_now();
	session->stop = why_stop(session, stop);
	while (err == 0 && session->stop == NULL) {
		int first = first_side(session);

		for (int i = 0; i < SESSION_SIDES && err == 0; i++) {
			int side = first ^ i;

			/* An interrupted session may have left one side a turn ahead. */
			if (session->rounds[side] > session->rounds[!side])
				continue;
			show_progress(session);
			err = take_turn(session, side, stop, why);
		}
		session->stop = why_stop(session, stop);
	}
	clear_progress(session);
	/* An interrupted turn has no partner and is dropped. */
	if (err == -EINTR)
		err = 0;
	for (int i = 0; i < SESSION_SIDES && err == 0; i++)
		if (session->rounds[i] != 0)
			err = end_file(session, i, why);
	/* Nothing was kept: files that this session created are removed. */
	for (int i = 0; i < SESSION_SIDES && session->rounds[0] == 0 && session->rounds[1] == 0; i++)
		writer_discard(&session->records[i]);
	return err;
}

void session_free(struct session *session)
{
	for (int i = 0; i < SESSION_SIDES; i++) {
		writer_close(&session->records[i]);
		side_free(&session->sides[i]);
	}
	json_decref(session->kept);
	memset(session, 0, sizeof(*session));
}

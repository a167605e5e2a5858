/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * session_start.c - starts and resumes sessions; see session.h.
 */
#include "config.h"

#include "command/session.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"

/* These texts go into the run records. */
static int check_texts(const struct session_options *options, struct fs_reason *why)
{
	for (int i = 0; i < SESSION_SIDES; i++)
		if (text_bad_byte(options->sides[i]) >= 0)
			return fs_because(why, -EINVAL, "", "--%s '%s': byte %ld is not UTF-8", session_side_names[i], options->sides[i],
				text_bad_byte(options->sides[i]) + 1);
	for (size_t i = 0; i < options->n_words; i++)
		if (text_bad_byte(options->words[i]) >= 0)
			return fs_because(why, -EINVAL, "", "%s: byte %ld is not UTF-8", options->words[i], text_bad_byte(options->words[i]) + 1);
	return 0;
}

static int parse_sides(struct session *session, struct fs_reason *why)
{
	int err = check_texts(&session->options, why);

	for (int i = 0; i < SESSION_SIDES && err == 0; i++)
		err = side_parse(session_side_names[i], session->options.sides[i], &session->sides[i], why);
	return err;
}

static int name_files(struct session *session, const char *stem, struct fs_reason *why)
{
	for (int i = 0; i < SESSION_SIDES; i++)
		if ((size_t)snprintf(session->paths[i], sizeof(session->paths[i]), "%s-%s.jsonl", stem, session_side_names[i]) >=
			sizeof(session->paths[i]))
			return fs_because(why, -ENAMETOOLONG, "use a shorter name", "the stem %s... is longer than %zu bytes", stem,
				sizeof(session->paths[i]) - sizeof("-a.jsonl"));
	return 0;
}

int session_start(struct session *session, const struct session_options *options, const char *stem, struct fs_reason *why)
{
	uint32_t b[4] = {0};
	int err;

	memset(session, 0, sizeof(*session));
	session->options = *options;
	if (session->options.rounds_min == 0)
		session->options.rounds_min = SESSION_ROUNDS_MIN;
	if (session->options.rounds_max == 0)
		session->options.rounds_max = SESSION_ROUNDS_MAX;
	if (session->options.rounds_max < session->options.rounds_min)
		session->options.rounds_max = session->options.rounds_min;
	if (session->options.turn == 0)
		session->options.turn = 1;
	if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
		b[0] = (uint32_t)fs_now();
	snprintf(session->id, sizeof(session->id), "%08x%08x%08x%08x", b[0], b[1], b[2], b[3]);
	err = name_files(session, stem, why);
	if (err == 0)
		err = parse_sides(session, why);
	for (int i = 0; i < SESSION_SIDES && err == 0; i++)
		err = writer_create(&session->records[i], session->paths[i], why);
	return err;
}

/* The start of the first word in which two texts differ. */
static size_t differ_at(const char *a, const char *b)
{
	size_t at = 0;

	while (a[at] != '\0' && a[at] == b[at])
		at++;
	while (at > 0 && a[at - 1] != ' ')
		at--;
	return at;
}

static int other(const struct session *session, const char *what, const char *here, const char *there, struct fs_reason *why)
{
	size_t at = differ_at(here, there);
	const char *cut = at > 0 ? "..." : "";

	return fs_because(why, -EINVAL,
		"repeat the command that started the session (do not copy it from a file of others), or start a new one with -o",
		"%s is '%s%s' here, and '%s%s' in %s", what, cut, here + at, cut, there + at, session->paths[0]);
}

/* What is executed comes from the command line alone, never from a file. The file only tells whether it is the same. */
static int same_commands(const struct session *session, struct fs_reason *why)
{
	const struct session_options *options = &session->options;
	const json_t *words = json_object_get(session->kept, "words");
	size_t n = json_array_size(words);
	char what[64];

	for (int i = 0; i < SESSION_SIDES; i++) {
		const char *kept = json_string_value(json_object_get(session->kept, session_side_names[i]));

		if (kept == NULL)
			return fs_because(why, -EINVAL, "start a new session", "%s was not written by fivestep ab", session->paths[0]);
		if (strcmp(kept, options->sides[i]) != 0)
			return other(session, i == 0 ? "side a" : "side b", options->sides[i], kept, why);
	}
	for (size_t i = 0; i < n || i < options->n_words; i++) {
		const char *kept = i < n ? json_string_value(json_array_get(words, i)) : "";
		const char *here = i < options->n_words ? options->words[i] : "";

		snprintf(what, sizeof(what), "argument %zu for both sides", i + 1);
		if (kept == NULL || strcmp(kept, here) != 0 || i >= n || i >= options->n_words)
			return other(session, what, here, kept != NULL ? kept : "", why);
	}
	return 0;
}

/* A number of the session: from the file unless the command line gives one; 0 means not given. */
static int take_number(const struct session *session, const char *name, double here, double min, double max, double *taken, struct fs_reason *why)
{
	const json_t *member = json_object_get(session->kept, name);
	double kept = json_number_value(member);
	char text[2][32];

	if (!json_is_number(member) || !(kept >= min && kept <= max))
		return fs_because(why, -EINVAL, "start a new session", "%s: the session's %s is not a number from %.15g to %.15g", session->paths[0],
			name, min, max);
	*taken = kept;
	if (here == 0 || here == kept)
		return 0;
	snprintf(text[0], sizeof(text[0]), "%.15g", here);
	snprintf(text[1], sizeof(text[1]), "%.15g", kept);
	return other(session, name, text[0], text[1], why);
}

static int take_numbers(struct session *session, bool seeded, struct fs_reason *why)
{
	struct session_options *options = &session->options;
	double min = 0, max = 0, turn = 0, seed = 0;
	int err = take_number(session, "rounds_min", options->rounds_min, 1, SESSION_ROUNDS_LIMIT, &min, why);

	if (err == 0)
		err = take_number(session, "rounds_max", options->rounds_max, min, SESSION_ROUNDS_LIMIT, &max, why);
	if (err == 0)
		err = take_number(session, "turn", options->turn, 1, SESSION_TURN_LIMIT, &turn, why);
	if (err == 0)
		err = take_number(session, "time_limit_s", options->time_limit_s, 0, 1e9, &options->time_limit_s, why);
	if (err == 0)
		err = take_number(session, "margin_pct", options->margin_pct, 0, 100, &options->margin_pct, why);
	if (err == 0)
		err = take_number(session, "seed", 0, 0, UINT32_MAX, &seed, why);
	if (err != 0)
		return err;
	if (seeded && options->seed != (uint64_t)seed)
		return fs_because(why, -EINVAL, "leave --seed out", "the session's seed is %.0f, not %llu", seed, (unsigned long long)options->seed);
	options->rounds_min = (unsigned)min;
	options->rounds_max = (unsigned)max;
	options->turn = (unsigned)turn;
	options->seed = (uint64_t)seed;
	return 0;
}

/* Counts the rounds in the file; of the first side also takes the session object. */
static int read_file(struct session *session, int side, struct fs_reason *why)
{
	struct runfile run;
	int err = writer_append(&session->records[side], session->paths[side], why);

	memset(&run, 0, sizeof(run));
	if (err == 0)
		err = runfile_load(session->paths[side], &run, why);
	for (size_t c = 0; err == 0 && c < run.n_cells; c++)
		for (size_t r = 0; r < run.cells[c].n_rounds; r++)
			if (run.cells[c].rounds[r]->number >= session->rounds[side] && run.cells[c].rounds[r]->verdict != VERDICT_SKIP)
				session->rounds[side] = run.cells[c].rounds[r]->number + 1;
	session->cells[side] = (unsigned)run.n_cells;
	if (err == 0 && side == 0)
		session->kept = json_deep_copy(json_object_get(run.header, "session"));
	runfile_free(&run);
	return err;
}

int session_resume(struct session *session, const struct session_options *options, bool seeded, const char *stem, struct fs_reason *why)
{
	const char *id;
	int err;

	memset(session, 0, sizeof(*session));
	session->options = *options;
	err = name_files(session, stem, why);
	if (err == 0)
		err = read_file(session, 0, why);
	if (err == 0)
		err = read_file(session, 1, why);
	if (err == 0)
		err = same_commands(session, why);
	if (err == 0)
		err = take_numbers(session, seeded, why);
	id = json_string_value(json_object_get(session->kept, "id"));
	snprintf(session->id, sizeof(session->id), "%s", id != NULL ? id : "");
	return err != 0 ? err : parse_sides(session, why);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage.c - how commands read their options; see usage.h.
 *
 * The command's argp is the child of one that does what argp would do otherwise: --help with the program's full name, and the line after an error.
 */
#include "config.h"

#include "command/usage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/exit_status.h"
#include "analysis/page/picture.h"
#include "base/say.h"
#include "base/names.h"

/* Before a command in messages; argp's messages start with argv[0]. */
#define PREFIX "fivestep: "

enum { KEY_HELP = '?', KEY_USAGE = 0x10000 };

struct frame {
	char name[64]; /* "fivestep run", as help shows it */
	void *input;   /* of the command's own parser */
};

static const struct argp_option help_options[] = {
	{"help", KEY_HELP, NULL, 0, "give this help list", -1},
	{"usage", KEY_USAGE, NULL, 0, "give a short usage message", 0},
	{0},
};

static error_t parse_help(int key, char *arg, struct argp_state *state)
{
	struct frame *frame = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->err_stream = NULL; /* no "Try ... --help": usage_parse() says it */
		state->child_inputs[0] = frame->input;
		return 0;
	case KEY_HELP:
	case KEY_USAGE:
		state->name = frame->name;
		argp_state_help(state, state->out_stream, key == KEY_HELP ? ARGP_HELP_STD_HELP : ARGP_HELP_USAGE | ARGP_HELP_EXIT_OK);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Comes last, for arguments that the command does not take. */
static error_t parse_rest(int key, char *arg, struct argp_state *state)
{
	if (key == ARGP_KEY_ARG)
		usage_error(state, "unexpected argument %s", arg);
	return ARGP_ERR_UNKNOWN;
}

static void say_help(const char *command)
{
	say_remedy("fivestep %s --help", command);
}

void usage_parse(const char *command, const struct argp *argp, int argc, char **argv, void *input)
{
	static const struct argp rest = {.parser = parse_rest};
	const struct argp_child children[] = {{.argp = argp}, {.argp = &rest}, {0}};
	const struct argp parent = {.options = help_options, .parser = parse_help, .children = children};
	struct frame frame = {.input = input};
	char prefix[64], *given = argv[0];

	snprintf(frame.name, sizeof(frame.name), "fivestep %s", command);
	snprintf(prefix, sizeof(prefix), PREFIX "%s", command);
	argv[0] = prefix;
	if (argp_parse(&parent, argc, argv, ARGP_NO_HELP, NULL, &frame) != 0) {
		say_help(command);
		exit(EXIT_USAGE);
	}
	argv[0] = given;
}

void usage_error(const struct argp_state *state, const char *fmt, ...)
{
	const char *command = state->name + strlen(PREFIX);
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	say(command, "%s", text != NULL ? text : "out of memory");
	say_help(command);
	exit(EXIT_USAGE);
}

char *usage_actions(int key, const char *text, const struct usage_action *(*action)(size_t i))
{
	char *help = NULL;
	size_t bytes = 0;
	FILE *out;

	if (key != ARGP_KEY_HELP_PRE_DOC || (out = open_memstream(&help, &bytes)) == NULL)
		return (char *)text;
	fprintf(out, "%s\n\n", text);
	for (size_t i = 0; action(i)->name != NULL; i++)
		fprintf(out, "%s %s\n    %s\n", action(i)->name, action(i)->usage, action(i)->help);
	fclose(out);
	return help;
}

size_t usage_action_of(const char *name, const struct argp_state *state, const struct usage_action *(*action)(size_t i))
{
	struct names_nearest nearest;
	char near[160];
	size_t i;

	names_nearest_init(&nearest, name);
	for (i = 0; action(i)->name != NULL && strcmp(action(i)->name, name) != 0; i++)
		names_nearest_offer(&nearest, action(i)->name);
	names_nearest_text(&nearest, near, sizeof(near));
	if (action(i)->name == NULL)
		usage_error(state, "unknown action %s%s%s", name, near[0] != '\0' ? "; " : "", near);
	return i;
}

double usage_margin(const struct argp_state *state, const char *text)
{
	/* strtod() alone would skip blanks, and accept hexadecimal numbers, "inf" and "nan" */
	size_t digits = strspn(text, "0123456789.");
	double pct;
	char *end;

	pct = strtod(text, &end);
	if (digits == 0 || end != text + digits || (*end != '\0' && strcmp(end, "%") != 0) || !(pct > 0.0 && pct < 100.0))
		usage_error(state, "--margin is a percentage above 0 and below 100, not %s", text);
	return pct;
}

double usage_size(const struct argp_state *state, const char *text)
{
	struct fs_reason why = {0};
	double mm = 0;

	if (picture_paper(text, &mm, &why) != 0)
		usage_error(state, "--size: %s: %s", why.what, why.remedy);
	return mm;
}

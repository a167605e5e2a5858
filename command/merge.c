/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.c - fivestep merge: runs of one machine made into one, or many machines side by side. The work is analysis/many/merge.c's and
 * analysis/many/fleet.c's.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/many/fleet.h"
#include "analysis/many/merge.h"
#include "command/runs.h"

enum { KEY_FLEET = 256, KEY_MARGIN };

struct options {
	const char *path;
	double margin_pct;
	bool fleet, json, all;
	char **paths;
	int n;
};

static error_t parse_margin(struct options *options, const char *text, struct argp_state *state)
{
	char *end;

	options->margin_pct = strtod(text, &end);
	if (end != text && *end == '%')
		end++;
	if (end == text || *end || !(options->margin_pct > 0.0 && options->margin_pct < 100.0))
		argp_error(state, "--margin is a percentage above 0 and below 100, not %s", text);
	return 0;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'o':
		options->path = arg;
		return 0;
	case KEY_FLEET:
		options->fleet = true;
		return 0;
	case KEY_MARGIN:
		return parse_margin(options, arg, state);
	case 'j':
		options->json = true;
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case ARGP_KEY_INIT:
		state->name = "fivestep merge";
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which runs? name two files at least");
		return EINVAL;
	case ARGP_KEY_SUCCESS:
		if (options->n < 2)
			argp_error(state, "two runs at least");
		else if (!options->fleet == !options->path)
			argp_error(state, "-o RUN for runs of one machine, or --fleet for many machines");
		else if (!options->fleet && (options->json || options->all || options->margin_pct > 0.0))
			argp_error(state, "--json, --all and --margin are for --fleet");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "RUN", 0, "the run file to write; one that is there already is not written over", 0},
	{"fleet", KEY_FLEET, NULL, 0, "many machines, a run each: medians side by side, the odd ones marked", 0},
	{"margin", KEY_MARGIN, "PCT", 0, "a machine within this of the median is not odd (default: that of fivestep compare)", 0},
	{"json", 'j', NULL, 0, "the fleet as JSON on standard output", 0},
	{"all", 'a', NULL, 0, "every metric, not only the first ones of a cell and those with an odd machine", 0},
	{0},
};
static const struct argp merge_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "RUN... -o RUN\n--fleet RUN...",
	.doc = "Makes runs of one machine and build into one, with every round and where it came from; or sets the runs of many machines side by "
	       "side."
	       "\vA machine is odd where its median is beyond 7.4 median absolute deviations of all, and beyond the margin; four machines at "
	       "least.\n\n"
	       "Exit status: 0 fine, 3 runs that cannot be one, 4 failed or invalid data, 77 everything was skipped.",
};

static int say(const struct fs_reason *why)
{
	fprintf(stderr, "fivestep: merge: %s%s%s\n", why->what, *why->remedy ? " -> " : "", why->remedy);
	return EXIT_OWN_ERROR;
}

/* Written beside and given its name at last: there is the whole run or none. */
static int write_run(const struct options *options, const struct runs *runs, struct fs_reason *why)
{
	char path[4096];
	FILE *out;
	int fd, err;

	if ((size_t)snprintf(path, sizeof(path), "%s.XXXXXX", options->path) >= sizeof(path))
		return fs_because(why, -ENAMETOOLONG, "", "%s: the path is too long", options->path);
	fd = mkostemp(path, O_CLOEXEC);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!out)
		return fs_because(why, -errno, "", "%s: %s", options->path, strerror(errno));
	err = merge_write(runs->files, runs->n, out, why);
	if (!err && (fflush(out) || fsync(fd) || fchmod(fd, 0644)))
		err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", options->path);
	if (fclose(out) && !err)
		err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", options->path);
	/* a link fails where the name is taken */
	if (!err && link(path, options->path))
		err = fs_because(why, -errno, "name another file", "%s: %s", options->path, strerror(errno));
	unlink(path);
	return err;
}

static int merge(const struct options *options, const struct runs *runs)
{
	struct fs_reason why = {0};
	int err = merge_check(runs->files, runs->n, &why);

	if (err == -EXDEV) {
		say(&why);
		return EXIT_NOT_COMPARABLE;
	}
	if (!err)
		err = write_run(options, runs, &why);
	if (!err)
		return runs_status(runs);
	say(&why);
	return runs_status_of(err);
}

/* One clock: ns and instructions are no common unit. */
static int check_fleet(const struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		if (runs->files[i].header && !strcmp(runs->files[i].clock, runs->files[0].clock))
			continue;
		fprintf(stderr, "fivestep: merge: not comparable: %s %s\n", runs->files[i].path,
			runs->files[i].header ? "has another clock than the first" : "has no run record: its machine and clock are unknown");
		return EXIT_NOT_COMPARABLE;
	}
	return EXIT_FINE;
}

static int show_fleet(const struct options *options, const struct runs *runs)
{
	struct fleet fleet = {0};
	int status = check_fleet(runs), err;

	if (status != EXIT_FINE)
		return status;
	status = runs_status(runs);
	err = fleet_make(runs->files, runs->summaries, runs->n, options->margin_pct, &fleet);
	if (!err)
		err = options->json ? fleet_show_json(&fleet, stdout) : fleet_show_table(&fleet, options->all, stdout);
	fleet_free(&fleet);
	if (!err)
		return status;
	fprintf(stderr, "fivestep: merge: %s\n", strerror(-err));
	return EXIT_OWN_ERROR;
}

static int command_merge_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	int status;

	argp_err_exit_status = EXIT_USAGE;
	if (argp_parse(&merge_argp, argc, argv, 0, NULL, &options))
		return EXIT_USAGE;
	status = runs_load(&runs, "merge", options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status == EXIT_FINE)
		status = options.fleet ? show_fleet(&options, &runs) : merge(&options, &runs);
	runs_free(&runs);
	return status;
}

const struct command command_merge = {
	.name = "merge",
	.usage = "RUN... -o RUN | --fleet RUN...",
	.summary = "runs of one machine made into one; many machines side by side",
	.run = command_merge_run,
};

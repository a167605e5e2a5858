/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * merge.c - fivestep merge: merges runs of one machine into one, or shows many machines side by side. The work is done in
 * analysis/many/merge.c and analysis/many/fleet.c.
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
#include "base/pager.h"
#include "base/say.h"
#include "command/runs.h"
#include "command/usage.h"

enum { KEY_FLEET = 256, KEY_MARGIN };

struct options {
	const char *path;
	double margin_pct;
	bool fleet, json, all;
	char **paths;
	int n;
};

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
		options->margin_pct = usage_margin(state, arg);
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case 'a':
		options->all = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->paths = state->argv + state->next;
		options->n = state->argc - state->next;
		return 0;
	case ARGP_KEY_SUCCESS:
		if (options->n < 2)
			usage_error(state, "at least two runs are needed");
		else if (!options->fleet == (options->path == NULL))
			usage_error(state, "give either -o RUN (runs of one machine) or --fleet (many machines)");
		else if (!options->fleet && (options->json || options->all || options->margin_pct > 0.0))
			usage_error(state, "--json, --all and --margin need --fleet");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option option_list[] = {
	{"output", 'o', "RUN", 0, "the run file to write; an existing file is not overwritten", 0},
	{"fleet", KEY_FLEET, NULL, 0, "many machines, one run each: medians side by side, outliers marked", 0},
	{"margin", KEY_MARGIN, "PCT", 0, "a machine within this of the median is not an outlier (default: that of fivestep compare)", 0},
	{"json", 'j', NULL, 0, "print the fleet as JSON", 0},
	{"all", 'a', NULL, 0, "show every metric and every outlier, not only the first of them", 0},
	{0},
};
static const struct argp merge_argp = {
	.options = option_list,
	.parser = parse,
	.args_doc = "RUN... -o RUN\n--fleet RUN...",
	.doc = "Merges runs of one machine and build into one run, which records where each round came from; or shows the runs of many machines "
	       "side by side."
	       "\vA machine is an outlier if its median is more than 7.4 median absolute deviations from that of all machines, and beyond the "
	       "margin; this needs at least four machines.\n\n"
	       "Exit status: 0 success, 3 runs that cannot be merged, 4 failed or invalid data, 77 everything was skipped.",
};

/* Written to a temporary file that gets its name when complete: there is the whole run or none. */
static int write_run(const struct options *options, const struct runs *runs, struct fs_reason *why)
{
	char path[4096];
	FILE *out;
	int fd, err;

	if ((size_t)snprintf(path, sizeof(path), "%s.XXXXXX", options->path) >= sizeof(path))
		return fs_because(why, -ENAMETOOLONG, "", "%s: the path is too long", options->path);
	fd = mkostemp(path, O_CLOEXEC);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (out == NULL)
		return fs_because(why, -errno, "", "%s: %s", options->path, strerror(errno));
	err = merge_write(runs->files, runs->n, out, why);
	if (err == 0 && (fflush(out) || fsync(fd) || fchmod(fd, 0644)))
		err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", options->path);
	if (fclose(out) && err == 0)
		err = fs_because(why, -EIO, "is the disk full?", "%s: cannot be written", options->path);
	/* link() fails if the name exists */
	if (err == 0 && link(path, options->path))
		err = fs_because(why, -errno, "choose another file name", "%s: %s", options->path, strerror(errno));
	unlink(path);
	return err;
}

static int merge(const struct options *options, const struct runs *runs)
{
	struct fs_reason why = {0};
	int err = merge_check(runs->files, runs->n, &why);

	if (err == -EXDEV) {
		say_error("merge", &why);
		return EXIT_NOT_COMPARABLE;
	}
	if (err == 0)
		err = write_run(options, runs, &why);
	if (err == 0)
		return runs_status(runs);
	say_error("merge", &why);
	return runs_status_of(err);
}

/* All must have one clock: ns and instructions have no common unit. */
static int check_fleet(const struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++) {
		if (runs->files[i].header != NULL && strcmp(runs->files[i].clock, runs->files[0].clock) == 0)
			continue;
		say("merge", "not comparable: %s %s", runs->files[i].path,
			runs->files[i].header != NULL ? "has another clock than the first" : "has no run record: its machine and clock are unknown");
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
	if (err == 0 && !options->json)
		pager_start();
	if (err == 0)
		err = options->json ? fleet_show_json(&fleet, stdout) : fleet_show_table(&fleet, options->all, stdout);
	fleet_free(&fleet);
	if (err == 0)
		return status;
	say("merge", "%s", strerror(-err));
	return EXIT_OWN_ERROR;
}

static int command_merge_run(int argc, char **argv)
{
	struct options options = {0};
	struct runs runs = {0};
	int status;

	usage_parse("merge", &merge_argp, argc, argv, &options);
	status = runs_load(&runs, "merge", options.paths, (size_t)options.n, RUNS_WHOLE);
	if (status == EXIT_FINE)
		status = options.fleet ? show_fleet(&options, &runs) : merge(&options, &runs);
	runs_free(&runs);
	return status;
}

const struct command command_merge = {
	.name = "merge",
	.usage = "RUN... -o RUN | --fleet RUN...",
	.summary = "merge runs of one machine; show many machines side by side",
	.run = command_merge_run,
};

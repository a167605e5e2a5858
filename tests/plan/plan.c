/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * plan.c - from texts to cells: cross products, globs, what goes together, errors with file and line.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/plan/catalog.h"
#include "harness/plan/plan.h"
#include "tests/tap.h"

/* How many cells a line makes, or -errno; the plan stays for a look. */
static struct plan plan;
static struct fs_reason why;

static int cells_of(const char *line)
{
	int err;

	plan_free(&plan);
	plan_init(&plan);
	memset(&why, 0, sizeof(why));
	err = plan_add(&plan, line, &why);
	return err != 0 ? err : (int)plan.ncells;
}

static const char *cell_line(unsigned i)
{
	static char text[CELL_TEXT];

	cell_text(&plan.cells[i], text);
	return text;
}

static void test_products(void)
{
	is_int(cells_of("floor"), 1, "a benchmark without setup and device is one cell");
	is_str(cell_setup(&plan.cells[0]), "-", "its setup is -");
	is_int(cells_of("triad setup=copy,hmm device=emu size=1M,2M,4M"), 6, "setups x sizes");
	is_int(cells_of("triad jacobi setup=copy device=emu"), 2, "two names");
	is_int(cells_of("triad setup=copy device=emu size=1M size=1M"), 1, "the same cell is there once");
	is_int(cells_of("triad setup=copy,hmm device=emu chunk=1M,2M"), -ENOENT, "chunk is no parameter of copy or hmm");
	is_int(cells_of("triad setup=copy,copy-overlap device=emu chunk=1M,2M"), 3, "a parameter goes to the cells that declare it");
	is_int(cells_of("triad device=null setup=copy"), 1, "a hidden device is used when named");
	is_int(cells_of("triad setup=copy device=nul*"), 0, "and not by a glob");
	cells_of("triad setup=copy");
	ok(plan.ncells >= 1 && !plan.cells[0].device_named, "no device named: all of them, and those that are not there may be left out");
	cells_of("triad setup=copy device=emu");
	ok(plan.cells[0].device_named, "a device that is named stays");
}

/* A parameter belongs to the cells in which it acts. */
static void test_acting(void)
{
	is_int(cells_of("triad setup=copy device=emu granule=4K:*4:1M"), -EINVAL, "a sweep over what copies do not use is refused");
	is_str(why.what, "granule has no effect under the requested setups", "with the parameter");
	ok(strstr(why.remedy, "hmm") != NULL, "and the setups under which it acts: %s", why.remedy);
	is_int(cells_of("triad setup=copy,cdm device=emu drivers=1,2 size=1M"), -EINVAL, "so it is under several setups that do not use it");
	is_int(cells_of("triad setup=copy,hmm device=emu granule=4K:*4:1M"), 6, "beside a setup that uses it, the others have one cell each");
	is_int(cells_of("triad setup=copy device=emu"), 1, "a cell without it");
	ok(args_get(&plan.cells[0].args, "granule") == NULL, "does not have it");
	ok(args_get(&plan.cells[0].args, "workers") != NULL, "and has what acts everywhere");
	is_int(cells_of("triad setup=hmm device=emu thrash_moves=2,3,4"), -EINVAL, "what acts only with another parameter's value is refused alone");
	is_str(why.remedy, "omit it, or add thrash=pin|throttle", "with that value");
	is_int(cells_of("triad setup=hmm device=emu thrash_moves=2,3,4 thrash=none,pin"), 4, "once without that value, and for each value with it");
	is_int(cells_of("triad setup=copy device=emu thrash_moves=2 thrash=pin"), -EINVAL, "the setup comes first");
	ok(strstr(why.what, "under the requested setups") != NULL, "in the reason: %s", why.what);
	is_int(cells_of("floor workers=1,2,4"), -EINVAL, "a benchmark's parameters are treated alike");
	is_int(cells_of("floor workers=1,2,4 initiator=host,device"), 4, "in each order of the words");
}

static void test_meaning(void)
{
	is_int(cells_of("fault_latency setup=hmm,copy device=emu"), 2, "a setup without faults, named: a cell");
	ok(!plan.cells[1].skipped != !plan.cells[0].skipped, "of which one is a skip");
	ok(strstr(plan.cells[0].skip.what, "FAULTS") != NULL || strstr(plan.cells[1].skip.what, "FAULTS") != NULL,
		"that says which offer is missing");
	is_int(cells_of("fault_latency setup=copy* device=emu"), 0, "a glob leaves it out");
}

static void test_round_trip(void)
{
	char line[CELL_TEXT];

	cells_of("triad setup=hmm device=emu size=3M granule=64K");
	cell_params_set(&plan.cells[0], line, sizeof(line));
	is_str(line, "size=3M granule=64K", "what was set is known");
	snprintf(line, sizeof(line), "%s", cell_line(0));
	is_int(cells_of(line), 1, "a cell's own line gives one cell");
	is_str(cell_line(0), line, "which is the same");
}

static void test_unknown(void)
{
	is_int(cells_of("triat"), -ENOENT, "an unknown name is an error");
	ok(strstr(why.remedy, "triad") != NULL, "that names the nearest: %s", why.remedy);
	is_int(cells_of("triad setup=hmn"), -ENOENT, "an unknown setup");
	ok(strstr(why.remedy, "hmm") != NULL, "with the nearest: %s", why.remedy);
	is_int(cells_of("triad setup=copy-overlap-pinned-0123456789-0123456789-0123456789-01234567*"), -ENOENT, "one that is longer than any");
	is_int(cells_of("triad setup=copy,cpoy"), -ENOENT, "also as one of a list");
	is_int(cells_of("triad device=gpu"), -ENOENT, "an unknown device");
	is_int(cells_of("triad granul=4K"), -ENOENT, "an unknown parameter");
	ok(strstr(why.remedy, "granule") != NULL, "with the nearest: %s", why.remedy);
	is_int(cells_of("triad jacobi sweps=3"), -ENOENT, "an unknown parameter of two kernels");
	ok(strstr(why.remedy, "sweeps") != NULL, "with the nearest of the second: %s", why.remedy);
	is_int(cells_of("triad size=0"), -EINVAL, "a value out of range");
	is_int(cells_of("setup=hmm"), -EINVAL, "no name at all");
	is_int(cells_of("triad size="), -EINVAL, "no value");
	is_int((long long)plan.ncells, 0, "a bad line adds nothing");
}

static int read_text(const char *text, char path[TAP_PATH])
{
	int fd, err;

	temporary(path, "plan");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		return -errno;
	close(fd);
	plan_free(&plan);
	plan_init(&plan);
	err = plan_read(&plan, path, &why);
	unlink(path);
	return err;
}

static void test_files(void)
{
	char path[TAP_PATH];

	is_int(read_text("# a plan\noption rounds=12 max-rounds=30 precision=2.5 cell-time=6s time-limit=1h2m3s\n\nrun triad setup=copy device=emu # "
			 "why\n",
		       path),
		0, "a plan is read");
	is_int(plan.options.rounds_min, 12, "its rounds");
	is_int(plan.options.rounds_max, 30, "its most rounds");
	is_near(plan.options.precision_pct, 2.5, 0, "its precision");
	is_near(plan.options.time_limit_s, 3723, 0, "its time limit");
	is_near(plan.options.cell_time_s, 6, 0, "the time for a cell");
	is_int((long long)plan.ncells, 1, "its cell");
	is_int(read_text("run triad\n\nrun triad sice=4K\n", path), -ENOENT, "a bad line is an error");
	ok(strstr(why.what, ":3: ") != NULL && strstr(why.what, path) != NULL, "that names file and line: %s", why.what);
	is_int(read_text("option rounds=1\nrun floor\n", path), 0, "as many rounds as --rounds would give");
	ok(plan.options.rounds_min == 1 && plan.options.rounds_max == 1, "rounds alone is exactly that many: %u to %u", plan.options.rounds_min,
		plan.options.rounds_max);
	is_int(read_text("option max-rounds=4\nrun floor\n", path), 0, "fewer at most than the usual least");
	ok(plan.options.rounds_min == 4 && plan.options.rounds_max == 4, "is not raised to it: %u to %u", plan.options.rounds_min,
		plan.options.rounds_max);
	is_int(read_text("option rounds=1000000 precision=100 inject=1e10 time-limit=1m\nrun floor\n", path), 0, "options at their most");
	ok(plan.options.rounds_min == PLAN_ROUNDS_MAX && plan.options.precision_pct == 100 && plan.options.inject_ns == 1e10, "are taken");
	is_int(read_text("option precision=0 inject=0 rounds=1\nrun floor\n", path), 0, "and at their least");
	is_int(read_text("option precision=100.1\nrun floor\n", path), -EINVAL, "a little more is refused");
	is_int(read_text("option precision=-0.1\nrun floor\n", path), -EINVAL, "or less");
	is_int(read_text("option inject=1.01e10\nrun floor\n", path), -EINVAL, "of each");
	is_int(read_text("option rounds=0\nrun floor\n", path), -EINVAL, "no round is none");
	is_int(read_text("option rounds=1.5\nrun floor\n", path), -EINVAL, "half a round is an error, not a whole one");
	is_int(read_text("ran triad\n", path), -EINVAL, "an unknown keyword");
	ok(strstr(why.what, ":1: expected run or option, not ran") != NULL, "%s", why.what);
	is_int(read_text("option rouns=3\nrun floor\n", path), -EINVAL, "an unknown option");
	is_int(read_text("option rounds=many\nrun floor\n", path), -EINVAL, "an option out of range");
	is_int(read_text("# nothing\n", path), -EINVAL, "a plan without a cell");
	is_int(read_text("", path), -EINVAL, "an empty plan");
	is_int(plan_read(&plan, "/nowhere/x.plan", &why), -ENOENT, "a plan that is not there");
}

/* All cells that a plan may have, and one more. That each is compared with each would take hours. */
static void test_most(void)
{
	const char *const most[] = {"first_touch setup=hmm device=emu thrash=pin thrash_moves=2:+1:129 size=64K:+64K:16M",
		"first_touch setup=hmm device=emu thrash=pin thrash_moves=130:+1:257 size=64K:+64K:16M"};
	unsigned room = PLAN_CELLS_MAX;

	is_int(cells_of(most[0]), room / 2, "half of the cells that a plan may have");
	is_int(plan_add(&plan, most[0], &why), 0, "the same once more");
	is_int((long long)plan.ncells, room / 2, "adds none");
	is_int(plan_add(&plan, most[1], &why), 0, "the other half");
	is_int((long long)plan.ncells, room, "is added");
	is_int(plan_add(&plan, "first_touch setup=hmm device=emu thrash=pin size=1M thrash_moves=300", &why), -E2BIG, "one more is an error");
	is_str(why.what, "more than 65536 cells in a plan", "that says how many may be");
	is_int((long long)plan.ncells, room, "and leaves the plan as it was");
	is_int(plan_add(&plan, "first_touch setup=hmm device=emu thrash=pin size=16M thrash_moves=257", &why), 0, "one that is there is none more");
	plan.ncells = 1;
	is_int(plan_add(&plan, most[0], &why), 0, "a plan that others made shorter");
	is_int((long long)plan.ncells, room / 2, "is filled again, each cell once");
}

/* Nine parameters of 100 bytes and one of so many that the cell's text has 1023 bytes, which is the most, or one more. */
static void test_longest(void)
{
	static char names[10][101];
	static struct fs_param params[11];
	static const struct fs_bench wide = {.name = "wide", .summary = "many parameters", .host_only = true, .params = params};
	static const struct fs_bench *const benches[] = {&wide, NULL};
	static const struct fs_extension extension = {.benches = benches};

	for (int i = 0; i < 10; i++) {
		memset(names[i], 'a' + i, i < 9 ? 100 : 89);
		params[i] = (struct fs_param){.name = names[i], .type = FS_PARAM_COUNT, .initial = "1", .min = 0, .max = 9, .help = "any"};
	}
	catalog_extend(&extension);
	is_int(cells_of("wide"), 1, "a cell whose text just fits");
	is_int((long long)strlen(cell_line(0)), CELL_TEXT - 1, "has all of it");
	names[9][89] = 'j';
	is_int(cells_of("wide"), -E2BIG, "one byte more is an error, and not another cell");
	ok(strstr(why.what, "more than 1023 bytes") != NULL, "that names the limit: %s", why.what);
	catalog_extend(NULL);
}

int main(void)
{
	plan_init(&plan);
	test_products();
	test_acting();
	test_meaning();
	test_round_trip();
	test_unknown();
	test_files();
	test_most();
	test_longest();
	plan_free(&plan);
	done_testing();
	return exit_status();
}

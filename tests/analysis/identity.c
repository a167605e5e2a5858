/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * identity.c - which cell it is, in runs whose parts have not the same parameters: before and after a parameter existed, with another initial value,
 * on a machine of other pages, of parameters that act here and there, and of those for tests.
 */
#include "config.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/summary/identity.h"
#include "tests/tap.h"

#define RUNS 3

static struct runfile runs[RUNS];

/* A run of cells of triad under `setup` on emu, {"params": ..., "set": ...} each; parts: members of the run record, or "". */
static void load(struct runfile *run, const char *parts, const char *setup, const char *cells)
{
	char path[TAP_PATH];
	struct fs_reason why = {0};
	int fd, n = 0;
	FILE *file;

	temporary(path, "run");
	fd = mkstemp(path);
	file = fd >= 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL)
		abort();
	fprintf(file, "{\"type\":\"run\",\"schema\":1,\"id\":\"x\",\"machine\":{}%s%s,\"cells\":[", *parts ? "," : "", parts);
	for (const char *c = cells; *c; c += strcspn(c, "\n"), c += *c == '\n')
		fprintf(file, "%s{\"cell\":%d,\"bench\":\"triad\",\"kind\":\"kernel\",\"setup\":\"%s\",\"device\":\"emu\",%.*s}", n ? "," : "", n,
			setup, (int)strcspn(c, "\n"), c),
			n++;
	fputs("]}\n", file);
	fclose(file);
	if (runfile_load(path, run, &why) || run->n_cells != (size_t)n)
		diag("%s: %s", cells, why.what);
	unlink(path);
}

/* Which cells of the runs are which: "a a b" for cells of which the first two are one; those of a run stand together. */
static const char *which(size_t n)
{
	static char text[64];
	struct identity *identity = identity_new();
	char *seen[16], *end = text;
	size_t n_seen = 0;

	for (size_t r = 0; r < n; r++)
		if (identity_learn(identity, &runs[r]))
			abort();
	*text = '\0';
	for (size_t r = 0; r < n; r++) {
		for (size_t c = 0; c < runs[r].n_cells; c++) {
			char *cell = identity_of(identity, &runs[r], &runs[r].cells[c]);
			size_t at = 0;

			while (at < n_seen && strcmp(seen[at], cell) != 0)
				at++;
			end += sprintf(end, "%s%c", end == text ? "" : " ", (char)('a' + at));
			if (at == n_seen)
				seen[n_seen++] = cell;
			else
				free(cell);
		}
	}
	for (size_t i = 0; i < n_seen; i++)
		free(seen[i]);
	for (size_t r = 0; r < n; r++)
		runfile_free(&runs[r]);
	identity_free(identity);
	return text;
}

#define DEVICE(params) "\"devices\":[{\"name\":\"emu\",\"parameters\":{" params "}}]"
#define WORKERS(n)     "\"workers\":{\"initial\":\"" n "\"}"
#define SETUP(memory)  ",\"setups\":{\"s\":{\"memory\":\"" memory "\",\"parameters\":{}}}"

static void test_growth(void)
{
	const char *before = "\"params\":{\"workers\":\"2\"},\"set\":[]";

	load(&runs[0], "", "s", before);
	load(&runs[1], DEVICE(WORKERS("2") ",\"cpus\":{\"initial\":\"any\"}"), "s", "\"params\":{\"workers\":\"2\",\"cpus\":\"any\"},\"set\":[]");
	is_str(which(2), "a a", "a run of before a parameter existed has the cell of one where it is at its initial value");
	load(&runs[0], "", "s", before);
	load(&runs[1], DEVICE(WORKERS("2") ",\"cpus\":{\"initial\":\"any\"}"), "s",
		"\"params\":{\"workers\":\"2\",\"cpus\":\"one\"},\"set\":[\"cpus\"]");
	is_str(which(2), "a b", "and not of one where it is not");
	load(&runs[0], DEVICE(WORKERS("2") ",\"cpus\":{\"initial\":\"any\"}"), "s",
		"\"params\":{\"workers\":\"2\",\"cpus\":\"any\"},\"set\":[\"cpus\"]");
	load(&runs[1], DEVICE(WORKERS("2")), "s", before);
	is_str(which(2), "a a", "a parameter that went away was at its initial value, though a plan set it");
	load(&runs[0], DEVICE(WORKERS("2")), "s", "\"params\":{\"workers\":\"2\"},\"set\":[]\n\"params\":{\"workers\":\"4\"},\"set\":[\"workers\"]");
	load(&runs[1], DEVICE(WORKERS("2")), "s",
		"\"params\":{\"workers\":\"2\"},\"set\":[\"workers\"]\n\"params\":{\"workers\":\"4\"},\"set\":[\"workers\"]");
	is_str(which(2), "a b a b", "to set a parameter to what it is anyway makes no other cell");
}

static void test_changed(void)
{
	load(&runs[0], DEVICE(WORKERS("2")), "s", "\"params\":{\"workers\":\"2\"},\"set\":[]");
	load(&runs[1], DEVICE(WORKERS("4")), "s", "\"params\":{\"workers\":\"4\"},\"set\":[]");
	is_str(which(2), "a b", "another initial value is another cell, though no plan set it in either");
	load(&runs[0], DEVICE(WORKERS("2")), "s", "\"params\":{\"workers\":\"2\"},\"set\":[]");
	load(&runs[1], DEVICE(WORKERS("4")), "s", "\"params\":{\"workers\":\"2\"},\"set\":[\"workers\"]\n\"params\":{\"workers\":\"4\"},\"set\":[]");
	is_str(which(2), "a a b", "with the same value it is the same");
	load(&runs[0], "", "s", "\"params\":{\"workers\":\"2\"},\"set\":[]");
	load(&runs[1], DEVICE(WORKERS("4")), "s", "\"params\":{\"workers\":\"4\"},\"set\":[]");
	is_str(which(2), "a b", "so it is against a run that declares nothing");
}

static void test_undeclared(void)
{
	static const char sweep[] = "\"params\":{\"touched\":\"1\"},\"set\":[\"touched\"]\n\"params\":{\"touched\":\"10\"},\"set\":[\"touched\"]";

	load(&runs[0], "", "s", "\"params\":{\"touched\":\"10\"},\"set\":[]\n\"params\":{\"touched\":\"1\"},\"set\":[\"touched\"]");
	load(&runs[1], "", "s", sweep);
	is_str(which(2), "a b b a", "of two runs that declare nothing, what one leaves unset is the initial value in both");
	load(&runs[0], "", "s", sweep);
	load(&runs[1], DEVICE("\"touched\":{\"initial\":\"10\"}"), "s", "\"params\":{\"touched\":\"10\"},\"set\":[]");
	is_str(which(2), "a b b", "what is set in all cells of a run that declares nothing, the newer one says");
	load(&runs[0], "", "s", sweep);
	load(&runs[1], "", "s", sweep);
	is_str(which(2), "a b a b", "and where nobody says, the values do");
	load(&runs[0], "", "s", "\"params\":{\"size\":\"4096\"},\"set\":[\"size\"]");
	load(&runs[1], "", "s", "\"params\":{\"size\":\"4K\"},\"set\":[]");
	is_str(which(2), "a a", "4096 and 4K are one value");
}

static void test_acting(void)
{
#define GRANULE "\"granule\":{\"initial\":\"4K\",\"memory\":[\"mirror\"]}"
#define MOVES	"\"thrash\":{\"initial\":\"none\"},\"moves\":{\"initial\":\"3\",\"when\":\"thrash=pin|throttle\"}"
	static const char set[] = "\"params\":{\"granule\":\"64K\"},\"set\":[\"granule\"]\n\"params\":{\"granule\":\"4K\"},\"set\":[]";

	load(&runs[0], "", "s", set);
	load(&runs[1], DEVICE(GRANULE) SETUP("device"), "s", "\"params\":{},\"set\":[]");
	is_str(which(2), "a a a", "a value that changed nothing, in a run of before that was declared, makes no other cell");
	load(&runs[0], "", "s", set);
	load(&runs[1], DEVICE(GRANULE) SETUP("mirror"), "s", set);
	is_str(which(2), "a b a b", "where it acts it does");
	load(&runs[0], DEVICE(GRANULE) SETUP("device"), "s", "\"params\":{},\"set\":[]");
	load(&runs[1], DEVICE("\"granule\":{\"initial\":\"4K\"}") SETUP("device"), "s", set);
	is_str(which(2), "a b a", "and where a later build lets it act");
	load(&runs[0], "", "s",
		"\"params\":{\"thrash\":\"none\",\"moves\":\"5\"},\"set\":[\"moves\"]\n"
		"\"params\":{\"thrash\":\"none\",\"moves\":\"3\"},\"set\":[]\n\"params\":{\"thrash\":\"pin\",\"moves\":\"5\"},\"set\":[\"moves\","
		"\"thrash\"]");
	load(&runs[1], DEVICE(MOVES), "s",
		"\"params\":{\"thrash\":\"none\"},\"set\":[]\n\"params\":{\"thrash\":\"pin\",\"moves\":\"5\"},\"set\":[\"moves\",\"thrash\"]");
	is_str(which(2), "a a b a b", "so it is with what acts only by another parameter's value");
}

static void test_tests(void)
{
#define LIES   "\"parameters\":{\"lie\":{\"initial\":\"none\",\"test_only\":true},\"lie_from\":{\"initial\":\"1\",\"test_only\":true}}"
#define LIES_2 "\"parameters\":{\"lie\":{\"initial\":\"none\",\"test_only\":true},\"lie_from\":{\"initial\":\"2\",\"test_only\":true}}"

	load(&runs[0], DEVICE(WORKERS("2")), "s", "\"params\":{\"workers\":\"2\"},\"set\":[]");
	load(&runs[1], DEVICE(WORKERS("2")) "," LIES, "s",
		"\"params\":{\"workers\":\"2\",\"lie\":\"none\",\"lie_from\":\"1\"},\"set\":[\"lie\"]\n"
		"\"params\":{\"workers\":\"2\",\"lie\":\"copy.none\",\"lie_from\":\"1\"},\"set\":[\"lie\"]");
	is_str(which(2), "a a b", "a parameter for tests is none of a cell's where it does nothing, and tells a lie from the truth");
	load(&runs[0], DEVICE(WORKERS("2")) "," LIES, "s", "\"params\":{\"lie\":\"none\",\"lie_from\":\"1\"},\"set\":[]");
	load(&runs[1], DEVICE(WORKERS("2")) "," LIES_2, "s", "\"params\":{\"lie\":\"none\",\"lie_from\":\"2\"},\"set\":[]");
	is_str(which(2), "a a", "nor where its initial value is another one now");
}

/* A page of 4 KiB here, of 64 KiB there. */
static void test_pages(void)
{
#define BASE(size) DEVICE("\"granule\":{\"initial\":\"" size "\",\"word\":\"base\"}")
	static const char small[] = "\"params\":{\"granule\":\"4K\"},\"set\":[]\n\"params\":{\"granule\":\"64K\"},\"set\":[\"granule\"]";
	static const char unset[] = "\"params\":{\"granule\":\"64K\"},\"set\":[]", bytes[] = "\"params\":{\"granule\":\"64K\"},\"set\":[\"granule\"]";
	static const char word[] = "\"params\":{\"granule\":\"64K\"},\"set\":[\"granule\"],\"words\":[\"granule\"]";

	load(&runs[0], BASE("4K"), "s", small);
	load(&runs[1], BASE("64K"), "s", unset);
	is_str(which(2), "a b a", "what no plan set is a base page on each machine");
	load(&runs[0], BASE("4K"), "s", small);
	load(&runs[1], BASE("64K"), "s", word);
	is_str(which(2), "a b a", "so is what a plan calls so");
	load(&runs[0], BASE("4K"), "s", small);
	load(&runs[1], BASE("64K"), "s", bytes);
	is_str(which(2), "a b b", "what a plan gives in bytes is so many on each");
	load(&runs[0], BASE("64K"), "s", unset);
	load(&runs[1], BASE("64K"), "s", bytes);
	is_str(which(2), "a a", "on one machine these are one cell");
	load(&runs[0], BASE("64K"), "s", unset);
	load(&runs[1], BASE("4K"), "s", small);
	is_str(which(2), "a a b", "and two cells of a run are never one");
	load(&runs[0], "", "s", "\"params\":{\"granule\":\"4K\"},\"set\":[]");
	load(&runs[1], BASE("4K"), "s", small);
	load(&runs[2], BASE("64K"), "s", unset);
	is_str(which(3), "a a b a", "what a word stands for is known from the run that declares it");
}

static void test_texts(void)
{
	struct identity *identity = identity_new();
	char *text;

	load(&runs[0], DEVICE(GRANULE "," MOVES) SETUP("device"), "s", "\"params\":{\"thrash\":\"none\"},\"set\":[]");
	identity_learn(identity, &runs[0]);
	text = identity_of_text(identity, "triad/s/emu/granule=64K/moves=9/size=1M/thrash=none#2");
	is_str(text, "triad/s/emu/size=1M#2", "a name that an older fivestep gave loses what does not act and what is at its initial value");
	free(text);
	text = identity_of_text(identity, "triad/s/emu/moves=9/thrash=pin");
	is_str(text, "triad/s/emu/moves=9/thrash=pin", "and nothing else");
	free(text);
	text = identity_of_text(identity, "triad/s/emu");
	is_str(text, "triad/s/emu", "it may have no parameters");
	free(text);
	text = identity_of_text(identity, "triad#2");
	is_str(text, "triad#2", "or be no name at all");
	free(text);
	runfile_free(&runs[0]);
	identity_free(identity);
}

int main(void)
{
	test_growth();
	test_changed();
	test_undeclared();
	test_acting();
	test_tests();
	test_pages();
	test_texts();
	done_testing();
	return exit_status();
}

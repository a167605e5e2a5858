/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cell_key.c - the text that a cell is known by in every run: numbers in one way of writing, parameters by name, duplicates by number.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/summary/cell_key.h"
#include "tests/tap.h"

static void param_is(const char *name, const char *text, const char *want)
{
	char *key = identity_param(name, text);

	is_str(key, want, "%s=%s", name, text);
	free(key);
}

static void test_params(void)
{
	param_is("size", "4096", "size=4K");
	param_is("size", "4K", "size=4K");
	param_is("size", "4096K", "size=4M");
	param_is("size", "1536", "size=1536");
	param_is("size", "1025", "size=1025");
	param_is("size", "1536K", "size=1536K");
	param_is("size", "1024", "size=1K");
	param_is("size", "1023", "size=1023");
	param_is("size", "1048576", "size=1M");
	param_is("size", "1099511627776", "size=1T");
	param_is("size", "1125899906842624", "size=1P");
	param_is("size", "9007199254740992", "size=8P");
	param_is("turns", "0", "turns=0");
	param_is("node", "-1", "node=-1");
	param_is("node", "-2048", "node=-2K");
	param_is("touched", "0.001", "touched=0.001");
	param_is("touched", "10.5", "touched=10.5");
	param_is("touched", "10.0", "touched=10");
	param_is("thrash", "pin", "thrash=pin");
	param_is("thrash", "", "thrash=");
	/* Beyond 2^53 a real is not the number that was written. */
	param_is("size", "9007199254740994", "size=9007199254740994");
}

static struct runfile_text two[] = {{.name = "size", .text = "4096", .set = true}, {.name = "granule", .text = "64K", .set = true}};
static struct runfile_text three[] = {
	{.name = "size", .text = "4K", .set = true}, {.name = "granule", .text = "65536", .set = true}, {.name = "a", .text = "x", .set = true}};

static struct runfile_cell cell(const char *bench, const char *setup, struct runfile_text *params, size_t n)
{
	return (struct runfile_cell){.bench = bench, .setup = setup, .device = "emu", .params = params, .n_params = n};
}

static void test_keys(void)
{
	struct runfile_cell cells[] = {
		cell("b", "hmm", two, 2), cell("b", "copy", NULL, 0), cell("b", "hmm", two, 2), cell("a", "hmm", three, 3), cell("b", "hmm", two, 2)};
	const struct runfile run = {.cells = cells, .n_cells = FS_ARRAY_SIZE(cells)}, none = {.cells = NULL};
	struct cell_keys keys = {0};

	is_int(cell_keys_make(&run, &keys), 0, "the keys of five cells");
	is_str(cell_key(&keys, &cells[0]), "b/hmm/emu/granule=64K/size=4K", "parameters stand by their names");
	is_str(cell_key(&keys, &cells[1]), "b/copy/emu", "a cell without any has three parts");
	is_str(cell_key(&keys, &cells[2]), "b/hmm/emu/granule=64K/size=4K#2", "the second of a name has its number");
	is_str(cell_key(&keys, &cells[3]), "a/hmm/emu/a=x/granule=64K/size=4K", "65536 is 64K");
	is_str(cell_key(&keys, &cells[4]), "b/hmm/emu/granule=64K/size=4K#3", "and the third, in the order of the plan");
	cell_keys_free(&keys);
	memset(&keys, 0, sizeof(keys));
	is_int(cell_keys_make(&none, &keys), 0, "a run without cells has no keys");
	cell_keys_free(&keys);
}

/* In full a key has the parameters that are at their initial value, too: cells that differ in nothing else stay one. */
static void test_full(void)
{
	static struct runfile_text unset[] = {{.name = "size", .text = "4096"}, {.name = "page", .text = "4K"}};
	struct runfile_cell cells[] = {cell("b", "hmm", unset, 2), cell("b", "hmm", two, 2), cell("b", "hmm", unset, 2)};
	const struct runfile run = {.cells = cells, .n_cells = FS_ARRAY_SIZE(cells)};
	struct cell_keys keys = {0};

	is_int(cell_keys_make_full(&run, &keys), 0, "the keys of three cells in full");
	is_str(cell_key(&keys, &cells[0]), "b/hmm/emu/page=4K/size=4K", "with what no plan gave");
	is_str(cell_key(&keys, &cells[1]), "b/hmm/emu/granule=64K/size=4K", "and what one did");
	is_str(cell_key(&keys, &cells[2]), "b/hmm/emu/page=4K/size=4K#2", "the second of a name has its number");
	cell_keys_free(&keys);
}

int main(void)
{
	test_params();
	test_keys();
	test_full();
	done_testing();
	return exit_status();
}

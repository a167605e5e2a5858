/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * refusals.c - why a cell is a skip, to the letter: on a made-up machine with a made-up device, each thing that it may lack or that a parameter may
 * ask for in vain; and which cells of a plan are left out without a word.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/plan.h"
#include "harness/run/probe.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define CDM_NEEDS (FS_CAP_COHERENT | FS_CAP_MIGRATE | FS_CAP_RESIDENCE)

static struct plan plan;
static struct fs_machine machine;
static unsigned caps, probed;
static bool only_named;

static void probe_made(const struct fs_machine *on, struct fs_probe *probe)
{
	(void)on;
	probed++;
	probe->caps = caps;
	probe->only_named = only_named;
	fs_because(&probe->lacks[1], 0, "another kernel", "its pages are not mirrored");
}

static int accepts_made(const struct fs_args *args, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why)
{
	(void)args;
	return fs_because(why, -EINVAL, "other values", "kind %d, %zu bytes", (int)kind, bytes);
}

static struct fs_device made = {.name = "made", .probe = probe_made};

static void read_plan(const char *line)
{
	struct fs_reason why = {0};

	plan_free(&plan);
	plan_init(&plan);
	if (plan_add(&plan, line, &why) != 0) {
		diag("%s: %s", line, why.what);
		exit(1);
	}
	probed = 0;
}

/* What is said of the one cell of a line, with the remedy; "" where it is measured. The cell's device is then the made-up one. */
static const char *refusal(const char *line)
{
	static char said[2 * FS_REASON_BYTES + 2];
	const struct cell *cell;

	read_plan(line);
	plan.cells[0].device = &made;
	probe_cells(&plan, &machine);
	cell = &plan.cells[0];
	snprintf(said, sizeof(said), "%s", "");
	if (cell->skipped)
		snprintf(said, sizeof(said), "%s; %s", cell->skip.what, cell->skip.remedy);
	return said;
}

static void test_capabilities(void)
{
	caps = FS_CAP_COPY;
	is_str(refusal("triad setup=copy device=emu size=16M"), "", "a device that has what a setup needs is measured");
	is_int(probed, 1, "after one look at it");
	is_str(refusal("triad setup=hmm device=emu size=16M"), "its pages are not mirrored; another kernel", "what it lacks is said in its words");
	caps = FS_CAP_MIRROR;
	is_str(refusal("triad setup=hmm device=emu size=16M"), "made has no RESIDENCE; use another device: see fivestep list devices",
		"or in the harness's, where it says nothing");
	caps = FS_CAP_MIRROR | FS_CAP_RESIDENCE;
	is_str(refusal("triad setup=hmm device=emu size=16M"), "", "a program needs no atomics");
	is_str(refusal("ping_pong setup=hmm device=emu"), "made has no ATOMIC; use another device: see fivestep list devices",
		"a benchmark of both sides at once does");
	caps |= FS_CAP_ATOMIC;
	is_str(refusal("ping_pong setup=hmm device=emu"), "", "which it may have");
}

static void test_nodes(void)
{
	caps = FS_CAP_MIGRATE | FS_CAP_RESIDENCE;
	made.hidden = true;
	is_str(refusal("triad setup=cdm device=emu size=16M"), "made has no COHERENT; use another device: see fivestep list devices",
		"memory that the device does not reach is refused");
	is_str(refusal("triad setup=cdm device=emu size=16M node=-1"), "made has no COHERENT; use another device: see fivestep list devices",
		"also where no node is asked for");
	is_str(refusal("triad setup=cdm device=emu size=16M node=3"), "", "a node that is named is coherent memory");
	is_str(refusal("triad setup=cdm device=emu size=16M node=9"), "memory node 9 does not exist; fivestep doctor lists the nodes",
		"but for one that is not there");
	is_str(refusal("triad setup=cdm device=emu size=16M node=0"),
		"node 0 is the host's own: no access would be remote; use another node; fivestep doctor lists them",
		"or the host's own, even the first");
	made.can = CDM_NEEDS & ~FS_CAP_COHERENT;
	is_str(refusal("triad setup=cdm device=emu size=16M node=3"), "made has no COHERENT; use another device: see fivestep list devices",
		"a device that never has coherent memory does not get it from a node");
	made.can = 0;
	caps |= FS_CAP_COPY;
	is_str(refusal("triad setup=copy device=emu size=16M node=0"), "", "copies go to any node, the host's own too");
}

static void test_values(void)
{
	char line[128], want[256], page[BYTES_TEXT], huge[BYTES_TEXT];

	caps = ~0u;
	bytes_format(fs_page_bytes(), page);
	bytes_format(fs_huge_bytes(), huge);
	is_str(refusal("fault_cost setup=hmm device=emu size=base"), "", "a size of one page is measured");
	snprintf(line, sizeof(line), "fault_cost setup=hmm device=emu size=%zu", fs_page_bytes() + 1);
	snprintf(want, sizeof(want), "size=%zu: not whole pages of %s; size=%zuK", fs_page_bytes() + 1, page, 2 * fs_page_bytes() >> 10);
	is_str(refusal(line), want, "one more byte is not, and the next size is named");
	snprintf(line, sizeof(line), "fault_cost setup=hmm device=emu size=%zu", 2 * fs_page_bytes() - 1);
	snprintf(want, sizeof(want), "size=%zu: not whole pages of %s; size=%zuK", 2 * fs_page_bytes() - 1, page, 2 * fs_page_bytes() >> 10);
	is_str(refusal(line), want, "nor one less, with the same next size");
	is_str(refusal("triad setup=hmm device=emu size=16M granule=base"), "", "a granule of one page is measured");
	snprintf(want, sizeof(want), "granule=1K: less than a page, which is %s here; granule=base, or a power of two of at least %s", page, page);
	is_str(refusal("triad setup=hmm device=emu size=16M granule=1K"), want, "a smaller one is not");
	is_str(refusal("triad setup=hmm device=emu size=16M page=base"), "", "base pages are measured");
	snprintf(line, sizeof(line), "triad setup=hmm device=emu size=16M page=%zu", 2 * fs_page_bytes());
	snprintf(want, sizeof(want), "page=%zuK: this machine has no pages of this size for any process; page=base (%s) or page=huge (%s)",
		2 * fs_page_bytes() >> 10, page, huge);
	is_str(refusal(line), want, "those of a size that does not exist are not");
	made.accepts = accepts_made;
	snprintf(want, sizeof(want), "kind %d, 16777216 bytes; other values", (int)FS_MEMORY_MIRROR);
	is_str(refusal("triad setup=hmm device=emu size=16M"), want, "a device may refuse values itself");
	made.accepts = NULL;
}

static void test_room(void)
{
	caps = ~0u;
	machine.available_bytes = 0;
	is_str(refusal("triad setup=copy device=emu size=1G"), "", "memory that nobody knows is no reason");
	machine.available_bytes = 100ull << 20;
	is_str(refusal("triad setup=copy device=emu size=18M"), "", "what just fits is measured");
	is_str(refusal("triad setup=copy device=emu size=19M"),
		"needs 102.0 MiB (2 x 19.0 MiB for buffers, 64 MiB for the process), 100.0 MiB are available; use a size of at most 18M",
		"what does not is not, with the sum");
	is_str(refusal("triad setup=cdm device=emu size=36M node=3"), "", "memory that exists once needs room once");
	is_str(refusal("triad setup=cdm device=emu size=37M node=3"),
		"needs 101.0 MiB (1 x 37.0 MiB for buffers, 64 MiB for the process), 100.0 MiB are available; use a size of at most 36M",
		"and no more than that");
	machine.cgroup_limited = true;
	machine.available_bytes = 66ull << 20;
	is_str(refusal("triad setup=copy device=emu size=2M"),
		"needs 68.0 MiB (2 x 2.0 MiB for buffers, 64 MiB for the process), 66.0 MiB are available in this memory cgroup; "
		"use a size of at most 1M, or a higher memory limit of the cgroup",
		"a cgroup's limit is said to be one");
	machine.available_bytes = (64ull << 20) + 2047;
	is_str(refusal("triad setup=copy device=emu size=2M"),
		"needs 68.0 MiB (2 x 2.0 MiB for buffers, 64 MiB for the process), 64.0 MiB are available in this memory cgroup; "
		"end other programs, or a higher memory limit of the cgroup",
		"where less than a KiB is left no size is named");
	machine.cgroup_limited = false;
	machine.available_bytes = 1ull << 40;
	is_str(refusal("triad setup=hmm device=emu size=1M workers=2"), "", "a worker a CPU is measured");
	is_str(refusal("triad setup=hmm device=emu size=1M workers=3"),
		"3 workers on 2 CPUs would measure the scheduler; use -p workers=2, or more CPUs", "more are not");
	machine.foreign = true;
	is_str(refusal("triad setup=copy device=emu size=1M"), "the topology is that of another machine; unset FIVESTEP_ROOT",
		"nothing is measured on a recorded machine");
	machine.foreign = false;
}

/* The cells that are left of a plan whose first two cells have the made-up device. */
static void test_left_out(void)
{
	struct fs_device other = made;

	other.name = "other";
	caps = FS_CAP_COPY;
	read_plan("triad setup=copy device=emu size=1M,2M,4M,8M");
	is_int(plan.ncells, 4, "a plan of four cells");
	for (unsigned i = 0; i < 4; i++) {
		plan.cells[i].device = i < 2 ? &made : &other;
		plan.cells[i].device_named = i % 2 != 0;
	}
	probe_leave_out(&plan, &machine);
	is_int(plan.ncells, 4, "loses none to a device that has something");
	is_int(probed, 2, "each device is looked at once");
	only_named = true;
	probe_leave_out(&plan, &machine);
	is_int(plan.ncells, 2, "loses those of one that is not worth it");
	ok(plan.cells[0].device == &made && plan.cells[1].device == &other && plan.cells[0].device_named && plan.cells[1].device_named,
		"unless the plan named it");
	ok(plan.cells[0].id == 0 && plan.cells[1].id == 1, "those that are left are numbered from 0");
	only_named = false;
	caps = 0;
	plan.cells[1].device_named = false;
	probe_leave_out(&plan, &machine);
	is_int(plan.ncells, 1, "and those of one that this machine does not have");
}

static int never(const struct fs_machine *on, struct fs_reason *why)
{
	(void)on;
	return fs_because(why, -ENOTSUP, "nothing", "not on any machine");
}

static void test_pair(void)
{
	struct fs_setup setup = {.name = "setup", .needs = FS_CAP_COPY};
	struct fs_reason why = {0};

	caps = 0;
	is_int(probe_pair(&setup, &made, &machine, &why), -ENOTSUP, "a pair needs what the setup needs");
	is_str(why.what, "made has no COPY", "and says what");
	caps = FS_CAP_COPY;
	is_int(probe_pair(&setup, &made, &machine, &why), 0, "and works where it is there");
	setup.probe = never;
	is_int(probe_pair(&setup, &made, &machine, &why), -ENOTSUP, "unless the setup refuses the machine");
	is_str(why.what, "not on any machine", "in its own words");
}

int main(void)
{
	struct fs_reason why = {0};

	fake_machine_enter("cxl", NULL);
	if (machine_probe(&machine, &why) != 0)
		return 99;
	/* Nothing is measured. */
	machine.foreign = false;
	machine.cpus = 2;
	machine.available_bytes = 1ull << 40;
	test_capabilities();
	test_nodes();
	test_values();
	test_room();
	test_left_out();
	test_pair();
	plan_free(&plan);
	fake_machine_leave();
	done_testing();
	return exit_status();
}

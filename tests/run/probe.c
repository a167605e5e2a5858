/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * probe.c - sizes compared with memory: a refusal gives numbers that add up, and a size that would be accepted.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/plan/plan.h"
#include "harness/run/probe.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

static struct plan plan;
static struct fs_machine machine;
static struct fs_reason why;

/* Whether the one cell of a line is a skip on a machine with so much memory. */
static bool is_refused(const char *line, double available_mib)
{
	plan_free(&plan);
	plan_init(&plan);
	memset(&why, 0, sizeof(why));
	if (plan_add(&plan, line, &why) != 0 || plan.ncells != 1) {
		diag("%s: %s", line, why.what);
		exit(1);
	}
	machine.cpus = 2;
	machine.available_bytes = (uint64_t)(available_mib * (1 << 20));
	probe_cells(&plan, &machine);
	why = plan.cells[0].skip;
	return plan.cells[0].skipped;
}

static const char thp[] = "/sys/kernel/mm/transparent_hugepage/enabled";

/* Whether pages of the huge size are refused where the kernel's settings, for all sizes and for this one, are these. */
static bool is_without_huge(const char *all, const char *own)
{
	char path[112], line[96];
	bool refused;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, &why);
	/* Nothing is measured. */
	machine.foreign = false;
	snprintf(path, sizeof(path), "/sys/kernel/mm/transparent_hugepage/hugepages-%zukB/enabled", fs_huge_bytes() >> 10);
	fake_machine_write(thp, all);
	if (own != NULL)
		fake_machine_write(path, own);
	snprintf(line, sizeof(line), "triad setup=copy device=null size=16M page=huge");
	refused = is_refused(line, 1000 + (double)(fs_huge_bytes() >> 20));
	fake_machine_leave();
	return refused;
}

static void test_huge(void)
{
	ok(!is_without_huge("always [madvise] never\n", NULL), "huge pages on request are available");
	ok(is_without_huge("always madvise [never]\n", NULL), "those that are switched off cannot");
	ok(strstr(why.what, "are switched off") != NULL, "which is said: %s", why.what);
	ok(!is_without_huge("always madvise [never]\n", "[always] inherit madvise never\n"), "but for a size that is switched on");
	ok(is_without_huge("[always] madvise never\n", "always inherit madvise [never]\n"), "a size that is switched off is not available");
	ok(!is_without_huge("[always] madvise never\n", "always [inherit] madvise never\n"), "one that inherits is as all");
	ok(is_without_huge("always madvise [never]\n", "always [inherit] madvise never\n"), "off or on");
	ok(is_without_huge(NULL, NULL), "a kernel without huge pages has none");
	ok(strstr(why.what, "this kernel has no transparent huge pages") != NULL, "which is said, too");
}

int main(void)
{
	double wanted = 0, available = 0;

	ok(!is_refused("triad setup=copy device=null size=16M", 1000), "what fits is accepted");
	ok(is_refused("triad setup=copy device=null size=20M", 98), "what fits without what the process itself takes is refused");
	is_int(sscanf(why.what, "needs %lf MiB (%*[^)]), %lf MiB are available", &wanted, &available), 2, "with what is wanted and what there is");
	ok(wanted > available, "of which the first is more: %s", why.what);
	is_str(why.remedy, "use a size of at most 17M", "the remedy is a size");
	ok(!is_refused("triad setup=copy device=null size=17M", 98), "which is accepted");
	ok(is_refused("triad setup=copy device=null size=18M", 98), "and is the largest of whole MiB");
	ok(is_refused("triad setup=copy device=null size=1M", 65), "less than a MiB is left");
	is_str(why.remedy, "use a size of at most 512K", "and said in KiB, not as 0M");
	ok(is_refused("triad setup=copy device=null size=1M", 20), "no size fits");
	is_str(why.remedy, "end other programs", "and none is named");
	machine.cgroup_limited = true;
	ok(is_refused("triad setup=copy device=null size=20M", 98) && strstr(why.remedy, "cgroup") != NULL, "a cgroup's limit is named");
	test_huge();
	plan_free(&plan);
	done_testing();
	return exit_status();
}

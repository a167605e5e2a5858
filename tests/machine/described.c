/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * described.c - all that is found out of the machines in tests/machines, field by field, beside what was kept in tests/kept/machines.txt; and which
 * fields change, and how, when one of a machine's files is not there. Where a change of such a text is wanted: KEEP=yes writes it anew, and git diff
 * shows it.
 */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/machine/pages.h"
#include "harness/machine/parts.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define LINES 400

static struct fs_machine machine;
static struct text said;

static void describe_nodes(struct text *text)
{
	for (unsigned i = 0; i < machine.nnodes; i++) {
		const struct fs_node *node = &machine.nodes[i];

		text_add(text, "node %d: %u CPUs, %llu bytes, %llu free, tier %d, subtype \"%s\"\n", node->id, node->cpus,
			(unsigned long long)node->bytes, (unsigned long long)node->free_bytes, node->tier, node->subtype);
		text_add(text, "access to %d: read %u ns, write %u ns, read %u MB/s, write %u MB/s\n", node->id, node->access.read_latency_ns,
			node->access.write_latency_ns, node->access.read_bandwidth_mbs, node->access.write_bandwidth_mbs);
		text_add(text, "distances from %d:", node->id);
		for (unsigned j = 0; j < machine.nnodes; j++)
			text_add(text, " %u", machine.distance[i][j]);
		text_add(text, "\n");
	}
}

/* A line a field. Names of devices are in a database that differs from machine to machine, their numbers are not. */
static void describe(struct text *text)
{
	text_add(text, "cpu: %s, architecture \"%s\", foreign %d\n", machine.cpu_model, machine.architecture, machine.foreign);
	text_add(text, "cpus: %u of %u, cores %u, packages %u\n", machine.cpus, machine.cpus_online, machine.cores, machine.packages);
	text_add(text, "memory: %llu bytes\n", (unsigned long long)machine.memory_bytes);
	text_add(text, "available: %llu bytes, by a cgroup %d\n", (unsigned long long)machine.available_bytes, machine.cgroup_limited);
	text_add(text, "huge pages:");
	for (unsigned i = 0; i < MACHINE_PAGE_SIZES && machine.page_sizes[i] != 0; i++)
		text_add(text, " %zu", machine.page_sizes[i]);
	text_add(text, "\ncache: %llu bytes\n", (unsigned long long)machine.cache_bytes);
	for (unsigned i = 0; i < machine.ncpu_kinds; i++)
		text_add(text, "cpu kind %u: %u of %s\n", i, machine.cpu_kinds[i].cpus, machine.cpu_kinds[i].name);
	for (unsigned i = 0; i < machine.ncaches; i++)
		text_add(text, "cache kind %u: %u of %s\n", i, machine.caches[i].caches, machine.caches[i].name);
	describe_nodes(text);
	for (unsigned i = 0; i < machine.nhardware; i++)
		text_add(text, "hardware %u: %s %.*s\n", i, machine.hardware[i].kind, (int)strcspn(machine.hardware[i].name, " "),
			machine.hardware[i].name);
	text_add(text, "virtual: guest %d, hypervisor \"%s\", emulated %d\n", machine.guest, machine.hypervisor, machine.emulated);
	text_add(text, "balancing: %d\n", machine.numa_balancing);
	for (unsigned i = 0; i < machine.nunread && i < MACHINE_UNREAD; i++)
		text_add(text, "unread %u: %s: %s\n", i, machine.unread[i].fields, machine.unread[i].what);
}

static unsigned lines_of(char *text, const char *lines[LINES])
{
	unsigned n = 0;

	for (char *line; n < LINES && (line = strsep(&text, "\n")) != NULL;)
		lines[n++] = line;
	return n;
}

static bool holds(const char *const *lines, unsigned n, const char *line)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(lines[i], line) == 0)
			return true;
	}
	return false;
}

/* The lines of b that a does not have. */
static void say_what_differs(const char *a, const char *b)
{
	const char *before[LINES], *after[LINES];
	char *x = strdup(a), *y = strdup(b);
	unsigned n = lines_of(x, before), m = lines_of(y, after);

	for (unsigned i = 0; i < m; i++) {
		if (!holds(before, n, after[i]))
			text_add(&said, "    %s\n", after[i]);
	}
	free(x);
	free(y);
}

/* hwloc's own reading of CPUs and devices is its own affair. */
static bool is_ours(const char *path)
{
	return strncmp(path, "/sys/devices/system/cpu", strlen("/sys/devices/system/cpu")) != 0 && strstr(path, "/pci") == NULL &&
	       strstr(path, "cpumap") == NULL;
}

/* The machine that was entered, without that file, which has this text. */
static void without_file(const char *path, const char *text, const char *whole)
{
	struct text now = {0};

	fake_machine_write(path, NULL);
	text_add(&said, "  without %s\n", path);
	if (topology_probe(&machine, NULL) == 0)
		describe(&now);
	fake_machine_write(path, text);
	say_what_differs(whole, text_string(&now));
	text_clear(&now);
}

static void without_each_file(const char *name, const char *whole)
{
	char path[512], line[4096], of[512] = "";
	struct text text = {0};
	bool more = true;
	FILE *file;

	snprintf(path, sizeof(path), "%s/tests/machines/%s.files", getenv("srcdir") != NULL ? getenv("srcdir") : ".", name);
	file = fopen(path, "r");
	fake_machine_enter(name, NULL);
	while (file != NULL && more) {
		more = fgets(line, sizeof(line), file) != NULL;
		if (more && strncmp(line, "== ", 3) != 0) {
			text_add(&text, "%s", line);
			continue;
		}
		if (of[0] != '\0' && is_ours(of))
			without_file(of, text_string(&text), whole);
		text_clear(&text);
		snprintf(of, sizeof(of), "%.*s", (int)strcspn(line + 3, "\n"), line + 3);
	}
	fake_machine_leave();
	text_clear(&text);
	if (file != NULL)
		fclose(file);
}

static void say_machine(const char *files, const char *xml, bool vary)
{
	struct text text = {0};

	text_add(&said, "==== %s\n", files != NULL ? files : xml);
	if (fake_machine_probe(files, xml, &machine, NULL) == 0)
		describe(&text);
	text_add(&said, "%s", text_string(&text));
	if (vary)
		without_each_file(files, text_string(&text));
	text_clear(&text);
}

static char *kept_text(const char *path)
{
	struct text text = {0};
	FILE *file = fopen(path, "r");
	char *all = NULL, block[4096];
	size_t n;

	while (file != NULL && (n = fread(block, 1, sizeof(block) - 1, file)) > 0) {
		block[n] = '\0';
		text_add(&text, "%s", block);
	}
	if (file != NULL)
		fclose(file);
	all = strdup(text_string(&text));
	text_clear(&text);
	return all;
}

/* Line by line, a check for each machine. */
static void compare(char *want, char *got)
{
	const char *name = "no machine";
	bool same = true;
	char *a, *b;

	do {
		a = strsep(&want, "\n");
		b = strsep(&got, "\n");
		if (b != NULL && strncmp(b, "==== ", 5) == 0) {
			ok(same, "%s: each field is as it was kept", name);
			name = b + 5;
			same = true;
		}
		if (a == NULL || b == NULL || strcmp(a, b) != 0) {
			if (same && (a != NULL || b != NULL))
				diag("kept: %s, now: %s", a != NULL ? a : "nothing", b != NULL ? b : "nothing");
			same = same && a == b;
		}
	} while (a != NULL && b != NULL);
	ok(same, "%s: each field is as it was kept", name);
}

static void test_reasons(void)
{
	struct fs_reason why = {0};

	for (unsigned i = 0; i < 3; i++) {
		static const int errors[] = {EPERM, EACCES, ENOSYS};
		char want[200];

		is_int(pages_because(&why, errors[i], 4096, 3), -errors[i], "a memory policy that is not permitted is an error");
		snprintf(want, sizeof(want), "a memory policy for node 3 is not permitted: mbind: %s", strerror(errors[i]));
		is_str(why.what, want, "with its own reason");
	}
	is_int(pages_because(&why, EINVAL, 4096, 3), -EINVAL, "one that makes no sense, too");
	is_str(why.remedy, "name a node with memory that this process's cpuset allows; fivestep doctor lists them", "with another remedy");
	is_int(pages_because(&why, ENOMEM, 4096, 3), -ENOMEM, "and memory that there is not");
	is_str(why.what, "no memory for 4096 bytes: Cannot allocate memory", "of so many bytes");
}

/* What is set for a whole machine is set nowhere else. */
static void test_reference_guest(void)
{
	struct fs_reason why = {0};

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, &why);
	fake_machine_write("/proc/cmdline", "BOOT_IMAGE=/vmlinuz root=/dev/sda1 init=/bin/fivestep\n");
	ok(machine.guest && !machine_is_reference_guest(&machine), "a virtual machine is not the reference guest");
	fake_machine_write("/proc/cmdline", "console=ttyS0 rdinit=/bin/fivestep panic=-1 -- __init\n");
	ok(machine_is_reference_guest(&machine), "its kernel's command line makes it that");
	machine.guest = false;
	ok(!machine_is_reference_guest(&machine), "not where nothing is virtual");
	fake_machine_write("/proc/cmdline", NULL);
}

int main(void)
{
	char path[512], *kept, *got;
	FILE *file;

	say_machine("guest", NULL, true);
	say_machine("cxl", NULL, true);
	say_machine("ac922", NULL, false);
	say_machine(NULL, "gh200", false);
	snprintf(path, sizeof(path), "%s/tests/kept/machines.txt", getenv("srcdir") != NULL ? getenv("srcdir") : ".");
	if (getenv("KEEP") != NULL && (file = fopen(path, "w")) != NULL) {
		fputs(text_string(&said), file);
		fclose(file);
	}
	kept = kept_text(path);
	got = strdup(text_string(&said));
	compare(kept, got);
	free(kept);
	free(got);
	text_clear(&said);
	test_reasons();
	test_reference_guest();
	done_testing();
	return exit_status();
}

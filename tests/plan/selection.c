/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which counters are read: the words of a selection, groups as files, and what is derived from made-up readings. Every mistake is an error that
 * names the word, or file and line.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/round/derived.h"
#include "harness/round/job.h"
#include "tests/tap.h"

static struct selection selection;
static struct selected_groups groups;
static struct share share;
static char folder[TAP_PATH];

static int parse(const char *text, struct fs_reason *why)
{
	memset(why, 0, sizeof(*why));
	groups_free(&groups);
	return selection_parse(text, &selection, &groups, why);
}

static bool selected(const char *source, const char *event)
{
	unsigned times = 0;

	for (unsigned i = 0; i < selection.nevents; i++)
		times += strcmp(selection.event[i].source, source) == 0 && strcmp(selection.event[i].event, event) == 0;
	return times == 1;
}

static void check_wrong(const char *text, const char *part, const char *remedy)
{
	struct fs_reason why;

	is_int(parse(text, &why), -EINVAL, "%.60s: is an error", text);
	ok(strstr(why.what, part) != NULL, "%.60s: says '%s': %s", text, part, why.what);
	ok(strstr(why.remedy, remedy) != NULL, "%.60s: and '%s': %s", text, remedy, why.remedy);
}

static const char *write_group(const char *name, const char *text)
{
	static char path[TAP_PATH + 64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.group", folder, name);
	file = fopen(path, "w");
	if (file != NULL) {
		fputs(text, file);
		fclose(file);
	}
	return path;
}

static void test_words(void)
{
	struct fs_reason why;
	unsigned usual;

	is_int(parse("none", &why), 0, "none is a selection");
	is_int(selection.nevents, 0, "of nothing");
	is_int(parse("default", &why), 0, "default is a selection");
	ok(selected("rusage", "minflt") && selected("vmstat", "pgmigrate_success"), "of what is usual");
	ok(!selected("perf", "page-faults"), "and of nothing that slows down what is timed");
	usual = selection.nevents;
	is_int(parse("all", &why), 0, "all is a selection");
	ok(selection.nevents >= usual, "of no less");
	is_int(parse("rusage", &why), 0, "a source is a selection");
	ok(selected("rusage", "nvcsw") && !selected("perf", "page-faults"), "of its own events");
	is_int(parse("rusage:minflt,perf:page-faults,rusage:minflt,rusage", &why), 0, "names are a selection");
	ok(selected("rusage", "minflt") && selected("perf", "page-faults") && selected("rusage", "majflt"), "of each event once");
	is_int(parse("vmstat:pgmigrate_*", &why), 0, "a glob is a selection");
	ok(selection.nevents == 2 && selected("vmstat", "pgmigrate_fail"), "of the events that it matches");
	is_int(parse("vmstat:pgscan_direct", &why), 0, "a name that only some kernels have");
	ok(selected("vmstat", "pgscan_direct"), "is taken as it is");
	is_int(parse("emu,dmirror:faults_to_device,none", &why), 0, "a device's counts may be named");
	is_int(selection.nevents, 0, "though they are read in any case");
}

static void test_mistakes(void)
{
	struct fs_reason why;
	char many[SELECTION_TEXT] = "vmstat:a0";

	check_wrong("", "the list is empty", "none");
	check_wrong("prf", "no source or group prf", "did you mean perf");
	check_wrong("fault", "no source or group fault", "faults");
	check_wrong("rusage,,perf", "is not a name", "comma");
	check_wrong("rusage,", "is not a name", "comma");
	check_wrong("rusage:minfault", "rusage has no event minfault", "minflt");
	check_wrong("qerf:page-faults", "no source or group qerf", "perf");
	check_wrong("perf:", "perf:", "");
	check_wrong("none:at:all", "none", "");
	check_wrong("no/such.group", "no source or group no/such.group", "list groups");
	for (int i = 1; i < 45; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), ",vmstat:a%d", i);
	is_int(parse(many, &why), 0, "45 names fit");
	is_int(selection.nevents, 45, "all of them");
}

/* A group's line 3 is the one that is wrong. */
static void check_line(const char *line, const char *part)
{
	struct fs_reason why;
	char text[1024];

	snprintf(text, sizeof(text), "# Wrong\nevent a = rusage:minflt\n%s\nabout\nWrong.\n", line);
	is_int(parse(write_group("wrong", text), &why), -EINVAL, "'%.50s' is no line of a group", line);
	ok(strstr(why.what, "wrong.group:3: ") != NULL && strstr(why.what, part) != NULL, "'%.50s': says '%s': %s", line, part, why.what);
}

static void test_group_mistakes(void)
{
	struct fs_reason why;

	check_line("evnet b = rusage:majflt", "evnet");
	check_line("event b rusage:majflt", "expected event NAME = SOURCE:EVENT");
	check_line("event b = majflt", "expected event NAME = SOURCE:EVENT");
	check_line("event b-c = rusage:majflt", "expected event NAME = SOURCE:EVENT");
	check_line("event a = rusage:majflt", "taken");
	check_line("event time = rusage:majflt", "taken");
	check_line("metric m = a", "expected metric NAME UNIT = FORMULA");
	check_line("metric m ratio a", "expected metric NAME UNIT = FORMULA");
	check_line("metric m ratio = a +", "ends where");
	check_line("metric m ratio = a / b", "uses b");
	is_int(parse(write_group("empty", "# Empty\nabout\nNothing.\n"), &why), -EINVAL, "a group without events is an error");
	is_int(parse(write_group("silent", "# Silent\nevent a = rusage:minflt\n"), &why), -EINVAL, "so is one that does not explain itself");
	is_int(parse(write_group("strange", "# S\nevent a = rusage:strange\nabout\nS.\n"), &why), -EINVAL, "and one of an event that there is not");
	ok(strstr(why.what, "strange.group") != NULL && strstr(why.what, "rusage has no event strange") != NULL, "which is named: %s", why.what);
}

/* ---- what is derived: of readings that are made up here, and results computed by hand */

static const char derived_group[] = "# Derived\n"
				    "event faults = perf:page-faults\n"
				    "event minor = rusage:minflt\n"
				    "event moved = device:pages_to_host\n"
				    "event gone = vmstat:pgmigrate_fail\n"
				    "metric per_page ratio = faults / pages\n"
				    "metric rate GB/s = moved * page_bytes / time\n"
				    "metric twice faults = faults + minor\n"
				    "metric lost pages = gone\n"
				    "metric per_byte faults/byte = faults / bytes\n"
				    "about\nMade up.\n";

static struct share_event *event_of(const char *name, int selected, uint64_t value)
{
	struct share_event *event = &share.event[share.nevents++];

	snprintf(event->name, sizeof(event->name), "%s", name);
	event->selected = selected;
	event->whole.value = value;
	event->step[FS_CPU_AFTER].value = value / 2;
	return event;
}

static void check_derived(unsigned metric, int step, uint64_t bytes, double want)
{
	struct derived_facts facts = {.bytes = bytes, .page_bytes = 4096};
	const struct group *group = &groups.group[0];
	struct fs_reason why = {0};
	double value = -1;

	if (derived_value(group, metric, &share, &facts, step, &value, &why) != 0)
		ok(false, "%s of step %d: %s", group->metric[metric].name, step, why.what);
	else
		is_near(value, want, 1e-12, "%s of step %d", group->metric[metric].name, step);
}

static void check_not_derived(unsigned metric, uint64_t bytes, const char *part)
{
	struct derived_facts facts = {.bytes = bytes, .page_bytes = 4096};
	struct fs_reason why = {0};
	double value = -1;

	is_int(derived_value(&groups.group[0], metric, &share, &facts, -1, &value, &why), -ENODATA, "%s is absent",
		groups.group[0].metric[metric].name);
	ok(strstr(why.what, part) != NULL, "since %s: %s", part, why.what);
}

static void test_derived(void)
{
	struct share_event *faults;
	struct fs_reason why;

	is_int(parse(write_group("derived", derived_group), &why), 0, "the user's own group: %s", why.what);
	is_int(selection.nevents, 3, "the device's count is not one to be selected");
	share.selection = selection;
	/* Opened under another name, and half of the time only. */
	faults = event_of("perf.page-faults:u", 0, 512);
	faults->whole.enabled_ns = 1000;
	faults->whole.running_ns = 500;
	event_of("rusage.minflt", 1, 300);
	fs_because(&event_of("vmstat.pgmigrate_fail", 2, 0)->absent, 0, "", "this kernel has none");
	/* The event of a selected source with the same name as the device's own count. */
	event_of("other.pages_to_host", 0, 7);
	event_of("emu.pages_to_host", -1, 2000);
	for (int i = 0; i < FS_STEPS; i++)
		share.step[i].done = true;
	share.step[FS_CPU_AFTER].ns = 4096;
	share.step[FS_ALLOC].ns = 4096;
	check_derived(0, -1, 1 << 20, 4);
	check_derived(0, FS_CPU_AFTER, 1 << 20, 1);
	check_derived(1, -1, 1 << 20, 1000);
	check_derived(1, FS_CPU_AFTER, 1 << 20, 1000);
	check_derived(2, -1, 1 << 20, 1324);
	check_not_derived(3, 1 << 20, "vmstat.pgmigrate_fail is absent");
	check_not_derived(4, 0, "no buffer");
	faults->whole.running_ns = 0;
	check_not_derived(0, 1 << 20, "never given a hardware counter");
	/* A benchmark times what it wants of them. */
	share.step[FS_RELEASE].done = false;
	share.counted_ns = 8192000;
	check_derived(1, -1, 1 << 20, 1);
}

static void test_installed(void)
{
	static const char *const names[] = {"balancing", "cache", "faults", "migration", "privilege", "tlb"};
	struct fs_reason why;

	for (unsigned i = 0; i < FS_ARRAY_SIZE(names); i++)
		is_int(parse(names[i], &why), 0, "the group %s is read: %s", names[i], why.what);
}

int main(void)
{
	char command[TAP_PATH + 16];

	temporary(folder, "selection");
	if (mkdtemp(folder) == NULL)
		skip_all("no folder for temporary files");
	setenv("FIVESTEP_DATADIR", getenv("srcdir") != NULL ? getenv("srcdir") : ".", 0);
	test_words();
	test_mistakes();
	test_group_mistakes();
	test_derived();
	test_installed();
	groups_free(&groups);
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	ok(system(command) == 0, "nothing is left behind");
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counters of one thing are compared with each other: those that agree, those that do not, and those that cannot be compared.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "harness/round/crosscheck.h"
#include "tests/tap.h"

static struct share share;

static struct share_event *add(const char *name, int selected, uint64_t in_step, uint64_t in_round)
{
	struct share_event *event = &share.event[share.nevents++];

	memset(event, 0, sizeof(*event));
	snprintf(event->name, sizeof(event->name), "%s", name);
	event->selected = selected;
	event->step[FS_CPU_AFTER].value = in_step;
	event->whole.value = in_round;
	return event;
}

/* Faults of a round as rusage, perf and the device's driver have them. */
static struct share_event *faults(uint64_t minor, uint64_t major, uint64_t perf, uint64_t events)
{
	memset(&share, 0, sizeof(share));
	share.step[FS_CPU_AFTER].done = true;
	add("rusage.minflt", 0, minor, minor + 1);
	add("rusage.majflt", 1, major, major);
	add("emu.events_to_host", -1, events, events);
	return add("perf.page-faults", 2, perf, perf + 1);
}

static const struct share_evidence *check(const char *what)
{
	for (unsigned i = 0; i < share.nchecks; i++) {
		if (strncmp(share.check[i].what, what, strlen(what)) == 0)
			return &share.check[i];
	}
	return NULL;
}

static void test_agree(void)
{
	const struct share_evidence *e;

	faults(4000, 96, 4096, 4096);
	crosscheck(&share);
	is_int(share.nchecks, 2, "what is there of two sources is checked, and no more");
	e = check("page faults by rusage and by perf");
	ok(e != NULL && e->holds && e->seen == 4096 && e->expected == 4096, "minor and major faults together are perf's");
	ok(e != NULL && strstr(e->what, "cpu_after") != NULL, "of the step, which is named");
	e = check("page faults by rusage and events of the CPU");
	ok(e != NULL && e->holds, "each event that a driver read is a fault of the process");
	is_int(share.verdict, VERDICT_OK, "a check is no verdict");
}

static void test_disagree(void)
{
	faults(4095, 0, 4096, 4097);
	crosscheck(&share);
	ok(check("page faults by rusage and by perf") != NULL && !check("page faults by rusage and by perf")->holds,
		"one fault less is a disagreement");
	ok(!check("page faults by rusage and events of the CPU")->holds, "an event without a fault as well");
	is_int(share.verdict, VERDICT_OK, "which is no verdict either: both numbers stand in the record");
	faults(5000, 0, 4096, 0);
	crosscheck(&share);
	ok(check("page faults by rusage and by perf")->holds, "other threads' faults are in rusage alone");
}

static void test_not_comparable(void)
{
	struct share_event *perf = faults(1, 0, 4096, 0);

	fs_because(&perf->absent, 0, "", "not permitted");
	crosscheck(&share);
	ok(check("page faults by rusage and by perf") == NULL, "an absent event disagrees with nothing");
	perf = faults(1, 0, 4096, 0);
	perf->step[FS_CPU_AFTER].enabled_ns = 2;
	perf->step[FS_CPU_AFTER].running_ns = 1;
	crosscheck(&share);
	ok(check("page faults by rusage and by perf") == NULL, "nor does an estimate");
	snprintf(faults(1, 0, 4096, 0)->name, sizeof(perf->name), "perf.page-faults:u");
	crosscheck(&share);
	ok(check("page faults by rusage and by perf") == NULL, "nor one that counts something else");
	faults(5, 0, 6, 0);
	share.step[FS_CPU_AFTER].done = false;
	crosscheck(&share);
	ok(check("page faults by rusage and by perf") != NULL && check("page faults by rusage and by perf")->expected == 7,
		"without steps the whole round is checked");
}

static void test_migration(void)
{
	memset(&share, 0, sizeof(share));
	share.step[FS_CPU_AFTER].done = true;
	add("vmstat.pgmigrate_success", 0, 511, 511);
	add("emu.moved_to_device", -1, 0, 0);
	add("emu.moved_to_host", -1, 512, 512);
	crosscheck(&share);
	ok(check("pages migrated") != NULL && !check("pages migrated")->holds, "a page that moved is one that the kernel migrated");
	share.nchecks = 0;
	share.event[0].step[FS_CPU_AFTER].value = 600;
	crosscheck(&share);
	ok(check("pages migrated")->holds, "it may migrate others");
	memset(&share, 0, sizeof(share));
	share.step[FS_CPU_AFTER].done = true;
	add("papi.perf::PAGE-FAULTS", 0, 10, 10);
	add("perf.page-faults", 1, 11, 11);
	crosscheck(&share);
	ok(check("page faults by PAPI") != NULL && !check("page faults by PAPI")->holds,
		"PAPI's and perf's count of one event are equal or disagree");
}

/* That there is room for each check in each step is checked by the compiler (crosscheck.c); that its name fits, here. */
static void test_all(void)
{
	faults(1, 0, 1, 1);
	add("papi.perf::PAGE-FAULTS", 3, 1, 1);
	add("perf.page-faults:u", 4, 1, 1);
	add("papi.perf::PAGE-FAULTS:u", 5, 1, 1);
	add("emu.minor_faults_of_device", -1, 1, 1);
	add("emu.events_to_device", -1, 1, 1);
	add("emu.moved_to_device", -1, 0, 0);
	add("emu.moved_to_host", -1, 0, 0);
	add("vmstat.pgmigrate_success", 6, 0, 0);
	for (int step = 0; step < FS_STEPS; step++)
		share.step[step].done = true;
	crosscheck(&share);
	is_int(share.nchecks, 6 * FS_STEPS, "each check of each step");
	for (unsigned i = 0; i < share.nchecks; i++) {
		const char *step = strrchr(share.check[i].what, ' ');

		is_str(step != NULL ? step + 1 : "", fs_step_names[i / 6], "%s", share.check[i].what);
	}
}

int main(void)
{
	test_agree();
	test_disagree();
	test_not_comparable();
	test_migration();
	test_all();
	done_testing();
	return exit_status();
}

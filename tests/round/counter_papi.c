/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The source papi: which processor it can be told to take this one for, what it cannot count with the reason and remedy, and what it counts:
 * page faults of the kernel everywhere, a hardware preset where there is a PMU.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/counter/papi_pmu.h"
#include "harness/counter/perf_name.h"
#include "harness/round/share.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define PAGES 64

extern const struct fs_counter counter_papi;

static struct fs_machine machine;
static struct fs_opened opened[4];
static struct fs_reading before[4], after[4];

static void check_pmu(const char *vendor, int family, int model, const char *want)
{
	char cpuinfo[256], pmu[48];

	snprintf(cpuinfo, sizeof(cpuinfo), "processor\t: 0\nvendor_id\t: %s\ncpu family\t: %d\nmodel\t\t: %d\nmodel name\t: X 9\n", vendor, family,
		model);
	papi_pmu_for(cpuinfo, pmu, sizeof(pmu));
	is_str(pmu, want, "%s family %d model %d", vendor, family, model);
}

/* Families and models as the vendors number them. */
static void test_pmu(void)
{
	char pmu[48] = "x";

	check_pmu("AuthenticAMD", 25, 1, "amd64_fam19h_zen3");
	check_pmu("AuthenticAMD", 25, 17, "amd64_fam19h_zen3");
	check_pmu("AuthenticAMD", 26, 2, "amd64_fam19h_zen3");
	check_pmu("AuthenticAMD", 23, 1, "amd64_fam17h_zen1");
	check_pmu("AuthenticAMD", 23, 49, "amd64_fam17h_zen2");
	check_pmu("GenuineIntel", 6, 85, "skx");
	check_pmu("GenuineIntel", 6, 106, "icx");
	check_pmu("GenuineIntel", 6, 143, "spr");
	check_pmu("GenuineIntel", 15, 6, "");
	check_pmu("Unheard", 6, 85, "");
	papi_pmu_for("", pmu, sizeof(pmu));
	is_str(pmu, "", "no /proc/cpuinfo");
}

static void test_names(void)
{
	ok(counter_papi.accepts("PAPI_FP_OPS"), "any preset is an event");
	ok(counter_papi.accepts("amd64_fam19h_zen3::RETIRED_INSTRUCTIONS"), "so is a native name");
	ok(counter_papi.accepts("RETIRED_SSE_AVX_FLOPS:ADD_SUB_FLOPS"), "and one without its PMU");
	ok(!counter_papi.accepts("page-faults"), "but not one of perf's own");
	ok(!counter_papi.accepts("A B") && !counter_papi.accepts(""), "nor what is none");
}

static void touch(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = PAGES * page;
	volatile char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise((void *)p, bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < bytes; i += page)
		p[i] = 1;
	munmap((void *)p, bytes);
}

static void *open_names(const char *const *names, unsigned n)
{
	void *source = NULL;

	memset(opened, 0, sizeof(opened));
	for (unsigned i = 0; i < n; i++)
		snprintf(opened[i].name, sizeof(opened[i].name), "%s", names[i]);
	is_int(counter_papi.open(&machine, names, n, opened, &source, NULL), 0, "papi opens");
	return source;
}

static void test_faults(void)
{
	static const char *const names[] = {"PAPI_NO_SUCH", "perf::PAGE-FAULTS"};
	void *source = open_names(names, 2);
	long long faults;

	ok(opened[0].why.what[0] != '\0' && opened[0].why.remedy[0] != '\0', "what PAPI has not is absent: %s -> %s", opened[0].why.what,
		opened[0].why.remedy);
	if (opened[1].why.what[0] != '\0') {
		/* A forced PMU is the only one. */
		skip(opened[1].why.what, 1);
	} else {
		counter_papi.read(source, before);
		touch();
		counter_papi.read(source, after);
		faults = (long long)(after[1].value - before[1].value);
		ok(faults >= PAGES && faults < PAGES + 16, "%d pages touched are %lld faults by PAPI", PAGES, faults);
		ok(after[0].value == 0 && after[0].enabled_ns == 0, "in their own place");
	}
	counter_papi.close(source);
}

/* The kernel has a PMU, and PAPI does not know the processor: as on some virtual machines. */
static void test_unknown_processor(void)
{
	static const char *const names[] = {"PAPI_TOT_INS"};
	struct perf_rights rights;
	void *source;

	perf_rights_read(&machine, &rights);
	if (rights.has_pmu || getenv("LIBPFM_FORCE_PMU") != NULL) {
		skip("PAPI may know this processor", 1);
		return;
	}
	fake_machine_enter("guest", NULL);
	fake_machine_write("/sys/bus/event_source/devices/cpu/type", "4\n");
	fake_machine_write("/proc/cpuinfo", "vendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 17\n");
	machine_probe(&machine, NULL);
	source = open_names(names, 1);
	ok(opened[0].why.what[0] != '\0', "a PMU that is none counts nothing: %s", opened[0].why.what);
	if (strstr(opened[0].why.what, "does not know this processor") == NULL)
		skip("PAPI knows this processor, though the kernel has no PMU", 1);
	else
		ok(strstr(opened[0].why.remedy, "LIBPFM_FORCE_PMU=amd64_fam19h_zen3") != NULL, "and what to do: %s", opened[0].why.remedy);
	counter_papi.close(source);
	fake_machine_leave();
	machine_probe(&machine, NULL);
}

static void test_preset(void)
{
	static const char *const names[] = {"PAPI_TOT_INS"};
	void *source = open_names(names, 1);

	if (opened[0].why.what[0] != '\0') {
		ok(opened[0].why.remedy[0] != '\0', "no hardware preset, with a remedy: %s -> %s", opened[0].why.what, opened[0].why.remedy);
		skip(opened[0].why.what, 2);
	} else {
		ok(strstr(opened[0].counts, "INST") != NULL, "PAPI_TOT_INS counts %s", opened[0].counts);
		counter_papi.read(source, before);
		for (volatile int i = 0; i < 1000000; i++)
			;
		counter_papi.read(source, after);
		ok(after[0].value - before[0].value > 1000000, "instructions of a loop: %lld", (long long)(after[0].value - before[0].value));
	}
	counter_papi.close(source);
}

int main(void)
{
	struct fs_reason why = {0};

	machine_probe(&machine, NULL);
	test_pmu();
	test_names();
	if (counter_papi.probe(&machine, &why) != 0) {
		ok(why.what[0] != '\0' && why.remedy[0] != '\0', "PAPI is not there: %s -> %s", why.what, why.remedy);
	} else {
		test_faults();
		test_unknown_processor();
		test_preset();
	}
	done_testing();
	return exit_status();
}

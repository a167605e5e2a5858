/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The counter sources count what happens here, and what they cannot count is absent with the reason: never zero, never another event.
 */
#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/round/job.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define PAGES 64

extern const struct fs_counter counter_rusage, counter_perf, counter_vmstat;

static struct fs_machine machine;
static struct fs_opened opened[FS_EVENTS];
static struct fs_reading before[FS_EVENTS], after[FS_EVENTS];

/* Its place among the n events that were opened; n where there is none. Found by the name under which it is counted. */
static unsigned place(unsigned n, const char *name)
{
	unsigned i = 0;

	while (i < n && strcmp(opened[i].name, name) != 0)
		i++;
	return i;
}

static bool is_counted(unsigned n, const char *name)
{
	return place(n, name) < n && opened[place(n, name)].why.what[0] == '\0';
}

/* What was counted between the two; -1 where there is no such event, -2 where it is absent. */
static long long counted(unsigned n, const char *name)
{
	unsigned i = place(n, name);

	if (i == n)
		return -1;
	return opened[i].why.what[0] == '\0' ? (long long)(after[i].value - before[i].value) : -2;
}

/* Opens all that a source declares; how many, 0 where it cannot. */
static unsigned open_all(const struct fs_counter *counter, void **source)
{
	const char *names[FS_EVENTS];
	unsigned n = 0;

	memset(opened, 0, sizeof(opened));
	memset(before, 0, sizeof(before));
	memset(after, 0, sizeof(after));
	for (; counter->events[n].name != NULL; n++) {
		names[n] = counter->events[n].name;
		snprintf(opened[n].name, sizeof(opened[n].name), "%s", names[n]);
		snprintf(opened[n].unit, sizeof(opened[n].unit), "%s", counter->events[n].unit);
	}
	if (counter->open(&machine, names, n, opened, source, NULL) != 0)
		return 0;
	return counter->read(*source, before) == 0 ? n : 0;
}

/* PAGES page faults that migrate nothing: each page is touched once. */
static void *touch(void *unused)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = PAGES * page;
	volatile char *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	(void)unused;
	madvise((void *)p, bytes, MADV_NOHUGEPAGE);
	for (size_t i = 0; i < bytes; i += page)
		p[i] = 1;
	munmap((void *)p, bytes);
	return NULL;
}

static void touch_in_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, touch, NULL) == 0)
		pthread_join(thread, NULL);
}

/* Every event has a name and a unit that a record has room for, and is there once. */
static void check_events(const struct fs_counter *counter, unsigned n)
{
	bool named = true, once = true;

	for (unsigned i = 0; i < n; i++) {
		named = named && opened[i].unit[0] != '\0' && strlen(counter->events[i].unit) < sizeof(opened[0].unit) && counter->events[i].help[0];
		once = once && place(n, opened[i].name) == i;
	}
	ok(n > 0 && n <= FS_EVENTS, "%s: %u events", counter->name, n);
	ok(named, "%s: each has a unit and says what it is", counter->name);
	ok(once, "%s: each name is there once", counter->name);
}

static void test_rusage(void)
{
	void *source = NULL;
	long long faults;
	unsigned n;

	is_int(counter_rusage.probe(&machine, NULL), 0, "rusage: is always there");
	n = open_all(&counter_rusage, &source);
	check_events(&counter_rusage, n);
	touch(NULL);
	counter_rusage.read(source, after);
	faults = counted(n, "minflt");
	ok(faults >= PAGES && faults < PAGES + 64, "rusage: %d pages touched are about as many faults: %lld", PAGES, faults);
	counter_rusage.read(source, before);
	touch_in_thread();
	counter_rusage.read(source, after);
	ok(counted(n, "minflt") >= PAGES, "rusage: those of a thread as well");
	counter_rusage.read(source, before);
	usleep(1000);
	counter_rusage.read(source, after);
	ok(counted(n, "nvcsw") >= 1, "rusage: sleeping is a switch of its own will");
	is_int(counted(n, "majflt"), 0, "rusage: nothing was read from a disk");
	is_int(counted(n, "nothing"), -1, "rusage: what it has not is not there");
	counter_rusage.close(source);
}

static void test_perf(void)
{
	struct fs_reason why = {0};
	void *source = NULL;
	const char *name;
	pid_t child;
	unsigned n;

	if (counter_perf.probe(&machine, &why) != 0) {
		ok(why.what[0] != '\0' && why.remedy[0] != '\0', "perf: says why it is not there: %s -> %s", why.what, why.remedy);
		return;
	}
	n = open_all(&counter_perf, &source);
	check_events(&counter_perf, n);
	name = is_counted(n, "page-faults") ? "page-faults" : "page-faults:u";
	ok(before[place(n, name)].enabled_ns > 0 && before[place(n, name)].running_ns <= before[place(n, name)].enabled_ns,
		"perf: says how long it counted");
	touch(NULL);
	counter_perf.read(source, after);
	ok(counted(n, name) >= PAGES && counted(n, name) < PAGES + 64, "perf: %d pages touched are about as many faults: %lld", PAGES,
		counted(n, name));
	counter_perf.read(source, before);
	touch_in_thread();
	counter_perf.read(source, after);
	ok(counted(n, name) >= PAGES, "perf: those of a thread that starts later as well");
	counter_perf.read(source, before);
	child = fork();
	if (child == 0) {
		touch(NULL);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	counter_perf.read(source, after);
	ok(counted(n, name) >= PAGES, "perf: and those of a process");
	ok(counted(n, "task-clock") > 0, "perf: time passes");
	if (strcmp(name, "page-faults") == 0)
		ok(counted(n, "context-switches") >= 1, "perf: waiting is a switch");
	else
		skip("the kernel may not be counted here", 1);
	counter_perf.close(source);
}

/* As nobody, in a process of its own: its result is its status. */
static int as_nobody(void)
{
	struct fs_reason why = {0};
	void *source = NULL;
	unsigned n;

	if (setresuid(65534, 65534, 65534) != 0)
		return 77;
	if (counter_perf.probe(&machine, &why) != 0)
		return strstr(why.what, "paranoid") != NULL && strstr(why.remedy, "paranoid") != NULL ? 0 : 1;
	n = open_all(&counter_perf, &source);
	if (n == 0)
		return 2;
	if (is_counted(n, "page-faults"))
		return 77; /* anybody may count the kernel here */
	if (!is_counted(n, "page-faults:u"))
		return 3;
	if (is_counted(n, "context-switches") || strstr(opened[place(n, "context-switches")].why.what, "paranoid") == NULL)
		return 4;
	touch(NULL);
	counter_perf.read(source, after);
	return counted(n, "page-faults:u") >= PAGES ? 0 : 5;
}

static void test_unprivileged(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(as_nobody());
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip("nobody may count everything, or this is nobody", 1);
	else
		is_int(status, 0, "perf: without the right to count the kernel, events of user code are counted as such, and switches are absent");
}

static void test_vmstat(void)
{
	void *source = NULL;
	unsigned n;

	is_int(counter_vmstat.probe(&machine, NULL), 0, "vmstat: is there");
	n = open_all(&counter_vmstat, &source);
	check_events(&counter_vmstat, n);
	for (int i = 0; i < 64; i++)
		touch(NULL);
	counter_vmstat.read(source, after);
	/* A CPU's count is added to the system's at the time of reading. */
	ok(counted(n, "pgfault") >= 64 * PAGES, "vmstat: %d pages touched, %lld faults of the system", 64 * PAGES, counted(n, "pgfault"));
	counter_vmstat.close(source);
}

static void test_vmstat_of(void)
{
	struct fs_reason why = {0};
	void *source = NULL;
	unsigned n;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	is_int(counter_vmstat.probe(&machine, &why), -ENOENT, "vmstat: a machine that has none");
	ok(strstr(why.what, "/proc/vmstat") != NULL, "vmstat: is told so");
	is_int(counter_vmstat.open(&machine, NULL, 0, NULL, &source, NULL), -ENOENT, "vmstat: and nothing is opened");
	fake_machine_write("/proc/vmstat",
		"nr_free_pages 1\npgfault71 1\nxpgfault 1\npgfault_more 2\npgfault 10000000000\npgmigrate_fail 3\nnuma_hint_faults x\n");
	n = open_all(&counter_vmstat, &source);
	check_events(&counter_vmstat, n);
	is_int((long long)before[place(n, "pgfault")].value, 10000000000, "vmstat: found by its whole name, beyond 32 bits");
	is_int((long long)before[place(n, "pgmigrate_fail")].value, 3, "vmstat: wherever its line is");
	ok(!is_counted(n, "numa_hint_faults"), "vmstat: what is no number is absent");
	ok(!is_counted(n, "pgmigrate_success"), "vmstat: a name that is not there is absent");
	ok(strstr(opened[place(n, "pgmigrate_success")].why.what, "pgmigrate_success") != NULL, "vmstat: by name");
	fake_machine_write("/proc/vmstat", "pgfault 10000000007\npgmigrate_success 5\n");
	counter_vmstat.read(source, after);
	is_int(counted(n, "pgfault"), 7, "vmstat: read again it is what is there now");
	is_int(counted(n, "pgmigrate_success"), -2, "vmstat: a count that was absent is no difference");
	ok(counter_vmstat.accepts("pgscan_direct"), "vmstat: other kernels have other names");
	ok(!counter_vmstat.accepts("no such"), "vmstat: but not any");
	counter_vmstat.close(source);
	fake_machine_leave();
}

/* ---- a device's own counts */

static struct fs_count_def defs[FS_DEVICE_COUNTS + 2];
static unsigned opens;

static int many_open(struct fs_job *of, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	(void)of, (void)kind, (void)bytes;
	opens++;
	*dev = NULL;
	return 0;
}

static void many_close(void *dev)
{
	(void)dev;
}

static int many_count(void *dev, uint64_t *values)
{
	(void)dev;
	for (unsigned i = 0; defs[i].name != NULL; i++)
		values[i] = i + 1;
	return 0;
}

static void test_device_counts(void)
{
	static const struct fs_device device = {.name = "many", .open = many_open, .close = many_close, .counts = defs, .count = many_count};
	static const struct fs_setup setup = {.name = "any"};
	static const struct fs_bench bench = {.name = "none"};
	static struct cell cell = {.name = "none", .bench = &bench, .setup = &setup, .device = &device};
	static struct share round;
	struct fs_job of = {.share = &round, .cell = &cell};
	uint64_t value = 0;

	round.machine = machine;
	for (unsigned i = 0; i < FS_DEVICE_COUNTS; i++)
		defs[i] = (struct fs_count_def){.name = i + 1 == FS_DEVICE_COUNTS ? "last" : "count", .unit = "faults", .help = "one of many"};
	is_int(job_open(&of), 0, "a device with as many counts as there may be");
	ok(fs_device_count(&of, "last", &value) && value == FS_DEVICE_COUNTS, "the last of them is read: %llu", (unsigned long long)value);
	is_int(round.nevents, FS_DEVICE_COUNTS + 1, "and all are recorded, and of the calls the launches: it has no others");
	job_close(&of);
	defs[FS_DEVICE_COUNTS] = defs[0];
	is_int(job_open(&of), -E2BIG, "one count more");
	ok(strstr(fs_why(&of)->what, "more than 96 counts") != NULL, "is said: %s", fs_why(&of)->what);
	is_int(opens, 1, "and the device is not opened");
	fs_error(&of, -EIO, "none: %s", fs_why(&of)->what);
	is_str(fs_why(&of)->what, "none: many declares more than 96 counts", "a reason that quotes the reason before keeps it");
	for (unsigned i = 0; i < FS_REASON_BYTES / strlen("longer "); i++)
		fs_error(&of, -EIO, "longer %s", fs_why(&of)->what);
	is_int((long long)strlen(fs_why(&of)->what), sizeof(fs_why(&of)->what) - 1, "one that is too long is cut");
	is_str(fs_why(&of)->what + sizeof(fs_why(&of)->what) - 4, "...", "which it says");
}

int main(void)
{
	machine_probe(&machine, NULL);
	test_rusage();
	test_perf();
	test_unprivileged();
	test_vmstat();
	test_vmstat_of();
	test_device_counts();
	done_testing();
	return exit_status();
}

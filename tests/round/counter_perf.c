/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The source perf: names and what they are, tracepoints by a made-up tracefs, the reason and remedy of each refusal, and what is counted
 * of whom: the CPU side, the device's threads and its process.
 */
#include "config.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/counter/perf_name.h"
#include "harness/counter/perf_tasks.h"
#include "harness/round/share.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define PAGES 64

extern const struct fs_counter counter_perf;

static struct fs_machine machine;
#define EVENTS 32
static struct fs_opened opened[EVENTS];
static struct fs_reading before[EVENTS], after[EVENTS];

static void check_name(const char *text, uint32_t type, uint64_t config)
{
	struct perf_name name;

	is_int(perf_name_parse(text, &name), 0, "%s is an event", text);
	ok(name.type == type && name.config == config, "%s: type %u, config %llx", text, name.type, (unsigned long long)name.config);
}

/* Numbers of types and codes are those of the kernel's interface, written out. */
static void test_names(void)
{
	static const char *const wrong[] = {"", "nothing", "r", "rx", "r01c2z", "r00112233445566778", "migrate", "migrate:", ":mm", "a:b:c",
		"page-faults:x", "page-faults@nobody", "@device", ":u", "instructions:uk", "migrate:mm migrate"};
	struct perf_name name;

	check_name("page-faults", 1, 2);
	check_name("task-clock", 1, 1);
	check_name("major-faults", 1, 6);
	check_name("instructions", 0, 1);
	check_name("branch-misses", 0, 5);
	check_name("L1-dcache-load-misses", 3, 0x10000);
	check_name("LLC-loads", 3, 2);
	check_name("dTLB-load-misses", 3, 0x10003);
	check_name("dTLB-store-misses", 3, 0x10103);
	check_name("node-load-misses", 3, 0x10006);
	check_name("r01c2", 4, 0x01c2);
	check_name("rFFFFFFFFFFFFFFFF", 4, UINT64_MAX);
	for (size_t i = 0; i < FS_ARRAY_SIZE(wrong); i++)
		is_int(perf_name_parse(wrong[i], &name), -EINVAL, "'%s' is no event", wrong[i]);
	perf_name_parse("instructions:u", &name);
	ok(name.user_only && !name.kernel_only && !name.device, ":u is user code only");
	perf_name_parse("page-faults:k@device", &name);
	ok(!name.user_only && name.kernel_only && name.device && name.config == 2, ":k@device is the kernel only, of the device");
	perf_name_parse("migrate:mm_migrate_pages:u", &name);
	ok(name.type == PERF_TYPE_TRACEPOINT && name.user_only && strcmp(name.system, "migrate") == 0 &&
			strcmp(name.tracepoint, "mm_migrate_pages") == 0,
		"a tracepoint is a system and a name");
	for (const struct fs_event *e = perf_events; e->name != NULL; e++) {
		if (perf_name_parse(e->name, &name) != 0)
			ok(false, "%s is declared, and is no event", e->name);
	}
}

/* ---- tracepoints */

static int resolve(const char *text, struct perf_name *name, struct fs_reason *why)
{
	memset(why, 0, sizeof(*why));
	perf_name_parse(text, name);
	return perf_name_resolve(name, &machine, why);
}

static void test_tracefs(void)
{
	struct perf_name name;
	struct fs_reason why;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	is_int(resolve("migrate:mm_migrate_pages", &name, &why), -ENOENT, "without tracefs there is no tracepoint");
	ok(strstr(why.what, "not mounted") != NULL && strstr(why.remedy, "mount -t tracefs") != NULL, "and what to do: %s -> %s", why.what,
		why.remedy);
	is_int(resolve("page-faults", &name, &why), 0, "other events need none");
	fake_machine_write("/sys/kernel/tracing/events/migrate/mm_migrate_pages/id", "613\n");
	is_int(resolve("migrate:mm_migrate_pages", &name, &why), 0, "with it there is");
	is_int((long long)name.config, 613, "by its number");
	is_int(resolve("migrate:mm_migrate_pges", &name, &why), -ENOENT, "but not every one");
	ok(strstr(why.what, "has no tracepoint migrate:mm_migrate_pges") != NULL, "which is named: %s", why.what);
	fake_machine_write("/sys/kernel/debug/tracing/events/tlb/tlb_flush/id", "7\n");
	fake_machine_write("/sys/kernel/tracing/events/migrate/mm_migrate_pages/id", NULL);
	fake_machine_leave();
	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	fake_machine_write("/sys/kernel/debug/tracing/events/tlb/tlb_flush/id", "7\n");
	is_int(resolve("tlb:tlb_flush", &name, &why), 0, "an old system has it below debugfs");
	is_int((long long)name.config, 7, "by its number, too");
	fake_machine_leave();
	machine_probe(&machine, NULL);
}

/* ---- refusals */

static void check_why(int err, uint32_t type, struct perf_rights rights, const char *what, const char *remedy)
{
	struct fs_reason why = {0};

	is_int(perf_why(err, "an-event", type, &rights, &why), err, "%s is passed on", strerror(-err));
	ok(strstr(why.what, what) != NULL, "says '%s': %s", what, why.what);
	ok(strstr(why.remedy, remedy) != NULL, "and '%s': %s", remedy, why.remedy);
}

static void test_refusals(void)
{
	const struct perf_rights nobody4 = {.paranoid = 4, .has_pmu = true}, nobody2 = {.paranoid = 2, .has_pmu = true};
	const struct perf_rights capable = {.paranoid = 4, .perfmon = true, .has_pmu = true}, contained = {.paranoid = 2, .filtered = true};
	const struct perf_rights contained_capable = {.paranoid = 2, .perfmon = true, .filtered = true}, guest = {.paranoid = 1, .guest = true};
	const struct perf_rights no_perf = {.paranoid = -2, .filtered = true}, host = {.paranoid = 1};

	check_why(
		-EACCES, PERF_TYPE_SOFTWARE, nobody4, "kernel.perf_event_paranoid=4 and no CAP_PERFMON", "kernel.perf_event_paranoid=1 (2 lets user");
	check_why(-EACCES, PERF_TYPE_SOFTWARE, nobody2, "kernel.perf_event_paranoid=2", "setcap cap_perfmon+ep");
	check_why(-EPERM, PERF_TYPE_SOFTWARE, contained, "seccomp filter", "--cap-add PERFMON");
	check_why(-EACCES, PERF_TYPE_SOFTWARE, contained, "kernel.perf_event_paranoid=2", "sysctl");
	check_why(-EACCES, PERF_TYPE_SOFTWARE, contained_capable, "seccomp filter", "seccomp profile");
	check_why(-EPERM, PERF_TYPE_SOFTWARE, capable, "security module", "SELinux");
	check_why(-EACCES, PERF_TYPE_SOFTWARE, capable, "security module", "lockdown");
	check_why(-ENOSYS, PERF_TYPE_SOFTWARE, contained, "hidden by a seccomp filter", "seccomp profile");
	check_why(-ENOSYS, PERF_TYPE_SOFTWARE, no_perf, "no perf_event_open", "CONFIG_PERF_EVENTS");
	check_why(-ENOENT, PERF_TYPE_HARDWARE, guest, "no PMU in this virtual machine", "pmu=on");
	check_why(-ENOENT, PERF_TYPE_RAW, host, "found no PMU", "PMU driver");
	check_why(-ENOENT, PERF_TYPE_HW_CACHE, nobody2, "has no an-event", "perf list");
	check_why(-EOPNOTSUPP, PERF_TYPE_HARDWARE, nobody2, "has no an-event", "perf list");
	check_why(-ENODEV, PERF_TYPE_SOFTWARE, host, "this kernel has no event an-event", "newer kernel");
	check_why(-EINVAL, PERF_TYPE_HARDWARE, nobody2, "does not accept an-event", "modifiers");
	check_why(-EMFILE, PERF_TYPE_HARDWARE, nobody2, "open files", "ulimit -n");
	check_why(-EBUSY, PERF_TYPE_HARDWARE, nobody2, "in use", "nmi_watchdog");
	check_why(-E2BIG, PERF_TYPE_HARDWARE, nobody2, "an-event", "");
}

static void test_rights(void)
{
	struct perf_rights rights;

	fake_machine_enter("guest", NULL);
	fake_machine_write("/proc/sys/kernel/perf_event_paranoid", "4\n");
	fake_machine_write("/proc/self/status", "Name:\tx\nCapInh:\tffffffffffffffff\nCapEff:\t0000004000000000\nSeccomp:\t2\nSeccomp_filters:\t1\n");
	fake_machine_write("/sys/bus/event_source/devices/cpu/type", "4\n");
	machine_probe(&machine, NULL);
	perf_rights_read(&machine, &rights);
	ok(rights.paranoid == 4 && rights.perfmon && rights.filtered && rights.has_pmu, "paranoid, CAP_PERFMON, a filter and a PMU are seen");
	fake_machine_write("/proc/sys/kernel/perf_event_paranoid", NULL);
	fake_machine_write("/proc/self/status", "CapEff:\t0000000000000001\nSeccomp:\t0\n");
	fake_machine_write("/sys/bus/event_source/devices/cpu/type", NULL);
	perf_rights_read(&machine, &rights);
	ok(rights.paranoid == -2 && !rights.perfmon && !rights.filtered && !rights.has_pmu, "and that there are none");
	fake_machine_leave();
	machine_probe(&machine, NULL);
}

/* Of which PMUs the CPUs are: by the names of all architectures, and those of kinds of cores. */
static void test_cores(void)
{
	static const char *const one[] = {"cpu", "cpum_cf", "armv8_pmuv3_0", "armv8_neoverse_v2"};
	struct perf_rights rights;
	struct perf_cores cores;
	char path[128];

	fake_machine_enter("guest", NULL);
	fake_machine_write("/sys/bus/event_source/devices/uncore_imc/type", "20\n");
	fake_machine_write("/sys/bus/event_source/devices/cpum_sf/type", "21\n");
	fake_machine_write("/sys/bus/event_source/devices/arm_cmn_0/type", "22\n");
	machine_probe(&machine, NULL);
	perf_cores_read(&machine, &cores);
	ok(!cores.any && cores.kinds == 0, "PMUs of buses, memory and samples are none of the CPUs");
	for (size_t i = 0; i < FS_ARRAY_SIZE(one); i++) {
		snprintf(path, sizeof(path), "/sys/bus/event_source/devices/%s/type", one[i]);
		fake_machine_write(path, "9\n");
		perf_rights_read(&machine, &rights);
		perf_cores_read(&machine, &cores);
		ok(rights.has_pmu && cores.kinds == 0, "%s is one, of cores of one kind", one[i]);
		fake_machine_write(path, NULL);
	}
	fake_machine_write("/sys/bus/event_source/devices/cpu_core/type", "4\n");
	fake_machine_write("/sys/bus/event_source/devices/cpu_atom/type", "10\n");
	perf_cores_read(&machine, &cores);
	ok(cores.any && cores.kinds == 2 && cores.type[0] + cores.type[1] == 14, "a hybrid processor has two");
	ok(perf_kind_config(PERF_COUNT_HW_INSTRUCTIONS, 10) == 0xa00000001, "an event of one of them has its number");
	fake_machine_leave();
	machine_probe(&machine, NULL);
}

/* 60 % of the time on one kind of core, 40 % on the other: what both counted is all, and neither is taken for the whole. */
static void test_kinds(void)
{
	struct fs_reading sum = {.value = 100 + 50, .enabled_ns = 10 + 10, .running_ns = 6 + 4},
			  one = {.value = 7, .enabled_ns = 10, .running_ns = 5};

	perf_kinds_whole(&sum, 2);
	ok(sum.value == 150 && sum.enabled_ns == 10 && sum.running_ns == 10, "counts of two kinds of cores are not scaled up");
	perf_kinds_whole(&one, 0);
	ok(one.value == 7 && one.enabled_ns == 10 && one.running_ns == 5, "those of cores of one kind stay as they are");
}

/* ---- counting */

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

/* A device: a thread and a process with a thread, all of which touch when told to by a byte in the pipe. */
static int go[2], gone[2];

static void *device_thread(void *who)
{
	char c;

	while (read(go[0], &c, 1) == 1) {
		touch(NULL);
		if (write(gone[1], who, 1) != 1)
			break;
	}
	return NULL;
}

static pid_t device_process(void)
{
	pid_t pid = fork();
	pthread_t thread;

	if (pid == 0) {
		pthread_create(&thread, NULL, device_thread, "p");
		pthread_join(thread, NULL);
		_exit(0);
	}
	return pid;
}

/* Whoever reads the byte touches, and says who. */
static char device_touches(void)
{
	char c = 0;

	if (write(go[1], &c, 1) != 1 || read(gone[0], &c, 1) != 1)
		ok(false, "the device does not answer");
	return c;
}

/* Until both of it are there. */
static void wait_for_device(void)
{
	bool thread = false, process = false;

	for (int i = 0; i < 10000 && !(thread && process); i++) {
		char who = device_touches();

		thread = thread || who == 't';
		process = process || who == 'p';
	}
}

static long long difference(unsigned i)
{
	return opened[i].why.what[0] == '\0' ? (long long)(after[i].value - before[i].value) : -1;
}

static void open_names(const char *const *names, unsigned n, void **source)
{
	memset(opened, 0, sizeof(opened));
	for (unsigned i = 0; i < n; i++)
		snprintf(opened[i].name, sizeof(opened[i].name), "%s", names[i]);
	is_int(counter_perf.open(&machine, names, n, opened, source, NULL), 0, "perf opens");
}

static void test_sides(void)
{
	static const char *const names[] = {"page-faults:u", "page-faults:u@device"};
	void *source = NULL;
	pthread_t thread;
	pid_t pid;

	if (pipe(go) != 0 || pipe(gone) != 0) {
		skip("no pipes", 1);
		return;
	}
	pid = device_process();
	pthread_create(&thread, NULL, device_thread, "t");
	wait_for_device();
	open_names(names, 2, &source);
	counter_perf.read(source, before);
	for (int i = 0; i < 4; i++)
		device_touches();
	counter_perf.read(source, after);
	ok(difference(1) >= 4 * PAGES && difference(1) < 5 * PAGES, "@device: %d touches of the device are %lld faults", 4 * PAGES, difference(1));
	ok(difference(0) < PAGES / 2, "which are not the CPU side's: %lld", difference(0));
	counter_perf.read(source, before);
	touch(NULL);
	counter_perf.read(source, after);
	ok(difference(0) >= PAGES && difference(0) < 2 * PAGES, "%d touches of the CPU side are %lld faults", PAGES, difference(0));
	ok(difference(1) < PAGES / 2, "@device: which are not the device's: %lld", difference(1));
	counter_perf.close(source);
	is_str(opened[1].unit, "faults", "the unit is that of the event without its modifiers");
	/* The process holds the pipe open as well. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(go[1]);
	pthread_join(thread, NULL);
}

/* ---- limits */

#define THREADS 63 /* times 12 events is what a round may open, less 12 */

static void *wait_for_end(void *end)
{
	char c;

	return read(*(int *)end, &c, 1) < 0 ? end : NULL;
}

static void test_limit(void)
{
	const char *names[EVENTS];
	pthread_t thread[THREADS];
	struct rlimit files;
	unsigned n = 0, room = PERF_DESCRIPTORS_MAX / THREADS, i;
	void *source = NULL;
	int end[2];

	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (pipe(end) != 0 || files.rlim_cur < PERF_DESCRIPTORS_MAX + 64) {
		skip("too few descriptors for a process", 1);
		return;
	}
	for (i = 0; i < THREADS && pthread_create(&thread[i], NULL, wait_for_end, &end[0]) == 0; i++)
		;
	is_int(i, THREADS, "the device has %d threads", THREADS);
	for (n = 0; n < room; n++)
		names[n] = "page-faults:u@device";
	for (; n < room + PERF_DESCRIPTORS_MAX % THREADS; n++)
		names[n] = "page-faults:u";
	names[n++] = "page-faults:u";
	names[n++] = "page-faults:u@device";
	open_names(names, n, &source);
	for (i = 0; i < n && opened[i].why.what[0] == '\0'; i++)
		;
	is_int(i, n - 2, "events of %d descriptors are counted", PERF_DESCRIPTORS_MAX);
	ok(strstr(opened[n - 2].why.what, "at most 768 descriptors") != NULL, "one more is absent: %s", opened[n - 2].why.what);
	ok(strstr(opened[n - 1].why.what, "at most 768 descriptors") != NULL, "as are 63 more: %s", opened[n - 1].why.what);
	is_int(counter_perf.read(source, after), 0, "those that are counted are read");
	counter_perf.close(source);
	close(end[1]);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	close(end[0]);
}

static void test_absent(void)
{
	static const char *const names[] = {"page-faults:u@device", "context-switches:u", "migrate:no_such_tracepoint", "task-clock"};
	void *source = NULL;

	open_names(names, 4, &source);
	ok(strstr(opened[0].why.what, "has no threads or processes") != NULL, "@device without one: %s", opened[0].why.what);
	ok(strstr(opened[1].why.what, "only in the kernel") != NULL, "what user code cannot do is not counted in it: %s", opened[1].why.what);
	ok(strstr(opened[2].why.what, "trace") != NULL && opened[2].why.remedy[0] != '\0', "no such tracepoint: %s", opened[2].why.what);
	ok(opened[3].why.what[0] == '\0', "what can be counted is");
	is_int(counter_perf.read(source, after), 0, "and read beside the absent ones");
	ok(after[3].value > 0 && after[1].value == 0, "in its own place");
	counter_perf.close(source);
}

/* Where there is a PMU; it need not be able to run them all at once. */
static void test_hardware(void)
{
	static const char *const names[] = {"instructions:u", "cycles:u", "branches:u"};
	void *source = NULL;

	open_names(names, 3, &source);
	if (opened[0].why.what[0] != '\0') {
		ok(opened[0].why.remedy[0] != '\0', "no hardware counters, with a remedy: %s -> %s", opened[0].why.what, opened[0].why.remedy);
	} else {
		counter_perf.read(source, before);
		for (volatile int i = 0; i < 1000000; i++)
			;
		counter_perf.read(source, after);
		ok(difference(0) > 1000000, "instructions of a loop: %lld", difference(0));
		ok(after[0].running_ns <= after[0].enabled_ns && after[0].running_ns > 0, "with the time in which they were counted");
	}
	counter_perf.close(source);
}

int main(void)
{
	struct fs_reason why = {0};

	machine_probe(&machine, NULL);
	test_names();
	test_tracefs();
	test_refusals();
	test_rights();
	test_cores();
	test_kinds();
	if (counter_perf.probe(&machine, &why) != 0) {
		ok(why.what[0] != '\0' && why.remedy[0] != '\0', "nothing can be counted: %s -> %s", why.what, why.remedy);
	} else {
		test_absent();
		test_sides();
		test_hardware();
		test_limit();
	}
	done_testing();
	return exit_status();
}

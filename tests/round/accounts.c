/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's and the drivers' accounts are parsed by name from the files of machines that nobody here owns: nodes, pressure, GPUs, energy.
 * Texts are as Linux 6.12, NVIDIA's open driver and a two-socket server write them.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/counter/text.h"
#include "harness/round/share.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

extern const struct fs_counter counter_energy, counter_numa, counter_psi, counter_uvm;

static struct fs_machine machine;
static struct fs_reason reason;
static struct fs_opened opened[FS_EVENTS];
static struct fs_reading readings[FS_EVENTS];
static const char *names[FS_EVENTS];
static unsigned n;
static void *source;

/* Opens the names, which end with NULL, and reads them once. */
static int open_names(const struct fs_counter *counter, const char *const *wanted)
{
	int err;

	memset(opened, 0, sizeof(opened));
	memset(readings, 0, sizeof(readings));
	memset(&reason, 0, sizeof(reason));
	source = NULL;
	for (n = 0; wanted[n] != NULL; n++)
		names[n] = wanted[n];
	err = counter->open(&machine, names, n, opened, &source, &reason);
	return err == 0 ? counter->read(source, readings) : err;
}

/* The value of an event; -1 if it is absent. */
static long long value(const char *name)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return opened[i].why.what[0] == '\0' ? (long long)readings[i].value : -1;
	}
	return -2;
}

static const char *why_not(const char *name)
{
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(names[i], name) == 0)
			return opened[i].why.what;
	}
	return "";
}

#define OPEN(counter, ...) open_names(counter, (const char *const[]){__VA_ARGS__, NULL})

static void test_text(void)
{
	uint64_t v = 0;

	ok(text_value("a 1\nname 2\n", "name", &v) && v == 2, "text: found at the start of a line");
	ok(text_value("name      18446744073709551615 (3 MB)\n", "name", &v) && v == UINT64_MAX, "text: blanks before, more behind");
	ok(!text_value("names 2\nmy name 3\nname x\nname\n", "name", &v), "text: not a part of another name, not without a number");
}

/* ---- psi */

#define PRESSURE(some, full) "some avg10=0.12 avg60=3.45 avg300=0.00 total=" some "\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=" full "\n"

static void test_psi(void)
{
	struct fs_reason why = {0};

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	fake_machine_write("/proc/pressure/cpu", PRESSURE("1000", "0"));
	fake_machine_write("/proc/pressure/memory", PRESSURE("70000000000", "30"));
	fake_machine_write("/proc/pressure/io", "some avg10=0.12 avg60=3.45\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=9\n");
	fake_machine_write("/proc/stat", "cpu  1 2 3 4 5 6 7 250 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
	is_int(counter_psi.probe(&machine, &why), 0, "psi: is there");
	is_int(OPEN(&counter_psi, "cpu_some", "memory_some", "memory_full", "io_some", "io_full", "irq_full", "steal"), 0, "psi: opens");
	is_int(value("cpu_some"), 1000, "psi: the total");
	is_int(value("memory_some"), 70000000000, "psi: beyond 32 bits");
	is_int(value("memory_full"), 30, "psi: of the other line");
	is_int(value("io_some"), -1, "psi: a line without a total is absent, and not the next line's");
	is_int(value("io_full"), 9, "psi: which has its own");
	ok(strstr(why_not("irq_full"), "/proc/pressure/irq") != NULL, "psi: a file that is not there is named");
	is_int(value("steal"), 250 * (1000000 / sysconf(_SC_CLK_TCK)), "psi: steal is the eighth number, in clock ticks");
	fake_machine_write("/proc/pressure/cpu", PRESSURE("1010", "0"));
	counter_psi.read(source, readings);
	is_int(value("cpu_some"), 1010, "psi: read again it is what is there now");
	fake_machine_write("/proc/pressure/cpu", "");
	is_int(counter_psi.read(source, readings), -ENODATA, "psi: a file that is empty now is an error, not 0");
	counter_psi.close(source);
	fake_machine_leave();
}

/* ---- numa */

static const char numastat[2][160] = {
	"numa_hit 1000\nnuma_miss 10\nnuma_foreign 0\ninterleave_hit 5\nlocal_node 990\nother_node 20\n",
	"numa_hit 500\nnuma_miss 0\nnuma_foreign 10\ninterleave_hit 5\nlocal_node 0\nother_node 500\n",
};

static void test_numastat(void)
{
	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	machine.nnodes = 2;
	machine.nodes[0] = (struct fs_node){.id = 0, .cpus = 1, .bytes = 1 << 30};
	machine.nodes[1] = (struct fs_node){.id = 3, .bytes = 1 << 30};
	fake_machine_write("/sys/devices/system/node/node0/numastat", numastat[0]);
	fake_machine_write("/sys/devices/system/node/node3/numastat", numastat[1]);
	is_int(counter_numa.probe(&machine, NULL), 0, "numa: is there");
	is_int(OPEN(&counter_numa, "hit", "hit@3", "hit@0", "miss", "foreign", "local", "other@3", "hit@1"), 0, "numa: opens");
	is_int(value("hit"), 1500, "numa: of all nodes");
	is_int(value("hit@3"), 500, "numa: of one, by the system's number");
	is_int(value("hit@0"), 1000, "numa: of the other");
	is_int(value("miss"), 10, "numa: miss");
	is_int(value("foreign"), 10, "numa: foreign");
	is_int(value("local"), 990, "numa: local");
	is_int(value("other@3"), 500, "numa: other");
	ok(strstr(why_not("hit@1"), "memory node 1 does not exist") != NULL, "numa: a node that is not there is said");
	counter_numa.close(source);
	ok(counter_numa.accepts("miss@12") && counter_numa.accepts("buffer@0"), "numa: any node has its events");
	ok(!counter_numa.accepts("miss@") && !counter_numa.accepts("miss@x") && !counter_numa.accepts("pages@1") && !counter_numa.accepts("miss"),
		"numa: but no others");
}

/* A buffer at 0x7f0000200000 to 0x7f0000400000. */
static void test_numa_maps(void)
{
	struct fs_buffer buf = {.cpu = (void *)0x7f0000200000, .bytes = 2 << 20};

	fake_machine_write("/proc/self/numa_maps", "55d000000000 default file=/bin/N9=x mapped=2 N0=2 kernelpagesize_kB=4\n"
						   "7f0000100000 default anon=7 dirty=7 N0=7 kernelpagesize_kB=4\n"
						   "7f0000200000 bind:3 anon=300 dirty=300 N0=100 N3=200 kernelpagesize_kB=4\n"
						   "7f0000380000 default anon=5 N0=5 kernelpagesize_kB=4\n"
						   "7f0000400000 default anon=9 N0=9 N3=9 kernelpagesize_kB=4\n");
	is_int(OPEN(&counter_numa, "buffer_host", "buffer_device", "buffer@3", "buffer@0"), 0, "numa: numa_maps opens");
	is_int(value("buffer@0"), 0, "numa: without a buffer there are no pages of it");
	counter_numa.watch(source, &buf);
	counter_numa.read(source, readings);
	is_int(value("buffer@0"), 105, "numa: all of its mappings, and not what begins at its end");
	is_int(value("buffer@3"), 200, "numa: on each node");
	is_int(value("buffer_host"), 105, "numa: the node with CPUs is the host's");
	is_int(value("buffer_device"), 200, "numa: the one without is the device's");
	ok(strcmp(opened[1].counts, "buffer@3") == 0, "numa: which node that is is said");
	fake_machine_write("/proc/self/numa_maps", "7f0000100000 default anon=512 N0=512 kernelpagesize_kB=4\n"
						   "7f0000300000 default huge anon=1 N3=1 kernelpagesize_kB=2048\n");
	counter_numa.read(source, readings);
	is_int(value("buffer@0"), 512, "numa: a mapping that begins below holds it");
	is_int(value("buffer@3"), 512, "numa: huge pages count as base pages");
	fake_machine_write("/proc/self/numa_maps", "7f0000100000 default anon=3 N0=3 kernelpagesize_kB=4\n");
	counter_numa.read(source, readings);
	is_int(value("buffer@0"), 3, "numa: also where it is the last");
	counter_numa.watch(source, NULL);
	memset(readings, 0, sizeof(readings));
	counter_numa.read(source, readings);
	is_int(value("buffer@0"), 0, "numa: nothing is counted any more after its release");
	counter_numa.close(source);
	fake_machine_write("/proc/self/numa_maps", NULL);
	is_int(OPEN(&counter_numa, "hit", "buffer@3"), 0, "numa: without numa_maps");
	ok(value("hit") == 1500 && strstr(why_not("buffer@3"), "numa_maps") != NULL, "numa: the rest is there");
	counter_numa.close(source);
	fake_machine_leave();
}

/* Here, now: each page that is touched is one on some node. */
static void test_numa_here(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), bytes = 64 * page;
	struct fs_buffer buf = {.bytes = bytes};
	unsigned char *room;

	machine_probe(&machine, NULL);
	if (counter_numa.probe(&machine, NULL) != 0 || access("/proc/self/numa_maps", R_OK) != 0) {
		skip("no numa_maps here", 2);
		return;
	}
	/* Not merged with neighbours: there are none that are mapped alike. */
	room = mmap(NULL, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	buf.cpu = room + page;
	mprotect(buf.cpu, bytes, PROT_READ | PROT_WRITE);
	madvise(buf.cpu, bytes, MADV_NOHUGEPAGE);
	OPEN(&counter_numa, "buffer_host");
	counter_numa.watch(source, &buf);
	counter_numa.read(source, readings);
	is_int(value("buffer_host"), 0, "numa: a buffer that nobody touched has no pages");
	for (size_t i = 0; i < 10; i++)
		((volatile unsigned char *)buf.cpu)[i * page] = 1;
	counter_numa.read(source, readings);
	if (machine.nnodes == 1)
		is_int(value("buffer_host"), 10, "numa: ten pages touched are ten pages");
	else
		skip("they may be on several nodes", 1);
	counter_numa.close(source);
	munmap(room, bytes + 2 * page);
}

/* ---- uvm */

#define GPU_0 "/proc/driver/nvidia-uvm/gpus/GPU-ea8d8e41-3ae3-48ba-a8f5-3a0f5a2f0000/fault_stats"
#define GPU_1 "/proc/driver/nvidia-uvm/gpus/UVM-GPU-ea8d8e41-3ae3-48ba-a8f5-3a0f5a2f0001/fault_stats"

static const char fault_stats[] = "replayable_faults      1234\n"
				  "duplicates             34\n"
				  "faults_by_access_type:\n"
				  "  prefetch             1\n"
				  "  read                 1000\n"
				  "  write                230\n"
				  "  atomic               3\n"
				  "migrations:\n"
				  "  num_pages_in         65536 (256 MB)\n"
				  "  num_pages_out        512 (2 MB)\n"
				  "replays:\n"
				  "  start                77\n"
				  "  start_ack_all        0\n"
				  "non_replayable_faults  9\n"
				  "faults_by_access_type:\n"
				  "  read                 4\n"
				  "  write                5\n"
				  "  atomic               0\n"
				  "faults_by_addressing:\n"
				  "  virtual              9\n"
				  "  physical             0\n"
				  "migrations:\n"
				  "  num_pages_in         100 (0 MB)\n"
				  "  num_pages_out        0 (0 MB)\n";

static void test_uvm(void)
{
	struct fs_reason why = {0};

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	is_int(counter_uvm.probe(&machine, &why), -ENOENT, "uvm: a machine without the driver");
	ok(strstr(why.what, "nvidia-uvm") != NULL && why.remedy[0] != '\0', "uvm: is told so");
	fake_machine_write("/proc/driver/nvidia-uvm/gpus/GPU-ea8d8e41-3ae3-48ba-a8f5-3a0f5a2f0000/info", "GPU Name\n");
	is_int(counter_uvm.probe(&machine, &why), -ENOENT, "uvm: a driver that does not tell");
	ok(strstr(why.remedy, "uvm_enable_debug_procfs=1") != NULL, "uvm: can be made to");
	fake_machine_write(GPU_0, fault_stats);
	is_int(OPEN(&counter_uvm, "replayable_faults", "duplicates", "read_faults", "write_faults", "atomic_faults", "prefetch_faults", "pages_in",
		       "pages_out", "replays", "non_replayable_faults"),
		0, "uvm: opens");
	is_int(value("replayable_faults"), 1234, "uvm: faults");
	is_int(value("duplicates"), 34, "uvm: duplicates");
	is_int(value("read_faults"), 1000, "uvm: by access, of the first half");
	is_int(value("write_faults"), 230, "uvm: writes");
	is_int(value("atomic_faults"), 3, "uvm: atomics");
	is_int(value("prefetch_faults"), 1, "uvm: prefetches");
	is_int(value("pages_in"), 65536, "uvm: pages in");
	is_int(value("pages_out"), 512, "uvm: pages out");
	is_int(value("replays"), 77, "uvm: replays");
	is_int(value("non_replayable_faults"), 9, "uvm: and those that are not replayed");
	counter_uvm.close(source);
	fake_machine_write(GPU_1, "replayable_faults      6\nfaults_by_access_type:\nnon_replayable_faults  1\n  read                 4\n");
	OPEN(&counter_uvm, "replayable_faults", "non_replayable_faults");
	is_int(value("replayable_faults"), 1240, "uvm: of all GPUs");
	is_int(value("non_replayable_faults"), 10, "uvm: both kinds");
	counter_uvm.close(source);
	fake_machine_write(GPU_0, "replayable_faults      6\nnon_replayable_faults  1\n  read                 4\n");
	fake_machine_write(GPU_1, NULL);
	OPEN(&counter_uvm, "read_faults", "replayable_faults");
	is_int(value("read_faults"), -1, "uvm: what only the second half has is absent");
	is_int(value("replayable_faults"), 6, "uvm: the rest is there");
	counter_uvm.close(source);
	fake_machine_write(GPU_0, NULL);
	fake_machine_write("/proc/driver/nvidia-uvm/gpus/GPU-ea8d8e41-3ae3-48ba-a8f5-3a0f5a2f0000/info", NULL);
	fake_machine_leave();
}

/* ---- energy */

#define ZONE "/sys/class/powercap/intel-rapl:"

static void test_powercap(void)
{
	struct fs_reason why = {0};

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	ok(counter_energy.probe(&machine, &why) != 0 && why.remedy[0] != '\0', "energy: a machine without meters: %s", why.what);
	fake_machine_write(ZONE "0/name", "package-0\n");
	fake_machine_write(ZONE "0/max_energy_range_uj", "262143328850\n");
	fake_machine_write(ZONE "0/energy_uj", "262143328000\n");
	fake_machine_write(ZONE "0:0/name", "core\n");
	fake_machine_write(ZONE "0:0/energy_uj", "500\n");
	fake_machine_write(ZONE "1/name", "package-1\n");
	fake_machine_write(ZONE "1/max_energy_range_uj", "262143328850\n");
	fake_machine_write(ZONE "1/energy_uj", "1000\n");
	fake_machine_write("/sys/class/powercap/intel-rapl-mmio:0/name", "package-0\n");
	fake_machine_write("/sys/class/powercap/intel-rapl-mmio:0/energy_uj", "777\n");
	is_int(OPEN(&counter_energy, "package", "cores", "memory"), 0, "energy: opens");
	ok(strstr(opened[0].counts, "intel-rapl:0 package-0") != NULL && strstr(opened[0].counts, "intel-rapl:1 package-1") != NULL,
		"energy: what is added up is said: %s", opened[0].counts);
	ok(value("memory") == -1 && strstr(why_not("memory"), "memory") != NULL, "energy: a domain that is not there is absent");
	is_int(value("package"), 0, "energy: counts from here on");
	fake_machine_write(ZONE "1/energy_uj", "1600\n");
	counter_energy.read(source, readings);
	is_int(value("package"), 600, "energy: of all packages");
	fake_machine_write(ZONE "0/energy_uj", "149\n");
	fake_machine_write(ZONE "0:0/energy_uj", "750\n");
	counter_energy.read(source, readings);
	is_int(value("package"), 600 + 850 + 150, "energy: a meter that began again has gone on");
	is_int(value("cores"), 250, "energy: cores have their own");
	counter_energy.close(source);
	for (unsigned i = 2; i < 65; i++) {
		char path[128];

		snprintf(path, sizeof(path), ZONE "%u/name", i);
		fake_machine_write(path, "package-2\n");
		snprintf(path, sizeof(path), ZONE "%u/energy_uj", i);
		fake_machine_write(path, "1000\n");
	}
	ok(counter_energy.probe(&machine, &why) == -E2BIG && strstr(why.what, "more than 64 energy meters") != NULL,
		"energy: more meters than can be added up are an error: %s", why.what);
	fake_machine_leave();
}

/*
 * A PMU "power" whose type is that of perf's software events (1), and whose event is page faults (2) on CPU 0: what is read is
 * counted for real, in a unit of 3 mJ.
 */
static void test_perf_power(void)
{
	size_t page = fs_page_bytes();
	unsigned char *p;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	fake_machine_write("/sys/bus/event_source/devices/power/type", "1\n");
	fake_machine_write("/sys/bus/event_source/devices/power/cpumask", "0\n");
	fake_machine_write("/sys/bus/event_source/devices/power/events/energy-pkg", "event=0x02\n");
	fake_machine_write("/sys/bus/event_source/devices/power/events/energy-pkg.scale", "3.0e-3\n");
	if (counter_energy.probe(&machine, &reason) != 0) {
		ok(strstr(reason.remedy, "perf_event_paranoid") != NULL, "energy: perf refuses, and what to do is said");
		skip("no right to count all of a CPU", 2);
	} else {
		is_int(OPEN(&counter_energy, "package"), 0, "energy: by perf");
		ok(strstr(opened[0].counts, "perf power/energy-pkg/") != NULL, "energy: which is said");
		for (int i = 0; i < 1000; i++) {
			p = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
			*(volatile unsigned char *)p = 1;
			munmap(p, page);
		}
		counter_energy.read(source, readings);
		ok(value("package") % 3000 == 0, "energy: in the unit that sysfs tells: %lld uJ", value("package"));
		counter_energy.close(source);
	}
	fake_machine_leave();
}

int main(void)
{
	test_text();
	test_psi();
	test_numastat();
	test_numa_maps();
	test_numa_here();
	test_uvm();
	test_powercap();
	test_perf_power();
	done_testing();
	return exit_status();
}

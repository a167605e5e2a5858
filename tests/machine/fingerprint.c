/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fingerprint is the same for what is the same machine, another for another, and says nothing that is nobody's business. The
 * machines are those of fake_machine.h.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine/fingerprint.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

static struct fs_machine machine;
static char first[FINGERPRINT_HEX], second[FINGERPRINT_HEX];

static void hash(const struct fs_machine *of, char hex[FINGERPRINT_HEX])
{
	json_t *identity = fingerprint_identity(of);

	fingerprint_hash(identity, hex);
	json_decref(identity);
}

/* Of the machine that was entered. */
static void probe_and_hash(char hex[FINGERPRINT_HEX])
{
	machine_probe(&machine, NULL);
	hash(&machine, hex);
}

/* Text of a member of one of the three parts; empty where there is none, or it is no text. */
static const char *member(json_t *(*part)(const struct fs_machine *), const char *key)
{
	static char text[4096];
	json_t *json = part(&machine);
	const char *value = json_string_value(json_object_get(json, key));

	snprintf(text, sizeof(text), "%s", value != NULL ? value : "");
	json_decref(json);
	return text;
}

static void test_hash(void)
{
	json_t *a = json_pack("{s:i, s:s}", "a", 1, "b", "x"), *b = json_pack("{s:s, s:i}", "b", "x", "a", 1);
	json_t *empty = json_object();

	fingerprint_hash(a, first);
	fingerprint_hash(b, second);
	is_str(first, second, "the order of members is nothing");
	/* FNV-1a of "{}" */
	fingerprint_hash(empty, first);
	is_str(first, "08f44b07b5901a25", "the hash is FNV-1a of the compact text");
	json_decref(a);
	json_decref(b);
	json_decref(empty);
}

static void test_same(void)
{
	fake_machine_enter("guest", NULL);
	probe_and_hash(first);
	is_int((long long)strlen(first), 16, "16 digits");
	probe_and_hash(second);
	is_str(second, first, "probed again it is the same");
	fake_machine_write("/proc/meminfo", "MemTotal:        2057000 kB\nMemFree:         36000 kB\nMemAvailable:    43200 kB\nSwapTotal: 0 kB\n");
	fake_machine_write("/sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: 2057000 kB\nNode 0 MemFree: 36000 kB\n");
	probe_and_hash(second);
	is_str(second, first, "another kernel keeps a little more for itself, and less is free: the same");
	fake_machine_write("/proc/sys/kernel/osrelease", "6.13.0\n");
	fake_machine_write("/proc/cmdline", "init_on_alloc=1\n");
	fake_machine_write("/proc/loadavg", "9.00 5.05 1.01 9/80 3000\n");
	fake_machine_write("/proc/sys/kernel/numa_balancing", "1\n");
	fake_machine_write("/sys/fs/cgroup/user.slice/memory.max", "2147483648\n");
	fake_machine_write("/sys/devices/system/cpu/vulnerabilities/retbleed", "Vulnerable\n");
	fake_machine_write("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
	probe_and_hash(second);
	is_str(second, first, "kernel, settings, load and limits are no identity");
	fake_machine_leave();
	fake_machine_enter("cxl", NULL);
	probe_and_hash(first);
	fake_machine_write("/sys/devices/system/node/node2/access0/initiators/read_latency", "270\n");
	fake_machine_write("/sys/devices/system/node/node1/meminfo", "Node 1 MemTotal: 1075838976 kB\n");
	machine_probe(&machine, NULL);
	machine.nhardware = 2; /* the driver of the memory device is not loaded */
	snprintf(machine.hardware[0].name, sizeof(machine.hardware[0].name), "8086:0d93 Example Corporation Expander");
	snprintf(machine.nodes[2].subtype, sizeof(machine.nodes[2].subtype), "CXL-DRAM");
	hash(&machine, second);
	is_str(second, first, "nor are HMAT's figures, 6 GiB more for the kernel of 1032, a driver, and what libraries have names for");
	fake_machine_leave();
}

/* Each change makes another machine. */
static void test_other(void)
{
	static const struct {
		const char *what;
		size_t field;
	} changes[] = {
		{"the processor", offsetof(struct fs_machine, cpu_model)},
		{"the architecture", offsetof(struct fs_machine, architecture)},
		{"CPUs of this process", offsetof(struct fs_machine, cpus)},
		{"CPUs", offsetof(struct fs_machine, cpus_online)},
		{"packages", offsetof(struct fs_machine, packages)},
		{"cores", offsetof(struct fs_machine, cores)},
		{"the page size", offsetof(struct fs_machine, page_bytes)},
		{"a huge page size", offsetof(struct fs_machine, page_sizes)},
		{"the cache", offsetof(struct fs_machine, cache_bytes)},
		{"a kind of CPU", offsetof(struct fs_machine, cpu_kinds[0].name)},
		{"how many CPUs of a kind", offsetof(struct fs_machine, cpu_kinds[0].cpus)},
		{"a kind of cache", offsetof(struct fs_machine, caches[1].name)},
		{"how many caches of a kind", offsetof(struct fs_machine, caches[1].caches)},
		{"a node's number", offsetof(struct fs_machine, nodes[2].id)},
		{"a node's CPUs", offsetof(struct fs_machine, nodes[2].cpus)},
		{"a distance", offsetof(struct fs_machine, distance[1][2])},
		{"a device", offsetof(struct fs_machine, hardware[1].name)},
		{"being virtual", offsetof(struct fs_machine, guest)},
		{"being emulated", offsetof(struct fs_machine, emulated)},
		{"the hypervisor", offsetof(struct fs_machine, hypervisor)},
	};

	fake_machine_probe("cxl", NULL, &machine, NULL);
	hash(&machine, first);
	for (size_t i = 0; i < FS_ARRAY_SIZE(changes); i++) {
		struct fs_machine *other = malloc(sizeof(*other));

		*other = machine;
		*((unsigned char *)other + changes[i].field) ^= 1;
		hash(other, second);
		ok(strcmp(first, second) != 0, "another machine: %s", changes[i].what);
		free(other);
	}
	machine.nodes[3].bytes *= 2;
	hash(&machine, second);
	ok(strcmp(first, second) != 0, "another machine: a node's memory");
	machine.nodes[3].bytes /= 2;
	machine.memory_bytes /= 2;
	hash(&machine, second);
	ok(strcmp(first, second) != 0, "another machine: memory");
}

/* Both texts as /proc/cpuinfo of one machine. */
static bool are_same_cpus(const char *a, const char *b)
{
	fake_machine_write("/proc/cpuinfo", a);
	probe_and_hash(first);
	fake_machine_write("/proc/cpuinfo", b);
	probe_and_hash(second);
	return strcmp(first, second) == 0;
}

#define ARM(part, revision, mips)                                                                                                                    \
	"processor\t: 0\nBogoMIPS\t: " mips "\nFeatures\t: fp asimd\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU variant\t: 0x3\n"             \
	"CPU part\t: " part "\nCPU revision\t: " revision "\n\n"
#define POWER(pvr, clock)                                                                                                                            \
	"processor\t: 0\ncpu\t\t: POWER9, altivec supported\nclock\t\t: " clock "MHz\nrevision\t: 2.2 (pvr " pvr ")\n\ntimebase\t: 1\n"
#define S390(number, machine) "vendor_id       : IBM/S390\nprocessor 0: version = 00,  identification = " number ",  machine = " machine "\n"
#define X86(stepping, mhz)                                                                                                                           \
	"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 143\nmodel name\t: Xeon\nstepping\t: " stepping                      \
	"\nmicrocode\t: 0x1\ncpu MHz\t\t: " mhz "\nflags\t\t: fpu\nbogomips\t: " mhz "\n\n"

/* Made by the numbers of their makers, of each architecture; what is measured at a boot is no part of it. */
static void test_cpus(void)
{
	fake_machine_enter("guest", NULL);
	ok(are_same_cpus(ARM("0xd0c", "1", "50.00"), ARM("0xd0c", "1", "49.99")), "arm: calibrated loops are no identity");
	ok(!are_same_cpus(ARM("0xd0c", "1", "50.00"), ARM("0xd40", "1", "50.00")), "arm: another part is another CPU, though none has a name");
	ok(!are_same_cpus(ARM("0xd0c", "1", "50.00"), ARM("0xd0c", "2", "50.00")), "arm: another revision, too");
	ok(!are_same_cpus(ARM("0xd0c", "1", "50.00") ARM("0xd05", "0", "50.00"), ARM("0xd0c", "1", "50.00") ARM("0xd0c", "1", "50.00")),
		"arm: a second kind of core makes another machine");
	ok(are_same_cpus(ARM("0xd0c", "1", "50.00") ARM("0xd05", "0", "50.00"), ARM("0xd05", "0", "50.00") ARM("0xd0c", "1", "50.00")),
		"arm: which kind comes first does not");
	ok(are_same_cpus(POWER("004e 1202", "2300.000000"), POWER("004e 1202", "3800.000000")), "powerpc: the clock of now is no identity");
	ok(!are_same_cpus(POWER("004e 1202", "2300.000000"), POWER("004e 1203", "2300.000000")), "powerpc: another PVR is another CPU");
	ok(are_same_cpus(S390("279F25", "2817"), S390("379F25", "2817")), "s390: the number of one CPU is no identity");
	ok(!are_same_cpus(S390("279F25", "2817"), S390("279F25", "2964")), "s390: another machine is");
	ok(are_same_cpus(X86("4", "2000.000"), X86("4", "3100.123")), "x86: MHz and BogoMIPS are no identity");
	ok(!are_same_cpus(X86("4", "2000.000"), X86("8", "2000.000")), "x86: another stepping is");
	fake_machine_leave();
}

/* A machine of version 1: without what later versions know, in the hash that it had. */
static void test_version_1(void)
{
	json_t *all;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	all = fingerprint_machine(&machine);
	is_int(json_integer_value(json_object_get(all, "identity_version")), 2, "the record has the version of its identity");
	is_str(json_string_value(json_object_get(all, "fingerprint_1")), "be409e91c88c1b33",
		"and the fingerprint that version 1 gave this very machine");
	ok(json_object_get(all, "unread") == NULL, "where all could be read, nothing is unread");
	json_decref(all);
	fake_machine_leave();
}

static void test_factors(void)
{
	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	is_str(member(fingerprint_factors, "kernel"), "6.12.1", "factors: the kernel of that machine");
	is_str(member(fingerprint_factors, "boot_parameters"), "ro init_on_free=1 mitigations=off", "factors: disks, hosts and tokens are left out");
	fake_machine_write("/sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
	fake_machine_write("/sys/devices/system/cpu/vulnerabilities/vmscape", "Vulnerable\n");
	machine_probe(&machine, NULL);
	is_str(member(fingerprint_factors, "mitigations"),
		"meltdown: Mitigation: PTI | spectre_v2: Vulnerable; IBPB: disabled | retbleed: Mitigation: untrained return thunk | vmscape: "
		"Vulnerable",
		"factors: mitigations of every flaw, from the first that the kernel knows to the last");
	fake_machine_write("/sys/devices/system/cpu/vulnerabilities/meltdown", "Not affected\n");
	fake_machine_write("/sys/devices/system/cpu/vulnerabilities/vmscape", "Not affected\n");
	machine_probe(&machine, NULL);
	is_str(member(fingerprint_factors, "mitigations"), "spectre_v2: Vulnerable; IBPB: disabled | retbleed: Mitigation: untrained return thunk",
		"factors: what is done against the processor's flaws");
	ok(member(fingerprint_factors, "libc")[0] != '\0', "factors: the C library");
	machine.anonymous = true;
	is_str(member(fingerprint_factors, "kernel"), "6.12.1", "anonymous: the release's numbers");
	is_str(member(fingerprint_factors, "boot_parameters"), "", "anonymous: no boot parameters");
	fake_machine_write("/proc/sys/kernel/osrelease", "6.12.1-owner+\n");
	is_str(member(fingerprint_factors, "kernel"), "6.12.1", "anonymous: nor who built the kernel");
	machine.anonymous = false;
	is_str(member(fingerprint_factors, "kernel"), "6.12.1-owner+", "which is a factor otherwise");
	is_str(member(fingerprint_state, "transparent_hugepage"), "[always] madvise never", "state: huge pages");
	is_str(member(fingerprint_state, "numa_balancing"), "0", "state: balancing");
	fake_machine_write("/proc/sys/kernel/osrelease", NULL);
	fake_machine_write("/proc/cmdline", NULL);
	is_str(member(fingerprint_factors, "kernel"), "", "factors: what cannot be read is absent");
	is_str(member(fingerprint_factors, "boot_parameters"), "", "factors: absent, not invented");
	fake_machine_leave();
}

static void test_whole(void)
{
	json_t *all, *state;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	all = fingerprint_machine(&machine);
	state = json_object_get(all, "state");
	hash(&machine, first);
	is_str(json_string_value(json_object_get(all, "fingerprint")), first, "the record has the hash of its identity");
	ok(json_is_object(json_object_get(all, "identity")) && json_is_object(json_object_get(all, "factors")) && json_is_object(state),
		"and the three parts");
	is_int(json_integer_value(json_object_get(state, "swap_bytes")), 512 << 20, "state: swap");
	is_int(json_integer_value(json_object_get(state, "huge_pages")), 8, "state: reserved huge pages");
	ok(json_is_true(json_object_get(state, "cgroup_limited")), "state: the limit");
	json_decref(all);
	fake_machine_leave();
}

/* Steal and pressure are of files that change meanwhile. */
static void test_noise(void)
{
	struct fs_noise noise;
	json_t *json;

	fake_machine_enter("guest", NULL);
	machine_probe(&machine, NULL);
	noise_begin(&machine, &noise);
	json = noise_end(&machine, &noise);
	ok(json_object_get(json, "steal_ms") == NULL && json_object_get(json, "psi_cpu_us") == NULL,
		"noise: what the machine does not say is absent");
	is_int(json_integer_value(json_object_get(json, "involuntary_switches")), 0, "noise: no child, no switches");
	json_decref(json);
	fake_machine_write("/proc/stat", "cpu  100 0 50 1000 0 0 0 70 0 0\ncpu0 1\n");
	fake_machine_write("/proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\n");
	fake_machine_write("/proc/pressure/memory", "some avg10=0.00 avg60=0.00 avg300=0.00 total=20\nfull avg10=0.00 total=7\n");
	noise_begin(&machine, &noise);
	fake_machine_write("/proc/stat", "cpu  100 0 50 1000 0 0 0 73 0 0\ncpu0 1\n");
	fake_machine_write("/proc/pressure/cpu", "some avg10=0.00 avg60=0.00 avg300=0.00 total=1400\n");
	json = noise_end(&machine, &noise);
	is_near(json_real_value(json_object_get(json, "steal_ms")), 3 * 1000.0 / (double)sysconf(_SC_CLK_TCK), 1e-9, "noise: stolen time");
	is_int(json_integer_value(json_object_get(json, "psi_cpu_us")), 400, "noise: waiting for CPUs");
	is_int(json_integer_value(json_object_get(json, "psi_memory_us")), 0, "noise: waiting for memory");
	json_decref(json);
	fake_machine_write("/proc/stat", "cpu  100 0 50 1000 0 0 0 69 0 0\ncpu0 1\n");
	json = noise_end(&machine, &noise);
	ok(json_object_get(json, "steal_ms") == NULL, "noise: a count that runs back is none");
	json_decref(json);
	fake_machine_leave();
}

int main(void)
{
	test_hash();
	test_same();
	test_other();
	test_cpus();
	test_version_1();
	test_factors();
	test_whole();
	test_noise();
	done_testing();
	return exit_status();
}

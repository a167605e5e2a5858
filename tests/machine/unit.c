/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unit.c - what sysfs shows of a unit on the PCI bus: its link, and clocks, power and temperature as a driver shows them there; what is not there
 * is absent.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "harness/round/job.h"
#include "harness/round/share.h"
#include "harness/machine/unit.h"
#include "tests/fake/machine.h"
#include "tests/tap.h"

#define BUS    "0000:03:00.0"
#define FOLDER "/sys/bus/pci/devices/" BUS "/"

static const char *fact(const struct fs_facts *facts, const char *name)
{
	for (unsigned i = 0; i < facts->n; i++)
		if (strcmp(facts->fact[i].name, name) == 0)
			return facts->fact[i].value;
	return NULL;
}

static double noise(const struct share *share, const char *name)
{
	for (unsigned i = 0; i < share->nnoises; i++)
		if (strcmp(share->noise[i].name, name) == 0)
			return share->noise[i].value;
	return -1.0;
}

static void test_facts(const struct fs_machine *machine)
{
	struct fs_facts facts = {0};

	unit_pci_facts(machine, BUS, &facts);
	is_str(fact(&facts, "link_max"), "16.0 GT/s PCIe x16", "the most that the link can");
	is_str(fact(&facts, "near_node"), "0", "the node that it is near");
	is_str(fact(&facts, "power_cap_w"), "203", "the limit of its power, in the hwmon folder");
	is_str(fact(&facts, "performance_level"), "auto", "its performance level");
	is_int(facts.n, 4, "and no more");
	for (unsigned i = 0; i < facts.n; i++)
		if (strcmp(facts.fact[i].name, "performance_level") == 0)
			is_str(facts.fact[i].remedy, "clocks follow the load; as root, write high to power_dpm_force_performance_level",
				"a state that perturbs a round has a remedy");
	for (unsigned i = 0; i < 2 * FS_UNIT_FACTS; i++)
		unit_fact(&facts, FS_FACT_STATE, "more", "", "%u", i);
	is_int(facts.n, FS_UNIT_FACTS, "facts beyond the limit are left out");
	is_int(facts.lost, FS_UNIT_FACTS + 4, "and counted");
}

static void test_long_fact(void)
{
	struct fs_facts facts = {0};
	const char *end;

	unit_fact(&facts, FS_FACT_IDENTITY, "peers", "", "%0200d", 1);
	unit_fact(&facts, FS_FACT_IDENTITY, "short", "", "1");
	end = facts.fact[0].value + strlen(facts.fact[0].value) - 3;
	is_str(end, "...", "a value that is too long says that it was cut");
	is_str(facts.fact[1].value, "1", "one that fits is unchanged");
}

static void test_nothing(const struct fs_machine *machine)
{
	struct fs_facts facts = {0};

	unit_pci_facts(machine, "0000:04:00.0", &facts);
	unit_pci_facts(machine, "", &facts);
	is_int(facts.n, 0, "of what is not there, or on no bus, nothing is said");
}

static void test_noise(const struct fs_machine *machine)
{
	struct share *share = calloc(1, sizeof(*share));
	struct fs_job job = {.share = share};

	if (share == NULL)
		exit(99);
	share->machine = *machine;
	unit_pci_noise(&job, "opencl", BUS);
	is_near(noise(share, "opencl.link_gts"), 2.5, 1e-9, "the link's speed now");
	is_near(noise(share, "opencl.link_width"), 8, 0, "its width now");
	is_near(noise(share, "opencl.core_mhz"), 2100, 0, "the clock that is marked with a star");
	is_near(noise(share, "opencl.memory_mhz"), -1, 0, "one of a file that is not there is absent");
	is_near(noise(share, "opencl.temperature_c"), 54.5, 1e-9, "the temperature");
	is_near(noise(share, "opencl.power_w"), 31.2, 1e-9, "the power");
	is_int(share->nnoises, 5, "and no more");
	for (unsigned i = 0; i < 2 * SHARE_NOISES; i++)
		fs_noise(&job, "opencl", "more", i);
	is_int(share->nnoises, SHARE_NOISES, "noise beyond the room is left out");
	is_int(share->noise_lost, SHARE_NOISES + 5, "and counted, for the record");
	free(share);
}

int main(void)
{
	static const struct {
		const char *path, *text;
	} files[] = {
		{FOLDER "max_link_speed", "16.0 GT/s PCIe\n"},
		{FOLDER "max_link_width", "16\n"},
		{FOLDER "current_link_speed", "2.5 GT/s PCIe\n"},
		{FOLDER "current_link_width", "8\n"},
		{FOLDER "numa_node", "0\n"},
		{FOLDER "power_dpm_force_performance_level", "auto\n"},
		{FOLDER "pp_dpm_sclk", "0: 500Mhz\n1: 2100Mhz *\n2: 2400Mhz\n"},
		{FOLDER "hwmon/hwmon57/power1_cap", "203000000\n"},
		{FOLDER "hwmon/hwmon57/power1_average", "31200000\n"},
		{FOLDER "hwmon/hwmon57/temp1_input", "54500\n"},
	};
	static struct fs_machine machine;
	struct fs_reason why;

	fake_machine_enter("cxl", NULL);
	for (size_t i = 0; i < FS_ARRAY_SIZE(files); i++)
		fake_machine_write(files[i].path, files[i].text);
	is_int(machine_probe(&machine, &why), 0, "a recorded machine with a GPU");
	test_facts(&machine);
	test_long_fact();
	test_nothing(&machine);
	test_noise(&machine);
	fake_machine_leave();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * topology.c - what the machine is, through hwloc, and through /proc and /sys for what hwloc does not provide.
 */
#include "config.h"

#include "base/isolated.h"
#include "harness/machine/fingerprint.h"
#include "harness/machine/topology.h"
#include "harness/machine/parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROBE_LIMIT_S 60

/* hwloc 3 writes XML that hwloc 2 does not read; the first line that is not a comment has the version. 0 if it does not. */
static int xml_version(const char *path)
{
	char text[1024], *at;
	FILE *file = fopen(path, "re");
	size_t n = file != NULL ? fread(text, 1, sizeof(text) - 1, file) : 0;

	if (file != NULL)
		fclose(file);
	text[n] = '\0';
	at = strstr(text, "<topology version=\"");
	return at != NULL ? atoi(at + strlen("<topology version=\"")) : 0;
}

static int load_failed(struct fs_reason *why, const char *from)
{
	int ours = (int)(hwloc_get_api_version() >> 16), theirs = from != NULL ? xml_version(from) : 0;
	char unset[128], remedy[FS_REASON_BYTES];

	if (from == NULL)
		return fs_because(why, -EINVAL, "is /sys mounted?", "hwloc cannot determine the machine's topology");
	topology_unset(unset, sizeof(unset));
	if (theirs > ours) {
		snprintf(remedy, sizeof(remedy), "on that machine: lstopo --export-xml-flags v%d FILE.xml; to see this machine, %s", ours, unset);
		return fs_because(why, -EINVAL, remedy, "%s was written by hwloc %d, which hwloc %d cannot read", from, theirs, ours);
	}
	snprintf(remedy, sizeof(remedy), "%s, or name a file that lstopo or hwloc-gather-topology wrote", unset);
	return fs_because(why, -EINVAL, remedy, "hwloc cannot read a topology from %s", from);
}

/*
 * hwloc leaves out the nodes of NVIDIA GPUs' memory unless it is told not to: here they are what is looked for. A user's own choice stays. The
 * variable is not for hwloc in vendors' libraries.
 */
static int load_with_gpu_nodes(hwloc_topology_t topology)
{
	static const char keep[] = "HWLOC_KEEP_NVIDIA_GPU_NUMA_NODES";
	bool is_given = getenv(keep) != NULL;
	int err;

	if (!is_given)
		setenv(keep, "1", 1);
	err = hwloc_topology_load(topology);
	if (!is_given)
		unsetenv(keep);
	return err;
}

static int load_from(hwloc_topology_t *topology, const char *xml, bool is_here)
{
	if (hwloc_topology_init(topology) != 0)
		return -ENOMEM;
	hwloc_topology_set_flags(*topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
	hwloc_topology_set_io_types_filter(*topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
	/* It queries this machine's processor, whatever files it reads. */
	if (!is_here)
		hwloc_topology_set_components(*topology, HWLOC_TOPOLOGY_COMPONENTS_FLAG_BLACKLIST, "x86");
	if ((xml == NULL || hwloc_topology_set_xml(*topology, xml) == 0) && load_with_gpu_nodes(*topology) == 0)
		return 0;
	hwloc_topology_destroy(*topology);
	return -EINVAL;
}

static int load(hwloc_topology_t *topology, const char *root, struct fs_reason *why)
{
	const char *xml = topology_given("HWLOC_XMLFILE");
	char folder[PATH_MAX + 64];
	int err;

	if (xml != NULL || root[0] == '\0')
		return load_from(topology, xml, true) == 0 ? 0 : load_failed(why, xml);
	/* Without it hwloc would invent a single CPU. */
	snprintf(folder, sizeof(folder), "%s/sys/devices/system/cpu", root);
	if (access(folder, R_OK) != 0)
		return load_failed(why, root);
	setenv("HWLOC_FSROOT", root, 1);
	err = load_from(topology, NULL, false);
	unsetenv("HWLOC_FSROOT");
	return err == 0 ? 0 : load_failed(why, root);
}

/* ---- one reading */

static int look(struct fs_machine *machine, const char *root, struct fs_reason *why)
{
	hwloc_topology_t topology;
	long long balancing;
	int err;

	memset(machine, 0, sizeof(*machine));
	topology_copy_text(machine->root, sizeof(machine->root), root);
	err = load(&topology, machine->root, why);
	if (err < 0)
		return err;
	/* hwloc's own variables can select another machine, too. */
	machine->foreign = root != NULL || hwloc_topology_is_thissystem(topology) == 0;
	topology_read_processor(machine, topology);
	topology_read_cpus(machine, topology);
	topology_read_page_sizes(machine, topology);
	topology_read_nodes(machine, topology);
	topology_read_memory(machine, topology);
	topology_read_hardware(machine, topology);
	topology_read_hypervisor(machine, topology);
	machine->numa_balancing = machine_read_long(machine, "/proc/sys/kernel/numa_balancing", &balancing) == 0 ? (int)balancing : -1;
	hwloc_topology_destroy(topology);
	topology_verify(machine);
	return 0;
}

/* ---- several readings */

/* One more than needed to outvote a reading that differs and a reading that fails. */
#define LOOKS 4

static bool is_same(const struct fs_machine *a, const struct fs_machine *b)
{
	json_t *x = fingerprint_identity(a), *y = fingerprint_identity(b);
	bool same = x != NULL && json_equal(x, y);

	json_decref(x);
	json_decref(y);
	return same;
}

/* Reads until two complete readings agree. Otherwise returns 0 with the last reading, which says what it could not read. */
static int look_until_settled(struct fs_machine *machine, struct fs_machine *now, struct fs_machine *whole, const char *root, struct fs_reason *why)
{
	bool seen = false, has_whole = false, settled = false;
	int err = 0;

	for (unsigned i = 0; i < LOOKS && !settled; i++) {
		err = look(now, root, why);
		if (err < 0)
			continue;
		if (now->nunread == 0) {
			settled = has_whole && is_same(now, whole);
			has_whole = true;
			*whole = *now;
		}
		*machine = *now;
		seen = true;
	}
	if (!seen)
		return err;
	if (!settled && machine->nunread == 0)
		topology_unread(machine, "identity", "part of the machine's identity differs at each reading", -EAGAIN);
	return 0;
}

int topology_probe(void *answer, struct fs_reason *why)
{
	struct fs_machine *machine = answer;
	const char *root = topology_given("FIVESTEP_ROOT");
	struct fs_machine *looks;
	int err;

	if (root != NULL && strlen(root) >= sizeof(machine->root))
		return fs_because(why, -ENAMETOOLONG, "a shorter path", "FIVESTEP_ROOT has more than %zu characters", sizeof(machine->root) - 1);
	looks = malloc(2 * sizeof(*looks));
	if (looks == NULL)
		return fs_no_memory(why);
	err = look_until_settled(machine, &looks[0], &looks[1], root, why);
	free(looks);
	return err;
}

/* hwloc trusts its input: a damaged file may crash it. So files of another machine are read in a child process. */
int machine_probe(struct fs_machine *machine, struct fs_reason *why)
{
	const char *given = topology_given("HWLOC_XMLFILE");
	struct fs_reason died = {0};
	int err;

	if (given == NULL)
		given = topology_given("FIVESTEP_ROOT");
	if (given == NULL)
		return topology_probe(machine, why);
	memset(machine, 0, sizeof(*machine));
	err = isolated_ask(topology_probe, machine, sizeof(*machine), PROBE_LIMIT_S, &died);
	if (err < 0)
		*why = died;
	if (err == -ENODEV)
		err = load_failed(why, given);
	return err;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * perf_why.c - why perf_event_open failed, and the remedy. One errno has several causes: paranoid, capabilities, a container's seccomp filter and
 * the PMU are distinguished by what the process can see of them.
 */
#include "config.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/counter/perf_name.h"
#include "harness/machine/topology.h"

#define CAP_PERFMON_BIT	  38
#define CAP_SYS_ADMIN_BIT 21

/* The text after "NAME:" at the start of a line; empty if there is none. */
static const char *field(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
		if (strncmp(line, name, len) == 0 && line[len] == ':')
			return line + len + 1;
	}
	return "";
}

void perf_rights_read(const struct fs_machine *machine, struct perf_rights *rights)
{
	char status[8192];
	int fd = machine_open(machine, "/proc/self/status");
	ssize_t len = fd >= 0 ? read(fd, status, sizeof(status) - 1) : 0;
	unsigned long long effective;
	struct perf_cores cores;

	status[len > 0 ? len : 0] = '\0';
	if (fd >= 0)
		close(fd);
	*rights = (struct perf_rights){.paranoid = -2, .guest = machine->guest};
	machine_read_long(machine, "/proc/sys/kernel/perf_event_paranoid", &rights->paranoid);
	effective = strtoull(field(status, "CapEff"), NULL, 16);
	rights->perfmon = (effective >> CAP_PERFMON_BIT & 1) != 0 || (effective >> CAP_SYS_ADMIN_BIT & 1) != 0;
	rights->filtered = atoi(field(status, "Seccomp")) == 2;
	perf_cores_read(machine, &cores);
	rights->has_pmu = cores.any;
}

static int not_permitted(int err, const struct perf_rights *rights, struct fs_reason *why)
{
	bool paranoid_allows = rights->perfmon || rights->paranoid <= 1;
	char what[96];

	/* The kernel returns EACCES for paranoid and hardly ever EPERM, which is what filters of containers return. */
	if (rights->filtered && (err == -EPERM || paranoid_allows))
		return fs_because(why, err,
			"allow perf_event_open in the seccomp profile: docker run --cap-add PERFMON, or --security-opt seccomp=PROFILE; systemd "
			"SystemCallFilter=perf_event_open",
			"perf_event_open is not permitted by a seccomp filter, as in containers");
	if (err == -EPERM || paranoid_allows)
		return fs_because(why, err, "look for lockdown=confidentiality, or a denial of SELinux or AppArmor (ausearch -m avc, dmesg)",
			"perf_event_open is not permitted by a security module or the kernel's lockdown");
	snprintf(what, sizeof(what), "kernel.perf_event_paranoid=%lld and no CAP_PERFMON", rights->paranoid);
	return fs_because(why, err,
		rights->paranoid > 2 ? "as root: sysctl kernel.perf_event_paranoid=1 (2 lets user code alone be counted), or setcap cap_perfmon+ep "
				       "on the program"
				     : "as root: sysctl kernel.perf_event_paranoid=1, or setcap cap_perfmon+ep on the program",
		"perf_event_open is not permitted (%s)", what);
}

static int not_supported(int err, const char *event, uint32_t type, const struct perf_rights *rights, struct fs_reason *why)
{
	bool of_pmu = type == PERF_TYPE_HARDWARE || type == PERF_TYPE_HW_CACHE || type == PERF_TYPE_RAW;

	if (of_pmu && !rights->has_pmu)
		return fs_because(why, err,
			rights->guest ? "give the virtual machine a PMU (QEMU: -cpu host,pmu=on; clouds: a metal or whole-socket size)"
				      : "use a kernel with this processor's PMU driver",
			"no hardware counters: the kernel has found no PMU%s", rights->guest ? " in this virtual machine" : "");
	if (of_pmu)
		return fs_because(why, err, "perf list shows its events; a raw code (perf:rNNNN) may count it",
			"this processor's PMU, or its driver, has no %s", event);
	return fs_because(why, err, "use a newer kernel, or one built with it", "this kernel has no event %s", event);
}

int perf_why(int err, const char *event, uint32_t type, const struct perf_rights *rights, struct fs_reason *why)
{
	switch (err) {
	case -EACCES:
	case -EPERM:
		return not_permitted(err, rights, why);
	case -ENOENT:
	case -ENODEV:
	case -ENXIO:
	case -EOPNOTSUPP:
		return not_supported(err, event, type, rights, why);
	case -ENOSYS:
		if (rights->filtered && rights->paranoid != -2)
			return fs_because(why, err, "allow perf_event_open in the seccomp profile",
				"perf_event_open is hidden by a seccomp filter, as in containers");
		return fs_because(why, err, "use a kernel with CONFIG_PERF_EVENTS", "this kernel has no perf_event_open");
	case -EINVAL:
		return fs_because(
			why, err, "see perf list, and use fewer modifiers (:u, :k)", "the kernel does not accept %s with these attributes", event);
	case -EMFILE:
	case -ENFILE:
		return fs_because(why, err, "raise ulimit -n, or select fewer events", "too many open files for %s", event);
	case -EBUSY:
		return fs_because(why, err, "stop the other user of the PMU (perf, a profiler, the NMI watchdog: sysctl kernel.nmi_watchdog=0)",
			"the hardware counters are in use exclusively");
	default:
		return fs_because(why, err, "", "perf_event_open of %s: %s", event, strerror(-err));
	}
}

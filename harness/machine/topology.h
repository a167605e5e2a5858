/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * topology.h - what the machine is: nodes with and without CPUs, distances, tiers, page sizes, limits.
 *
 * Read once by machine_probe through hwloc and, for what hwloc does not carry, from /proc and /sys below
 * a root that FIVESTEP_ROOT moves elsewhere, so that recorded machines are test inputs. HWLOC_XMLFILE gives
 * the topology of another machine; a root alone gives it as hwloc finds it below that root.
 */
#ifndef FIVESTEP_TOPOLOGY_H
#define FIVESTEP_TOPOLOGY_H

#include <limits.h>

#include "harness/fivestep.h"

/* A machine with more of something is compared with no other: its identity says that it is incomplete (struct fs_unread). */
#define MACHINE_NODES	   64
#define MACHINE_PAGE_SIZES 16
#define MACHINE_DEVICES	   256
#define MACHINE_CPU_KINDS  8
#define MACHINE_CACHES	   16
#define MACHINE_UNREAD	   4

/* Performance figures from the HMAT (sysfs nodeN/access0/initiators); 0 where the machine does not say. */
struct fs_access {
	unsigned read_latency_ns, write_latency_ns;
	unsigned read_bandwidth_mbs, write_bandwidth_mbs; /* MB/s of 10^6 bytes */
};

struct fs_node {
	int id; /* the operating system's number */
	unsigned cpus;
	uint64_t bytes, free_bytes;
	int tier;		 /* memory tier, -1 where the kernel has none */
	struct fs_access access; /* from its nearest initiator */
	char subtype[32];	 /* "DRAM", "HBM", "GPUMemory", "CXL" where hwloc says; else empty */
};

/* Something a device plug-in may use, as found on the buses: for identity and doctor, never for measuring. */
struct fs_hardware {
	char kind[16]; /* "gpu", "accelerator", "cxl", "dax" */
	char name[96]; /* on PCI the numbers and, where a database has it, the name: "10de:1db6 NVIDIA Corporation GV100" */
};

/* A kind of CPU, by the numbers that its maker gave it, and how many of that kind there are. */
struct fs_cpu_kind {
	char name[1024]; /* "vendor_id GenuineIntel, cpu family 6, model 143, stepping 8" */
	unsigned cpus;
};

/* Caches that are alike: "L2 1048576 bytes, 16 ways of 64". */
struct fs_cache_kind {
	char name[64];
	unsigned caches;
};

/* Something of the identity that is there and could not be read: the machine might be taken for another. */
struct fs_unread {
	char fields[64]; /* of the identity, separated by commas */
	char what[192];	 /* "/proc/cpuinfo: Permission denied" */
	bool beyond;	 /* it could be read, but there is more than struct fs_machine holds */
};

struct fs_machine {
	char root[PATH_MAX];   /* prefix of /proc and /sys; "" for this machine */
	bool foreign;	       /* topology from a recorded machine: nothing may be measured */
	char architecture[16]; /* as uname -m has it; empty where a recorded machine does not say */
	char cpu_model[128];
	unsigned packages, cores; /* 0 where unknown */
	unsigned cpus;		  /* that this process may use (affinity, cpuset) */
	unsigned cpus_online;
	uint64_t memory_bytes;		       /* installed */
	uint64_t available_bytes;	       /* MemAvailable, or what the memory cgroup leaves, whichever is less */
	bool cgroup_limited;		       /* the cgroup is what limits available_bytes */
	size_t page_bytes;		       /* base page */
	size_t page_sizes[MACHINE_PAGE_SIZES]; /* huge page sizes, ascending; ends at 0 */
	uint64_t cache_bytes;		       /* last-level cache that one core sees */
	unsigned ncpu_kinds, ncaches;	       /* each in the order of their names */
	struct fs_cpu_kind cpu_kinds[MACHINE_CPU_KINDS];
	struct fs_cache_kind caches[MACHINE_CACHES];
	unsigned nnodes;
	struct fs_node nodes[MACHINE_NODES];
	unsigned distance[MACHINE_NODES][MACHINE_NODES]; /* by index in nodes; 0 where unknown */
	unsigned nhardware;
	struct fs_hardware hardware[MACHINE_DEVICES];
	bool guest;	     /* runs under a hypervisor */
	char hypervisor[32]; /* its name, or empty */
	bool emulated;	     /* its CPU is emulated (TCG): wall time means nothing across machines */
	bool anonymous;	     /* its records leave out what may name its owner */
	int numa_balancing;  /* kernel.numa_balancing; -1 where the kernel has none */
	unsigned nunread;    /* of them all; those beyond the array are not named */
	struct fs_unread unread[MACHINE_UNREAD];
};

/*
 * Looks until two looks have found the same identity, so that one failed read changes nothing. What is there and cannot be read at all is in
 * unread: then the machine is known in part, and a run of it is compared with none.
 */
int machine_probe(struct fs_machine *machine, struct fs_reason *why);

/* Fills why for what a recorded machine cannot have; the remedy names the variables that are set ("unset HWLOC_SYNTHETIC"). Returns err. */
int machine_foreign_because(struct fs_reason *why, int err, const char *what);

/* Index of the node that cdm uses as the device's memory: best a node with memory and no CPUs (nearest
 * first), else the node farthest from the one this process runs on; of those that the cpuset allows. -1 with a reason
 * where none is left. */
int machine_device_node(const struct fs_machine *machine, struct fs_reason *why);
/* Index of the node that holds system memory: the node with CPUs that this process runs on. */
int machine_host_node(const struct fs_machine *machine);
int machine_node_index(const struct fs_machine *machine, int node_id); /* -1 if there is none */

/* Opens /proc or /sys file below the root for reading; a first line or whole number of one, for probers. Of a foreign
 * machine without a root there are none: -ENOENT. */
int machine_open(const struct fs_machine *machine, const char *path);
int machine_read_line(const struct fs_machine *machine, const char *path, char *line, size_t bytes); /* -errno */
int machine_read_long(const struct fs_machine *machine, const char *path, long long *value);	     /* -errno */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * topology.h - what the machine is: nodes with and without CPUs, distances, tiers, page sizes, limits.
 *
 * Read once by machine_probe(), through hwloc and, for what hwloc does not provide, from /proc and /sys. FIVESTEP_ROOT moves the
 * root of these, so that recorded machines can be test inputs. HWLOC_XMLFILE gives the topology of another machine; with
 * FIVESTEP_ROOT alone, hwloc reads it below that root.
 */
#ifndef FIVESTEP_TOPOLOGY_H
#define FIVESTEP_TOPOLOGY_H

#include <limits.h>

#include "harness/fivestep.h"

/* A machine that exceeds a limit is not compared with any: its identity is marked incomplete (struct fs_unread). */
#define MACHINE_NODES	   256 /* what powerpc's kernel can have; the GPUs of an AC922 are 250 to 255 */
#define MACHINE_PAGE_SIZES 16
#define MACHINE_DEVICES	   256
#define MACHINE_CPU_KINDS  8
#define MACHINE_CACHES	   16
#define MACHINE_UNREAD	   4

/* Performance figures from the HMAT (sysfs nodeN/access0/initiators); 0 if unknown. */
struct fs_access {
	unsigned read_latency_ns, write_latency_ns;
	unsigned read_bandwidth_mbs, write_bandwidth_mbs; /* MB/s of 10^6 bytes */
};

struct fs_node {
	int id; /* the operating system's number */
	unsigned cpus;
	uint64_t bytes, free_bytes;
	int tier;		 /* memory tier, -1 if the kernel has none */
	struct fs_access access; /* from its nearest initiator */
	char subtype[32];	 /* "DRAM", "HBM", "GPUMemory", "CXL" if hwloc says; else empty */
};

/* Hardware that a device plug-in may use, as found on the buses: for identity and doctor, never for measuring. */
struct fs_hardware {
	char kind[16];	/* "gpu", "accelerator", "cxl", "dax" */
	char name[160]; /* on PCI the numbers and, if a database has it, the name: "10de:1db6 NVIDIA Corporation GV100"; a longer one ends with "..."
			 */
};

/* A kind of CPU, by its manufacturer's numbers, and how many of that kind there are. */
struct fs_cpu_kind {
	char name[1024]; /* "vendor_id GenuineIntel, cpu family 6, model 143, stepping 8" */
	unsigned cpus;
};

/* Identical caches: "L2 1048576 bytes, 16 ways of 64". */
struct fs_cache_kind {
	char name[64];
	unsigned caches;
};

/* Part of the identity that exists but could not be read: the machine might be taken for another. */
struct fs_unread {
	char fields[64]; /* of the identity, separated by commas */
	char what[512];	 /* "/proc/cpuinfo: Permission denied"; one that is too long ends with "..." */
	bool beyond;	 /* it could be read, but there is more than struct fs_machine holds */
};

struct fs_machine {
	char root[PATH_MAX];   /* prefix of /proc and /sys; "" for this machine */
	bool foreign;	       /* topology from a recorded machine: nothing may be measured */
	char architecture[16]; /* as uname -m prints it; empty if a recorded machine does not say */
	char cpu_model[128];
	unsigned packages, cores; /* 0 where unknown */
	unsigned cpus;		  /* that this process may use (affinity, cpuset) */
	unsigned cpus_online;
	uint64_t memory_bytes;		       /* installed */
	uint64_t available_bytes;	       /* MemAvailable, or what remains in the memory cgroup, whichever is less */
	bool cgroup_limited;		       /* the cgroup is what limits available_bytes */
	size_t page_bytes;		       /* base page */
	size_t page_sizes[MACHINE_PAGE_SIZES]; /* huge page sizes, ascending; ends at 0 */
	uint64_t cache_bytes;		       /* last-level cache that one core sees */
	unsigned ncpu_kinds, ncaches;	       /* each sorted by name */
	struct fs_cpu_kind cpu_kinds[MACHINE_CPU_KINDS];
	struct fs_cache_kind caches[MACHINE_CACHES];
	unsigned nnodes;
	struct fs_node nodes[MACHINE_NODES];
	uint16_t distance[MACHINE_NODES][MACHINE_NODES]; /* by index in nodes; 0 if unknown */
	unsigned nhardware;
	struct fs_hardware hardware[MACHINE_DEVICES];
	bool guest;	     /* runs under a hypervisor */
	char hypervisor[32]; /* its name, or empty */
	bool emulated;	     /* its CPU is emulated (TCG): wall time means nothing across machines */
	bool anonymous;	     /* its records omit fields that may identify the host or its owner */
	int numa_balancing;  /* kernel.numa_balancing; -1 if the kernel has none */
	unsigned nunread;    /* the total; those beyond the array are not named */
	struct fs_unread unread[MACHINE_UNREAD];
};

/*
 * Reads until two readings give the same identity, so that one failed read changes nothing. What exists but cannot be read at all is listed in
 * unread: then the identity is incomplete, and runs of this machine are not compared with any.
 */
int machine_probe(struct fs_machine *machine, struct fs_reason *why);

/* Fills why for what a recorded machine cannot do; the remedy names the variables that are set ("unset HWLOC_SYNTHETIC"). Returns err. */
int machine_foreign_because(struct fs_reason *why, int err, const char *what);

/* Whether this is the reference guest (fivestep guest run): nobody else's, and gone after the run. */
bool machine_is_reference_guest(const struct fs_machine *machine);

/* Index of the node that cdm uses as the device's memory: preferably a node with memory and no CPUs (a GPU's first, then the nearest, of
 * those as near the fastest), else the node farthest from the one this process runs on; only nodes that the cpuset allows. -1 with a reason
 * if there is none. */
int machine_device_node(const struct fs_machine *machine, struct fs_reason *why);
/* Index of the node that holds system memory: the node with CPUs that this process runs on; if none that has CPUs has memory, the one with memory
 * that is nearest to them. -1 if no node has memory. */
int machine_host_node(const struct fs_machine *machine);
int machine_node_index(const struct fs_machine *machine, int node_id); /* -1 if there is none */

/* Opens a /proc or /sys file below the root for reading; the first line, or an integer on it, for probes. A foreign
 * machine without a root has no such files: -ENOENT. */
int machine_open(const struct fs_machine *machine, const char *path);
int machine_read_line(const struct fs_machine *machine, const char *path, char *line, size_t bytes); /* -errno */
int machine_read_long(const struct fs_machine *machine, const char *path, long long *value);	     /* -errno */

#endif

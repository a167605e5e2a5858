/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parts.h - internals of the topology, which topology.c puts together. Each part fills its fields of struct fs_machine.
 *
 *   files.c        files below the root, and the formats that the kernel writes
 *   processor.c    the processor, its caches, the CPUs that this process may use
 *   cpus.c         kinds of CPUs and of caches
 *   pages.c        page sizes
 *   nodes.c        memory nodes, their figures, tiers and distances
 *   memory.c       how much memory there is, and how much of it the cgroups allow
 *   hardware.c     what a device plug-in may use
 *   hypervisor.c   whether the machine is virtual
 *   node_choice.c        which node is system memory, which the device's
 *   verify.c       whether hwloc could read all that it needs
 */
#ifndef FIVESTEP_TOPOLOGY_PARTS_H
#define FIVESTEP_TOPOLOGY_PARTS_H

#include "harness/machine/topology.h"

#include <hwloc.h>

/* ---- files.c */

/* A variable of the environment; one that is set to an empty text counts as unset. */
const char *topology_given(const char *name);
/* "unset A and B": those variables that select another machine and are set. */
void topology_unset(char *remedy, size_t bytes);
/* The start of a file, terminated by a zero byte; returns the length or -errno. The rest is not read: for the first lines of small files. */
int topology_read_text(const struct fs_machine *machine, const char *path, char *text, size_t bytes);
/* A whole file of any length, to be freed; NULL if it cannot be read, with -errno in *err, which may be NULL. */
char *topology_text(const struct fs_machine *machine, const char *path, int *err);
/* Calls `found` for each entry of a folder below the root; 0, or -errno if it cannot be read to its end. */
int topology_each_entry(const struct fs_machine *machine, const char *path, void (*found)(void *context, const char *name), void *context);
/*
 * The same for parts of the identity: if the file exists and cannot be read, the named fields (separated by commas) are marked unread. text: a whole
 * file, to be freed; NULL if there is none.
 */
int topology_identity_line(struct fs_machine *machine, const char *fields, const char *path, char *line, size_t bytes);
char *topology_identity_text(struct fs_machine *machine, const char *fields, const char *path);
void topology_identity_entries(
	struct fs_machine *machine, const char *fields, const char *path, void (*found)(void *context, const char *name), void *context);
/* Notes, once for each set of fields, that there is more of something than the limit, so that the identity is incomplete. */
void topology_beyond(struct fs_machine *machine, const char *fields, unsigned limit, const char *what);
/* Notes that path could not be read for those fields, unless err is 0 or says that there is no such file. */
void topology_unread(struct fs_machine *machine, const char *fields, const char *path, int err);
/* "Name:   1234 kB" in a file of such lines; 0 if absent. */
uint64_t topology_kib_of(const char *text, const char *name);
/* Copies a text without trailing blanks, with which some firmware pads names, cut if it is too long. NULL counts as empty. */
void topology_copy_text(char *to, size_t bytes, const char *from);
/* The next part of a list like "0,8,252-255"; false at its end, or if it is malformed. */
bool topology_list_next(const char **list, long *first, long *last);
bool topology_list_holds(const char *list, long n);
unsigned topology_list_count(const char *list);

/* ---- processor.c */

/* hwloc's info of this name, of the first package or of the whole machine; NULL if it has none. */
const char *topology_info_of(hwloc_topology_t topology, const char *name);
void topology_read_processor(struct fs_machine *machine, hwloc_topology_t topology);

/* ---- cpus.c, verify.c */

void topology_read_cpus(struct fs_machine *machine, hwloc_topology_t topology);
void topology_verify(struct fs_machine *machine);

/* ---- pages.c, nodes.c, memory.c, hardware.c, hypervisor.c */

void topology_read_page_sizes(struct fs_machine *machine, hwloc_topology_t topology);
void topology_read_nodes(struct fs_machine *machine, hwloc_topology_t topology);
/* Called after the nodes, which may know the installed size better. */
void topology_read_memory(struct fs_machine *machine, hwloc_topology_t topology);
void topology_read_hardware(struct fs_machine *machine, hwloc_topology_t topology);
/* Called after the processor: if the kernel says nothing, the processor's model may. */
void topology_read_hypervisor(struct fs_machine *machine, hwloc_topology_t topology);

/* ---- ../topology.c */

/* machine_probe(), in this process. */
int topology_probe(void *answer, struct fs_reason *why);

#endif

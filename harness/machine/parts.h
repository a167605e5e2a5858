/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * parts.h - the inside of the topology: what ../topology.c puts together. Each part fills its fields of struct fs_machine.
 *
 *   files.c        the files below the root, and the forms that the kernel writes in
 *   processor.c    the processor, its caches, the CPUs that may be used
 *   cpus.c         kinds of CPUs and of caches
 *   pages.c        page sizes
 *   nodes.c        memory nodes, their figures, tiers and distances
 *   memory.c       how much memory, and what of it the cgroups leave
 *   hardware.c     what a device plug-in may use
 *   hypervisor.c   virtual or not
 *   node_choice.c        which node is for what
 *   verify.c       whether hwloc could read what it was to read
 */
#ifndef FIVESTEP_TOPOLOGY_PARTS_H
#define FIVESTEP_TOPOLOGY_PARTS_H

#include "harness/machine/topology.h"

#include <hwloc.h>

/* ---- files.c */

/* Of the environment; a variable that is set to nothing is not set. */
const char *topology_given(const char *name);
/* "unset A and B": of the variables that name another machine those that are set. */
void topology_unset(char *remedy, size_t bytes);
/* A file from its start, ended by a zero byte: -errno or the length. What does not fit is left out: for the first lines of small files. */
int topology_read_text(const struct fs_machine *machine, const char *path, char *text, size_t bytes);
/* All of a file, however long, to be freed; NULL where it cannot be read, with -errno in *err, which may be NULL. */
char *topology_text(const struct fs_machine *machine, const char *path, int *err);
/* Calls found for each entry of a folder below the root; 0, or -errno where it cannot be read to its end. */
int topology_each_entry(const struct fs_machine *machine, const char *path, void (*found)(void *context, const char *name), void *context);
/*
 * The same for what identity is made of: where it is there and cannot be read, the fields named (separated by commas) are unread. text: all of a
 * file, to be freed; NULL where there is none.
 */
int topology_identity_line(struct fs_machine *machine, const char *fields, const char *path, char *line, size_t bytes);
char *topology_identity_text(struct fs_machine *machine, const char *fields, const char *path);
void topology_identity_entries(
	struct fs_machine *machine, const char *fields, const char *path, void (*found)(void *context, const char *name), void *context);
/* Notes, once for those fields, that there is more of something than the limit, so that the identity is incomplete. */
void topology_beyond(struct fs_machine *machine, const char *fields, unsigned limit, const char *what);
/* Notes that path could not be read for those fields; not where err is none, or says that there is no such file. */
void topology_unread(struct fs_machine *machine, const char *fields, const char *path, int err);
/* "Name:   1234 kB" in a file of such lines; 0 where it is not there. */
uint64_t topology_kib_of(const char *text, const char *name);
/* Trimmed at the end, as some firmware pads names with blanks, and cut where it is too long. NULL is empty. */
void topology_copy_text(char *to, size_t bytes, const char *from);
/* The next part of a list like "0,8,252-255"; false at its end, and where it is none. */
bool topology_list_next(const char **list, long *first, long *last);
bool topology_list_holds(const char *list, long n);
unsigned topology_list_count(const char *list);

/* ---- processor.c */

/* What hwloc knows of the first package by this name, or of the whole; NULL where it knows nothing. */
const char *topology_info_of(hwloc_topology_t topology, const char *name);
void topology_read_processor(struct fs_machine *machine, hwloc_topology_t topology);

/* ---- cpus.c, verify.c */

void topology_read_cpus(struct fs_machine *machine, hwloc_topology_t topology);
void topology_verify(struct fs_machine *machine);

/* ---- pages.c, nodes.c, memory.c, hardware.c, hypervisor.c */

void topology_read_page_sizes(struct fs_machine *machine, hwloc_topology_t topology);
void topology_read_nodes(struct fs_machine *machine, hwloc_topology_t topology);
/* After the nodes, which may know better how much there is. */
void topology_read_memory(struct fs_machine *machine, hwloc_topology_t topology);
void topology_read_hardware(struct fs_machine *machine, hwloc_topology_t topology);
/* After the processor: where the kernel says nothing, its model may. */
void topology_read_hypervisor(struct fs_machine *machine, hwloc_topology_t topology);

/* ---- ../topology.c */

/* machine_probe() of a struct fs_machine, in this very process. */
int topology_probe(void *answer, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev.h - internal declarations of the device softdev, user side:
 *
 *   softdev.c   the device: parameters, capabilities, counts
 *   mirror.c    memory under HMM and coherent memory: the host process's buffer, mirrored by the kernel module
 *   places.c    residence of pages, checked against the page tables of both processes
 *   process.c   the device process: maps the device file; its workers run bodies
 *   lacks.c     why this machine cannot use it, and the remedy
 *   module/     the kernel module; softdev_uapi.h is its interface
 *
 * Workers, orders to the device process and memory under copy are shared with emu.
 */
#ifndef FIVESTEP_SOFTDEV_H
#define FIVESTEP_SOFTDEV_H

#include "harness/device/emu/child.h"
#include "harness/device/emu/emu.h"
#include "harness/device/softdev/softdev_uapi.h"

extern const struct emu_mode softdev_mirror, softdev_coherent;

/* The driver's counts for all buffers so far, and the number of pages whose page tables contradict the driver. */
struct softdev_seen {
	struct softdev_counts counts;
	uint64_t residence_conflicts, minor_faults_of_device;
};
void softdev_seen(void *mode, struct softdev_seen *seen);
/* The next n pages on a side cannot be allocated. 0 or -errno */
int softdev_refuse(void *mode, enum fs_side side, unsigned n);

/* Opens the device file and checks the module's version. info: filled, may be NULL. Returns the descriptor, or -errno with the reason. */
int softdev_node_open(struct softdev_info *info, struct fs_reason *why);

/* ---- places.c */

#define SOFTDEV_BATCH 512 /* most pages that one call of softdev_look() takes */

/* Residence of n pages from address on, as enum fs_side. Adds pages whose page tables contradict it to conflicts. Returns 0 or -errno. */
struct softdev_view {
	int fd;
	pid_t device; /* the device process */
	enum softdev_kind kind;
	size_t page_bytes;
};
int softdev_look(const struct softdev_view *view, unsigned char *address, size_t n, uint8_t *side, uint64_t *conflicts);
/* Minor faults of a process as the kernel accounts them. For the device process they include all device faults. */
uint64_t softdev_minor_faults(pid_t pid);

/* ---- process.c */

enum softdev_command { SOFTDEV_ORDER_MAP, SOFTDEV_ORDER_UNMAP, SOFTDEV_ORDER_MOVE, SOFTDEV_ORDER_FILL };

struct softdev_shared {
	sync_word dead;
	struct mailbox service;
	enum softdev_command command;
	int fd;		/* of the device file, in the host process */
	bool inherited; /* the device process has it under the same number */
	unsigned char *address;
	size_t bytes;
	struct team team;
	ulong out[FS_OUT_WORDS];
};

struct softdev_process {
	struct softdev_shared *shared;
	struct sync_peer peer;
	unsigned workers;
	int node, fd;
};

/* Runs the device process; never returns. Writes a byte to READY when it is ready. */
void softdev_process(struct softdev_process *process, int ready) __attribute__((noreturn));

/* ---- lacks.c */

/* Fills why with what a machine lacks that has no module loaded. root: where its files are ("": this machine); release: of its kernel. */
void softdev_lacks(const char *root, const char *release, struct fs_reason *why);

#endif

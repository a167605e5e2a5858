/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev.h - the inside of the device softdev, in programs:
 *
 *   softdev.c   the device: parameters, capabilities, counts
 *   mirror.c    its memory under HMM, and coherent memory: the buffer of the host's process, mirrored by the kernel module
 *   places.c    where pages are, and whether the page tables of both processes agree with that
 *   process.c   the device's process: it maps the module's file, and its workers run bodies on it
 *   lacks.c     why this machine cannot have it, and what to do
 *   module/     the kernel module, with softdev_uapi.h between the two
 *
 * What it shares with emu, workers, the process's orders and memory that is reached by copies, is emu's.
 */
#ifndef FIVESTEP_SOFTDEV_H
#define FIVESTEP_SOFTDEV_H

#include "harness/device/emu/child.h"
#include "harness/device/emu/emu.h"
#include "harness/device/softdev/softdev_uapi.h"

extern const struct emu_mode softdev_mirror, softdev_coherent;

/* What the driver has counted so far, of all buffers, and pages whose page tables deny what it says of them. */
struct softdev_seen {
	struct softdev_counts counts;
	uint64_t residence_conflicts, minor_faults_of_device;
};
void softdev_seen(void *mode, struct softdev_seen *seen);

/* Opens the module's file; the version is this program's. info: filled, may be NULL. Returns the descriptor, or -errno with the reason. */
int softdev_node_open(struct softdev_info *info, struct fs_reason *why);

/* ---- places.c */

#define SOFTDEV_BATCH 512 /* pages that one call looks at, at most */

/* Where n pages from address on are, as enum fs_side. conflicts: those whose page tables deny it are added. 0 or -errno */
struct softdev_view {
	int fd;
	pid_t device; /* the device's process */
	enum softdev_kind kind;
	size_t page_bytes;
};
int softdev_look(const struct softdev_view *view, unsigned char *address, size_t n, uint8_t *side, uint64_t *conflicts);
/* Of the device's process, as the kernel accounts them to it: each device fault is one of those. */
uint64_t softdev_minor_faults(pid_t pid);

/* ---- process.c */

enum softdev_command { SOFTDEV_ORDER_MAP, SOFTDEV_ORDER_UNMAP, SOFTDEV_ORDER_MOVE, SOFTDEV_ORDER_FILL };

struct softdev_shared {
	sync_word dead;
	struct mailbox service;
	enum softdev_command command;
	int fd;		/* of the module's file, in the host's process */
	bool inherited; /* the device's process has it by the same number */
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

/* The device's process: never returns. When it is ready it writes a byte to READY. */
void softdev_process(struct softdev_process *process, int ready) __attribute__((noreturn));

/* ---- lacks.c */

/* Fills why with what a machine lacks whose files are below root ("": this one), whose kernel is of that release, and which has no module loaded. */
void softdev_lacks(const char *root, const char *release, struct fs_reason *why);

#endif

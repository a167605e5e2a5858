/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * emu.h - internals of the emulated device: one mode for each kind of memory. A mode is one file and one line in the table in emu.c.
 *
 *   emu.c        the device: parameters, capabilities, counts
 *   modes.c      its primitives: each calls the round's mode. Shared with other software devices
 *   separate.c   its own memory, accessed by copies on two streams
 *   mirror.c     mirrored page tables, by the engine in hmm.h and engine.h
 *   coherent.c   the process's own page tables, memory on a node
 */
#ifndef FIVESTEP_EMU_H
#define FIVESTEP_EMU_H

#include "harness/device/emu/hmm.h"
#include "harness/device/emu/team.h"

#define EMU_STREAMS 2

/* The parameters of the round that all modes have. */
struct emu_config {
	size_t bytes;	     /* of the buffer to be allocated */
	size_t page_bytes;   /* of the memory: base or huge pages */
	unsigned workers;    /* threads that run bodies */
	int node, host_node; /* the operating system's numbers; -1 if no placement is needed */
};

/* The counts of all modes. A mode fills its own; the others stay 0, which is true: those events did not happen. */
struct emu_counts {
	struct hmm_counts hmm;
	uint64_t copied_bytes[FS_SIDES];
	uint64_t placed_pages[FS_SIDES], moved_pages[FS_SIDES], not_placed_pages;
	uint64_t residence_conflicts;
};

/*
 * A mode: the primitives of struct fs_device under one kind of memory. A primitive that the mode lacks is NULL, and then fails with -EINVAL;
 * check, warm and mapped then do nothing.
 */
struct emu_mode {
	/* Whether the cell's parameters are compatible. job has only parameters. 0, or -errno with the reason */
	int (*check)(const struct fs_args *args, size_t bytes, struct fs_reason *why);
	int (*open)(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why);
	void (*close)(void *mode);
	int (*alloc)(void *mode, size_t bytes, enum fs_side side, struct fs_memory *memory);
	void (*free)(void *mode, struct fs_memory *memory);
	int (*warm)(void *mode);
	int (*copy)(void *mode, int stream, size_t offset, void *host, size_t bytes, enum fs_side to);
	int (*launch)(void *mode, int stream, const struct fs_memory *memory, const struct fs_launch *launch);
	int (*wait)(void *mode, int stream);
	int (*migrate)(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
	int (*residence)(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
	int (*mapped)(void *mode, const struct fs_memory *memory, struct fs_mapped *mapped);
	ulong *(*out)(void *mode);
	void (*count)(void *mode, struct emu_counts *counts);
	const struct fs_reason *(*why)(void *mode); /* of the last failure; NULL: failures have only an errno */
};

extern const struct emu_mode emu_separate, emu_mirror, emu_coherent;

/* A device that consists of modes, and its primitives: modes.c. Its parameters include these of page, workers and node. */
#define MODES_PAGE(text)                                                                                                                             \
	{                                                                                                                                            \
		.name = "page", .type = FS_PARAM_SIZE, .form = FS_FORM_PAGE, .initial = "base", .min = 1, .max = 1ull << 40, .help = text            \
	}
#define MODES_WORKERS                                                                                                                                \
	{                                                                                                                                            \
		.name = "workers", .type = FS_PARAM_COUNT, .initial = "2", .min = 1, .max = TEAM_WORKERS, .help = "threads that run the body"        \
	}
#define MODES_NODE(text)                                                                                                                             \
	{                                                                                                                                            \
		.name = "node", .type = FS_PARAM_REAL, .initial = "-1", .min = -1, .max = 1023, .help = text                                         \
	}
/* Those of mirrored page tables. */
#define MODES_GRANULE(text)                                                                                                                          \
	{                                                                                                                                            \
		.name = "granule", .type = FS_PARAM_SIZE, .form = FS_FORM_GRANULE, .initial = "base", .min = 1, .max = 1 << 30,                      \
		.memory = FS_UNDER(FS_MEMORY_MIRROR), .help = text                                                                                   \
	}
#define MODES_CAPACITY(text)                                                                                                                         \
	{                                                                                                                                            \
		.name = "capacity", .type = FS_PARAM_SIZE, .initial = "0", .min = 0, .max = 1ull << 40, .memory = FS_UNDER(FS_MEMORY_MIRROR),        \
		.help = text                                                                                                                         \
	}

struct emu {
	enum fs_memory_kind kind;
	const struct emu_mode *mode; /* of that kind */
	void *opened;		     /* the mode's state */
	struct fs_reason why;
};

/* mode: NULL if the device has none for that kind. */
int modes_accept(const struct emu_mode *mode, const struct fs_args *args, size_t bytes, struct fs_reason *why);
int modes_open(struct fs_job *job, const struct emu_mode *mode, enum fs_memory_kind kind, size_t bytes, void **dev);
void modes_close(void *dev);
int modes_alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory);
void modes_free(void *dev, struct fs_memory *memory);
int modes_warm(void *dev, struct fs_memory *memory);
int modes_copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to);
int modes_launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch);
int modes_wait(void *dev, int stream);
int modes_migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);
int modes_residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side);
int modes_mapped(void *dev, const struct fs_memory *memory, struct fs_mapped *mapped);
ulong *modes_out(void *dev);
struct fs_reason *modes_why(void *dev);

#define MODES_PRIMITIVES                                                                                                                             \
	.close = modes_close, .alloc = modes_alloc, .free = modes_free, .warm = modes_warm, .copy = modes_copy, .launch = modes_launch,              \
	.wait = modes_wait, .migrate = modes_migrate, .residence = modes_residence, .mapped = modes_mapped, .out = modes_out, .why = modes_why

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * emu.h - the inside of the emulated device: one mode for each kind of memory, and what the modes share.
 *
 *   emu.c        the device: parameters, capabilities, counts; each primitive goes to the mode of the round
 *   separate.c   memory of its own, reached by copies on two streams
 *   hmm.c ...    mirrored page tables (engine.h)
 *   coherent.c   the process's own page tables, memory on a node
 */
#ifndef FIVESTEP_EMU_H
#define FIVESTEP_EMU_H

#include "harness/device/emu/hmm.h"
#include "harness/device/emu/team.h"

#define EMU_STREAMS 2

/* What the round's parameters say. */
struct emu_config {
	struct hmm_config hmm; /* workers, node and page size hold for every mode */
	int host_node;	       /* operating system's numbers; -1 where there is one node only */
	size_t bytes;
};

static inline size_t emu_page(const struct emu_config *config)
{
	return config->hmm.huge ? fs_huge_bytes() : fs_page_bytes();
}

/* The counts of all modes; a mode fills its own, the rest stays 0: it truly did not happen. */
struct emu_counts {
	struct hmm_counts hmm;
	uint64_t copied_bytes[FS_SIDES];
	uint64_t placed_pages[FS_SIDES], moved_pages[FS_SIDES], not_placed_pages;
	uint64_t residence_conflicts;
};

/* ---- separate.c */

struct separate;
int emu_separate_open(const struct emu_config *config, struct separate **opened, struct fs_reason *why);
void emu_separate_close(struct separate *separate);
int emu_separate_alloc(struct separate *separate, size_t bytes, void **address);
void emu_separate_free(struct separate *separate);
int emu_separate_copy(struct separate *separate, int stream, size_t offset, void *host, size_t bytes, enum fs_side to);
int emu_separate_launch(struct separate *separate, int stream, const struct fs_launch *launch);
int emu_separate_wait(struct separate *separate, int stream);
ulong *emu_separate_out(struct separate *separate);
void emu_separate_counts(struct separate *separate, struct emu_counts *counts);

/* ---- coherent.c */

struct coherent;
int emu_coherent_open(const struct emu_config *config, struct coherent **opened, struct fs_reason *why);
void emu_coherent_close(struct coherent *coherent);
int emu_coherent_alloc(struct coherent *coherent, size_t bytes, enum fs_side side, void **address, struct fs_reason *why);
void emu_coherent_free(struct coherent *coherent, void *address, size_t bytes);
int emu_coherent_launch(struct coherent *coherent, void *address, const struct fs_launch *launch);
int emu_coherent_wait(struct coherent *coherent);
int emu_coherent_migrate(struct coherent *coherent, unsigned char *address, size_t bytes, enum fs_side to);
int emu_coherent_residence(struct coherent *coherent, unsigned char *address, size_t bytes, uint8_t *side);
ulong *emu_coherent_out(struct coherent *coherent);
void emu_coherent_counts(struct coherent *coherent, struct emu_counts *counts);

#endif

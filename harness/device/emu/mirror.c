/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mirror.c - the emulated device under HMM: its own page tables that mirror the process's, by the engine in hmm.h. The residence that the engine
 * records is compared with the page tables of both processes.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/device/emu/emu.h"

struct mirror {
	struct hmm_engine *engine;
	uint64_t residence_conflicts;
};

static void take_thrash(const struct fs_args *args, struct hmm_config *config)
{
	config->thrash = fs_arg_is(args, "thrash", "pin")	 ? HMM_THRASH_PIN
			 : fs_arg_is(args, "thrash", "throttle") ? HMM_THRASH_THROTTLE
								 : HMM_THRASH_NONE;
	if (config->thrash == HMM_THRASH_NONE)
		return;
	config->thrash_moves = (unsigned)fs_arg_count(args, "thrash_moves");
	config->thrash_window_us = (unsigned)fs_arg_count(args, "thrash_window");
	if (config->thrash == HMM_THRASH_THROTTLE)
		config->throttle_us = (unsigned)fs_arg_count(args, "throttle");
}

static struct hmm_config config_of(const struct fs_args *args, size_t bytes)
{
	struct hmm_config config = {
		.bytes = bytes,
		.granule = fs_arg_size(args, "granule"),
		.capacity = fs_arg_size(args, "capacity"),
		.huge = fs_arg_size(args, "page") > fs_page_bytes(),
		.workers = (unsigned)fs_arg_count(args, "workers"),
		.drivers = (unsigned)fs_arg_count(args, "drivers"),
		.node = -1,
		.stuck_page = (long)fs_arg_real(args, "lie_page"),
	};

	take_thrash(args, &config);
	return config;
}

static int check(const struct fs_args *args, size_t bytes, struct fs_reason *why)
{
	struct hmm_config config = config_of(args, bytes);

	return hmm_check(&config, why);
}

static void close_mirror(void *mode)
{
	struct mirror *mirror = mode;

	hmm_close(mirror->engine);
	free(mirror);
}

static int open_mirror(struct fs_job *job, const struct emu_config *config, void **mode, struct fs_reason *why)
{
	struct mirror *mirror = calloc(1, sizeof(*mirror));
	struct hmm_config engine = config_of(fs_args(job), config->bytes);
	int err;

	if (mirror == NULL)
		return fs_no_memory(why);
	engine.node = config->node;
	err = hmm_open(&engine, &mirror->engine, why);
	if (err < 0) {
		free(mirror);
		return err;
	}
	fs_noise(job, "emu", "scattered", hmm_scattered(mirror->engine));
	*mode = mirror;
	return err;
}

static int alloc(void *mode, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	void *address = NULL;
	int err = hmm_map(((struct mirror *)mode)->engine, bytes, &address);

	(void)side;
	memory->cpu = memory->device = address;
	return err;
}

static void free_memory(void *mode, struct fs_memory *memory)
{
	(void)memory;
	hmm_unmap(((struct mirror *)mode)->engine);
}

static int warm(void *mode)
{
	return hmm_warm(((struct mirror *)mode)->engine);
}

static int launch(void *mode, int stream, const struct fs_memory *memory, const struct fs_launch *launch)
{
	(void)stream;
	(void)memory;
	return hmm_launch(((struct mirror *)mode)->engine, launch);
}

static int wait(void *mode, int stream)
{
	(void)stream;
	return hmm_wait(((struct mirror *)mode)->engine);
}

static int migrate(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	(void)memory;
	return hmm_migrate(((struct mirror *)mode)->engine, offset, bytes, to);
}

/* Compares the ownership table with the page tables of both processes. */
static int residence(void *mode, const struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct mirror *mirror = mode;
	size_t page = fs_page_bytes(), pages = bytes / page;
	uint8_t *present = malloc(pages);
	int err = present != NULL ? hmm_owner(mirror->engine, offset, bytes, side) : -ENOMEM;

	(void)memory;
	if (err == 0)
		err = hmm_present(mirror->engine, offset, bytes, present);
	for (size_t i = 0; i < pages && err == 0; i++) {
		unsigned elsewhere = 1u << (side[i] == FS_HOST ? FS_DEVICE : FS_HOST);

		mirror->residence_conflicts += (present[i] & elsewhere) != 0 && !hmm_pinned(mirror->engine, offset + i * page);
	}
	free(present);
	return err;
}

static int mapped(void *mode, const struct fs_memory *memory, struct fs_mapped *mapped)
{
	(void)memory;
	return hmm_mapped(((struct mirror *)mode)->engine, mapped);
}

static ulong *out(void *mode)
{
	return hmm_out(((struct mirror *)mode)->engine);
}

static void count(void *mode, struct emu_counts *counts)
{
	struct mirror *mirror = mode;

	hmm_counts_read(mirror->engine, &counts->hmm);
	counts->residence_conflicts = mirror->residence_conflicts;
}

static const struct fs_reason *why(void *mode)
{
	return hmm_why(((struct mirror *)mode)->engine);
}

const struct emu_mode emu_mirror = {
	.check = check,
	.open = open_mirror,
	.close = close_mirror,
	.alloc = alloc,
	.free = free_memory,
	.warm = warm,
	.launch = launch,
	.wait = wait,
	.migrate = migrate,
	.residence = residence,
	.mapped = mapped,
	.out = out,
	.count = count,
	.why = why,
};

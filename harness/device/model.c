/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model - a faultless model of a device: plain memory of the process, bodies that run in the caller, and bookkeeping
 * instead of pages that move. It has every kind of memory except mirrored page tables, so that the setups that need
 * hardware can be tested anywhere; with the harness's lies (harness/round/lie.h) their rules are seen to fail.
 * It measures nothing.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/common.h"
#include "harness/machine/pages.h"
#include "harness/fivestep.h"

struct counts {
	uint64_t copied[FS_SIDES], acquired[FS_SIDES], placed[FS_SIDES], entered[FS_SIDES], checked, conflicts, residence_conflicts;
};

struct model {
	enum fs_memory_kind kind;
	void *memory;
	size_t bytes, page;
	uint8_t *sides; /* of each base page of memory */
	enum fs_advice advice;
	unsigned pinned; /* host memory that was not freed yet */
	struct counts counts;
	ulong out[FS_OUT_WORDS];
};

#define CAPS                                                                                                                                         \
	(FS_CAP_COPY | FS_CAP_MIGRATE | FS_CAP_COHERENT | FS_CAP_RESIDENCE | FS_CAP_ATOMIC | FS_CAP_MAPPED_BUFFER | FS_CAP_EXCLUSIVE |               \
		FS_CAP_SVM_FINE | FS_CAP_SVM_SYSTEM | FS_CAP_PIN | FS_CAP_MANAGED | FS_CAP_NODE)

static void probe(const struct fs_machine *machine, struct fs_probe *probe)
{
	(void)machine;
	probe->caps = CAPS;
	for (unsigned bit = 0; bit < FS_CAPS; bit++) {
		if ((CAPS >> bit & 1) == 0)
			fs_because(&probe->lacks[bit], 0, "a device that runs this setup here: fivestep doctor", "the model device has no %s",
				fs_cap_names[bit]);
	}
	snprintf(probe->summary, sizeof(probe->summary), "bookkeeping, no real memory");
}

static int open_model(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	struct model *model = calloc(1, sizeof(*model));

	if (model == NULL)
		return fs_error_memory(job);
	model->kind = kind;
	model->bytes = bytes;
	model->page = fs_page_bytes();
	model->sides = calloc(bytes / model->page + 1, 1);
	if (model->sides == NULL) {
		free(model);
		return fs_error_memory(job);
	}
	*dev = model;
	return 0;
}

static void close_model(void *dev)
{
	struct model *model = dev;

	/* With a real driver, memory that a setup does not free would be lost unnoticed. */
	if (model->memory != NULL || model->pinned != 0) {
		fprintf(stderr, "the buffer, or host memory allocated by the model device, was not freed\n");
		abort();
	}
	free(model->sides);
	free(model);
}

/* ---- residence, as recorded */

static void place(struct model *model, size_t offset, size_t bytes, enum fs_side side)
{
	size_t first = offset / model->page, last = (offset + bytes + model->page - 1) / model->page;

	for (size_t i = first; i < last; i++)
		model->counts.entered[side] += model->sides[i] != side;
	memset(model->sides + first, side, last - first);
	__atomic_add_fetch(&model->counts.placed[side], last - first, __ATOMIC_RELAXED);
}

static int alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct model *model = dev;

	if (kind != model->kind || bytes > model->bytes || model->memory != NULL)
		return -EINVAL;
	model->memory = pages_map(bytes, fs_page_bytes(), -1);
	if (model->memory == NULL)
		return -ENOMEM;
	memset(model->sides, side == FS_DEVICE ? FS_DEVICE : FS_HOST, model->bytes / model->page + 1);
	model->counts.acquired[FS_HOST]++; /* the host owns it first */
	model->counts.entered[FS_DEVICE] += side == FS_DEVICE ? (bytes + model->page - 1) / model->page : 0;
	*memory = (struct fs_memory){.kind = kind, .bytes = bytes, .cpu = kind == FS_MEMORY_DEVICE ? NULL : model->memory, .device = model->memory};
	return 0;
}

static void free_memory(void *dev, struct fs_memory *memory)
{
	struct model *model = dev;

	pages_unmap(model->memory, memory->bytes, fs_page_bytes());
	model->memory = NULL;
}

static int migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	(void)memory;
	place(dev, offset, bytes, to);
	return 0;
}

static int residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct model *model = dev;

	(void)memory;
	memcpy(side, model->sides + offset / model->page, bytes / model->page);
	return 0;
}

static int advise(void *dev, struct fs_memory *memory, enum fs_advice advice)
{
	(void)memory;
	((struct model *)dev)->advice = advice;
	return 0;
}

/* ---- transfers and ownership */

static int copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct model *model = dev;
	unsigned char *there = (unsigned char *)memory->device + offset;

	(void)stream;
	memcpy(to == FS_DEVICE ? there : host, to == FS_DEVICE ? host : there, bytes);
	model->counts.copied[to] += bytes;
	return 0;
}

static int ceiling(void *dev, struct fs_memory *memory, enum fs_side to, size_t bytes, uint64_t *best_ns)
{
	uint64_t start = fs_now();

	(void)dev;
	(void)to;
	memmove(memory->device, (unsigned char *)memory->device + bytes / 2, bytes / 2);
	*best_ns = fs_now() - start;
	return 0;
}

static int pin(void *dev, size_t bytes, void **host)
{
	*host = pages_map(bytes, fs_page_bytes(), -1);
	((struct model *)dev)->pinned += *host != NULL;
	return *host != NULL ? 0 : -ENOMEM;
}

static void unpin(void *dev, void *host, size_t bytes)
{
	((struct model *)dev)->pinned--;
	pages_unmap(host, bytes, fs_page_bytes());
}

static int hand(void *dev, struct fs_memory *memory, enum fs_side to)
{
	(void)memory;
	((struct model *)dev)->counts.acquired[to]++;
	return 0;
}

/* ---- computing: immediately, in the caller */

static int launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	struct model *model = dev;
	bool stays = model->advice == FS_ADVICE_PREFER_HOST || model->advice == FS_ADVICE_ACCESSED_BY;

	(void)stream;
	launch->body(memory->device, model->out, launch->args, launch->first, launch->last, 1);
	if (model->kind == FS_MEMORY_MANAGED && !stays)
		place(model, 0, memory->bytes, FS_DEVICE);
	model->counts.checked++;
	model->counts.conflicts += memory->cpu != NULL && memory->cpu != memory->device;
	return 0;
}

static int wait_model(void *dev, int stream)
{
	(void)dev;
	(void)stream;
	return 0;
}

static ulong *out(void *dev)
{
	return ((struct model *)dev)->out;
}

/* ---- counts */

#define COUNTS(COUNT, COUNT_TO)                                                                                                                      \
	COUNT_TO(FS_DEVICE, "copied_to_device_bytes", "bytes", copied[FS_DEVICE], "bytes of explicit transfers")                                     \
	COUNT_TO(FS_HOST, "copied_to_host_bytes", "bytes", copied[FS_HOST], "bytes of explicit transfers")                                           \
	COUNT("acquired_by_device", "times", acquired[FS_DEVICE], "turns of the device")                                                             \
	COUNT("acquired_by_host", "times", acquired[FS_HOST], "turns of the host")                                                                   \
	COUNT("placed_on_device_pages", "pages", placed[FS_DEVICE], "pages put there on request")                                                    \
	COUNT("placed_on_host_pages", "pages", placed[FS_HOST], "pages put there on request")                                                        \
	COUNT("entered_device", "pages", entered[FS_DEVICE], "pages that were on the host, or nowhere")                                              \
	COUNT("left_device", "pages", entered[FS_HOST], "pages that were on the device")                                                             \
	COUNT("residence_conflicts", "pages", residence_conflicts, "none: there are no page tables")                                                 \
	COUNT("addresses_checked", "times", checked, "launches whose address was checked")                                                           \
	COUNT("address_conflicts", "times", conflicts, "of those, with another address than the CPU's")

#define VALUE(name, unit, field, help)		model->counts.field,
#define VALUE_TO(side, name, unit, field, help) model->counts.field,

static const struct fs_count_def count_defs[] = {COUNTS(COUNT_DECLARATION, COUNT_TO_DECLARATION){0}};

static int count(void *dev, uint64_t *values)
{
	const struct model *model = dev;
	const uint64_t now[] = {COUNTS(VALUE, VALUE_TO)};

	memcpy(values, now, sizeof(now));
	return 0;
}

const struct fs_device device_model = {
	.name = "model",
	.summary = "bookkeeping instead of real memory: tests the rules of the setups that need hardware",
	.coherent = "a table",
	.hidden = true,
	.in_threads = true,
	.emulated = true,
	.probe = probe,
	.open = open_model,
	.close = close_model,
	.alloc = alloc,
	.free = free_memory,
	.copy = copy,
	.ceiling = ceiling,
	.pin = pin,
	.unpin = unpin,
	.launch = launch,
	.wait = wait_model,
	.migrate = migrate,
	.advise = advise,
	.acquire = hand,
	.residence = residence,
	.counts = count_defs,
	.count = count,
	.out = out,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cuda - NVIDIA GPUs through the driver API: copies from pageable and pinned memory, managed memory, process memory that the driver mirrors (HMM) or
 * that the GPU accesses through the host's page tables (ATS), and GPU memory as a node. doctor shows which of these a GPU supports.
 *
 * Times are taken on the host; the device's own times are additional counts, taken by events.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "harness/device/common.h"
#include "harness/device/cuda/cuda.h"
#include "harness/machine/topology.h"
#include "harness/machine/unit.h"

static const struct fs_param params[] = {
	{.name = "unit",
		.type = FS_PARAM_COUNT,
		.initial = "0",
		.min = 0,
		.max = CUDA_UNITS - 1,
		.help = "cuda: which GPU, numbered as in fivestep doctor"},
	{.name = "peer",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|0|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15",
		.memory = FS_UNDER(FS_MEMORY_DEVICE),
		.help = "cuda: copy*: use the memory of another GPU as the device's memory, accessed over the link between the two"},
	{.name = "oversubscribe",
		.type = FS_PARAM_CHOICE,
		.initial = "no",
		.choices = "no|yes",
		.memory = FS_UNDER(FS_MEMORY_MANAGED) | FS_UNDER(FS_MEMORY_MIRROR),
		.help = "cuda: yes allows more shared memory than the GPU has free; the driver then evicts, which can stop a desktop for minutes, or "
			"have the "
			"kernel end processes where the host's memory runs out, too"},
	{.name = "code",
		.type = FS_PARAM_CHOICE,
		.initial = "auto",
		.choices = "auto|ptx",
		.help = "cuda: auto runs machine code that was made for the GPU's architecture, where this build has it, else what the driver makes "
			"of "
			"PTX; ptx: the latter always"},
	{.name = "flaw",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|ptx|cubin",
		.help = "cuda: fault injected into the bodies",
		.test_only = true},
	{0},
};

/* ---- capabilities */

static int ask(void *answer, struct fs_reason *why)
{
	const struct cuda_api *cu = cuda_library(why);
	struct cuda_units *units = answer;
	int err = cu != NULL ? cuda_units_find(cu, units, why) : -ENODEV;

	for (unsigned i = 0; err == 0 && i < units->n; i++)
		cuda_nvml_facts(units->unit[i].bus, &units->unit[i].facts);
	if (err == 0)
		cuda_peer_facts(cu, units);
	return err;
}

static struct cuda_units found;
static struct units_asked asked = {.ask = ask, .units = &found, .bytes = sizeof(found), .remedy = "nvidia-smi shows what the driver says"};

static const char *sharing_text(const struct cuda_unit *unit)
{
	if (unit->pageable)
		return unit->host_page_tables ? "ATS: host page tables" : "HMM: pageable memory";
	return unit->managed && unit->concurrent ? "managed memory" : "copies only";
}

static void describe_unit(const struct cuda_unit *unit, char *text, size_t bytes)
{
	char memory[32] = "";

	if (unit->memory_bytes != 0)
		snprintf(memory, sizeof(memory), ", %.1f GiB", (double)unit->memory_bytes / (1 << 30));
	snprintf(text, bytes, "sm_%u, %u multiprocessors%s%s%s%s, %s", unit->arch, unit->processors, memory, unit->ecc ? ", ECC" : "",
		unit->mode == CUDA_COMPUTEMODE_EXCLUSIVE_PROCESS ? ", exclusive mode" : "", unit->has_timeout ? ", drives a display" : "",
		sharing_text(unit));
}

static void probe(const struct fs_machine *machine, struct fs_probe *probe)
{
	struct fs_reason why = {0};
	const struct cuda_units *units = NULL;

	if (machine->foreign)
		machine_foreign_because(&why, 0, "the machine is another one: its GPUs are not known");
	else
		units = units_known(&asked, &why);
	if (units == NULL) {
		device_lacks(probe, ~0u, &why);
		return;
	}
	probe->caps = cuda_unit_caps(&units->unit[0], machine, probe->lacks);
	text_fit(probe->summary, sizeof(probe->summary), "%s, %s", units->unit[0].name, sharing_text(&units->unit[0]));
}

static unsigned units(struct fs_unit *unit, unsigned max)
{
	struct fs_reason why;
	const struct cuda_units *units = units_known(&asked, &why);
	unsigned n = units != NULL ? units->n : 0;

	for (unsigned i = 0; i < n && i < max; i++) {
		const struct cuda_unit *from = &units->unit[i];
		struct fs_reason lack = {0};

		unit[i] = (struct fs_unit){.emulated = false, .facts = from->facts};
		snprintf(unit[i].bus, sizeof(unit[i].bus), "%s", from->bus);
		snprintf(unit[i].name, sizeof(unit[i].name), "%s", from->name);
		snprintf(unit[i].driver, sizeof(unit[i].driver), "CUDA %u.%u", from->driver / 1000, from->driver % 1000 / 10);
		if (cuda_unit_serves(from, &lack) == 0)
			describe_unit(from, unit[i].detail, sizeof(unit[i].detail));
		else
			memcpy(unit[i].detail, lack.what, sizeof(lack.what));
	}
	return units != NULL ? units->found : 0;
}

/* ---- open and close */

static void release(struct cuda *dev)
{
	const struct cuda_api *cu = dev->cu;

	for (int i = 0; i < CUDA_STREAMS; i++) {
		if (dev->stream[i] != NULL)
			cu->StreamSynchronize(dev->stream[i]);
	}
	if (dev->context != NULL) {
		cuda_events_free(cu, &dev->events);
		cuda_program_release(cu, &dev->program);
		cuda_memory_close(dev);
		if (dev->out != NULL)
			cu->MemFreeHost(dev->out);
	}
	for (int i = 0; i < CUDA_STREAMS; i++) {
		if (dev->stream[i] != NULL)
			cu->StreamDestroy_v2(dev->stream[i]);
	}
	if (dev->context != NULL)
		cu->CtxDestroy_v2(dev->context);
	cuda_peer_close(dev);
	free(dev);
}

static void close_cuda(void *device)
{
	struct cuda *dev = device;

	cuda_peer_evidence(dev);
	/* Last, so that any other failure is reported first. */
	if (cuda_library_is_stand_in())
		fs_expect(dev->job, "the library is CUDA, not a stand-in", 0, FS_EQ, 1);
	unit_pci_noise(dev->job, "cuda", dev->unit.bus);
	cuda_nvml_end(dev);
	release(dev);
}

static int make_context(struct cuda *dev)
{
	const struct cuda_api *cu = dev->cu;
	void *out = NULL;
	int status = cu->CtxCreate_v2(&dev->context, CUDA_CTX_SCHED_SPIN, dev->unit.device);

	if (status != CUDA_OK) {
		dev->context = NULL;
		return cuda_failed(dev, status, "cuCtxCreate");
	}
	for (int i = 0; i < CUDA_STREAMS; i++) {
		status = cu->StreamCreate(&dev->stream[i], CUDA_STREAM_NON_BLOCKING);
		if (status != CUDA_OK) {
			dev->stream[i] = NULL;
			return cuda_failed(dev, status, "cuStreamCreate");
		}
	}
	status = cuda_events_open(cu, &dev->events);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuEventCreate");
	status = cu->MemHostAlloc(&out, FS_OUT_WORDS * sizeof(ulong), CUDA_MEMHOSTALLOC_DEVICEMAP);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuMemHostAlloc");
	dev->out = memset(out, 0, FS_OUT_WORDS * sizeof(ulong));
	return 0;
}

/* The setup's needs were checked on unit 0; another unit may have fewer capabilities. */
static int choose_unit(struct cuda *dev, unsigned index, const struct fs_machine *machine)
{
	static const unsigned needs[] = {
		[FS_MEMORY_DEVICE] = FS_CAP_COPY,
		[FS_MEMORY_MIRROR] = FS_CAP_MIRROR,
		[FS_MEMORY_COHERENT] = FS_CAP_COHERENT,
		[FS_MEMORY_SVM_SYSTEM] = FS_CAP_SVM_SYSTEM,
		[FS_MEMORY_MANAGED] = FS_CAP_MANAGED,
	};
	struct fs_reason lacks[FS_CAPS] = {0};
	struct cuda_units units;
	int err = cuda_units_find(dev->cu, &units, &dev->why);
	unsigned need = (unsigned)dev->kind < FS_ARRAY_SIZE(needs) ? needs[dev->kind] : 0;

	if (err < 0)
		return err;
	if (index >= units.n)
		return fs_because(&dev->why, -ENOTSUP, "fivestep doctor lists them", "there is no CUDA unit %u", index);
	if (need == 0)
		return fs_because(&dev->why, -ENOTSUP, "another setup", "CUDA has no memory of that kind");
	dev->unit = units.unit[index];
	if (dev->kind == FS_MEMORY_DEVICE)
		err = cuda_peer_choose(dev, fs_choice(dev->job, "peer"), &units);
	if (err < 0)
		return err;
	if ((cuda_unit_caps(&dev->unit, machine, lacks) & need) == 0) {
		dev->why = lacks[__builtin_ctz(need)];
		return -ENOTSUP;
	}
	dev->node = cuda_unit_node(&dev->unit, machine);
	dev->host_node = machine->nodes[machine_host_node(machine)].id;
	return 0;
}

/* Migratable memory: using more than is free makes the driver evict pages, of every process on the GPU. */
static int check_capacity(struct cuda *dev, struct fs_job *job, size_t bytes)
{
	size_t free_bytes = 0, all_bytes = 0;
	int status;

	if ((dev->kind != FS_MEMORY_MANAGED && dev->kind != FS_MEMORY_MIRROR) || fs_is(job, "oversubscribe", "yes"))
		return 0;
	status = dev->cu->MemGetInfo_v2(&free_bytes, &all_bytes);
	if (status != CUDA_OK)
		return cuda_failed(dev, status, "cuMemGetInfo");
	if (bytes > free_bytes)
		return fs_because(&dev->why, -ENOMEM, "a smaller size; -p oversubscribe=yes allows it, and can stop the whole machine for minutes",
			"%zu MiB are more than the %zu MiB that are free on the GPU", bytes >> 20, free_bytes >> 20);
	return 0;
}

static int prepare(struct cuda *dev, struct fs_job *job, size_t bytes)
{
	int err = choose_unit(dev, (unsigned)fs_count(job, "unit"), fs_machine(job));

	if (err == 0)
		err = make_context(dev);
	if (err == 0)
		err = check_capacity(dev, job, bytes);
	if (err == 0 && dev->kind == FS_MEMORY_DEVICE)
		err = cuda_memory_open(dev, bytes > 0 ? bytes : 1);
	if (err == 0)
		err = cuda_program_load(dev->cu, fs_is(job, "code", "ptx") ? 0 : dev->unit.arch, dev->flaw, &dev->program, &dev->why);
	if (err == 0) {
		fs_code_variant(job, "%s", dev->program.image);
		err = cuda_prepare_body(dev, fs_name(job));
	}
	return err;
}

static int open_cuda(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **opened)
{
	struct cuda *dev = calloc(1, sizeof(*dev));
	int err;

	if (dev == NULL)
		return fs_error_memory(job);
	dev->job = job;
	dev->kind = kind;
	dev->pagemap = -1;
	dev->page_bytes = fs_page_bytes();
	dev->flaw = fs_choice(job, "flaw");
	dev->cu = cuda_library(&dev->why);
	err = dev->cu != NULL ? prepare(dev, job, bytes) : -ENODEV;
	if (err == 0) {
		cuda_nvml_begin(dev);
		*opened = dev;
		return 0;
	}
	/* Missing features or memory, or a GPU in exclusive use by another process, are skips, not failures. */
	device_refused(job, err, &dev->why);
	release(dev);
	return err;
}

static ulong *out(void *device)
{
	return ((struct cuda *)device)->out;
}

static struct fs_reason *why(void *device)
{
	return &((struct cuda *)device)->why;
}

/* ---- counts */

/* One line per count: its declaration and where it is stored. */
#define COUNTS(COUNT, COUNT_TO)                                                                                                                      \
	COUNT_TO(FS_DEVICE, "copied_to_device_bytes", "bytes", copied_bytes[FS_DEVICE], "copy*: bytes of explicit transfers")                        \
	COUNT_TO(FS_HOST, "copied_to_host_bytes", "bytes", copied_bytes[FS_HOST], "copy*: bytes of explicit transfers")                              \
	COUNT("copied_to_device_ns", "ns", events.ns[CUDA_COPIED_TO_DEVICE], "copy*: the same transfers by the device's clock")                      \
	COUNT("copied_to_host_ns", "ns", events.ns[CUDA_COPIED_TO_HOST], "copy*: the same transfers by the device's clock")                          \
	COUNT("launches", "commands", launches, "bodies that were started")                                                                          \
	COUNT("computed_ns", "ns", events.ns[CUDA_COMPUTED], "bodies by the device's clock, from start to end")                                      \
	COUNT("prefetched_to_device", "pages", moved_pages[FS_DEVICE], "hmm-*, cdm-*: pages asked to be there; residence says whether they are")     \
	COUNT("prefetched_to_host", "pages", moved_pages[FS_HOST], "likewise, back")                                                                 \
	COUNT("not_moved_pages", "pages", not_moved_pages, "of these, those of which the kernel or the driver says that they are not there")         \
	COUNT("prefetched_ns", "ns", events.ns[CUDA_MOVED], "hmm-*: the driver's migrations by the device's clock")                                  \
	COUNT("commands_not_timed", "commands", events.lost, "commands of which the device's clock says nothing")

#define COUNTED struct cuda
static const struct fs_count_def count_defs[] = {COUNTS(COUNT_DECLARATION, COUNT_TO_DECLARATION){0}};
static const size_t places[] = {COUNTS(COUNT_PLACE, COUNT_TO_PLACE)};

/* Called between steps: nothing is being timed, so that the events can be read. */
static int count(void *device, uint64_t *values)
{
	struct cuda *dev = device;

	if (!dev->busy[0] && !dev->busy[1])
		cuda_events_read(dev->cu, &dev->events);
	counts_take(values, dev, places, FS_ARRAY_SIZE(places));
	return 0;
}

const struct fs_device device_cuda = {
	.name = "cuda",
	.summary = "NVIDIA GPUs: copies, pinned copies, managed memory, HMM, ATS, their memory as a node",
	.params = params,
	.coherent = "GPU memory as a node",
	.can = FS_CAP_COPY | FS_CAP_PIN | FS_CAP_NODE | FS_CAP_MIRROR | FS_CAP_MIGRATE | FS_CAP_COHERENT | FS_CAP_RESIDENCE | FS_CAP_PREFETCH |
	       FS_CAP_ATOMIC | FS_CAP_SVM_SYSTEM | FS_CAP_MANAGED,
	.probe = probe,
	.units = units,
	.open = open_cuda,
	.close = close_cuda,
	.alloc = cuda_alloc,
	.free = cuda_free,
	.copy = cuda_copy,
	.ceiling = cuda_ceiling,
	.pin = cuda_pin,
	.unpin = cuda_unpin,
	.launch = cuda_launch,
	.wait = cuda_wait,
	.migrate = cuda_migrate,
	.advise = cuda_advise,
	.residence = cuda_residence,
	.counts = count_defs,
	.count = count,
	.out = out,
	.why = why,
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * opencl - any vendor's device through the ICD loader: its own buffers (copies), buffers that the CPU maps, and shared virtual memory
 * as far as the device has it. Bodies are compiled from the source in the program, before step 1.
 *
 * OpenCL reports neither the residence of a page nor whether an access faulted or moved it: none of that is claimed. What is proven is that bytes
 * were copied, that ownership of memory passed, and that both sides use one address if that is claimed.
 *
 * A unit that is a CPU is software instead of hardware: its results are labelled emulated, and plans use it only if they name it.
 */
#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/device/bodies.h"
#include "harness/device/common.h"
#include "harness/device/opencl/opencl.h"
#include "harness/machine/topology.h"
#include "harness/machine/unit.h"

static const struct fs_param params[] = {
	{.name = "unit",
		.type = FS_PARAM_COUNT,
		.initial = "0",
		.min = 0,
		.max = OPENCL_UNITS - 1,
		.help = "opencl: which device, numbered as in fivestep doctor"},
	{.name = "flaw",
		.type = FS_PARAM_CHOICE,
		.initial = "none",
		.choices = "none|source|kernel|address",
		.help = "opencl: fault injected into the body or the evidence",
		.test_only = true},
	{0},
};

/* ---- capabilities */

static int ask(void *answer, struct fs_reason *why)
{
	const struct opencl_api *cl = opencl_library(why);

	return cl != NULL ? opencl_units_find(cl, answer, why) : -ENODEV;
}

static struct opencl_units found;
static struct units_asked asked = {.ask = ask, .units = &found, .bytes = sizeof(found), .remedy = "clinfo shows what the OpenCL drivers report"};

static void svm_text(const struct opencl_unit *unit, char *text, size_t bytes)
{
	snprintf(text, bytes, "SVM:%s%s%s%s%s", unit->svm == 0 ? " none" : "", (unit->svm & OPENCL_SVM_COARSE_GRAIN_BUFFER) != 0 ? " coarse" : "",
		(unit->svm & OPENCL_SVM_FINE_GRAIN_BUFFER) != 0 ? " fine" : "", (unit->svm & OPENCL_SVM_FINE_GRAIN_SYSTEM) != 0 ? " system" : "",
		(unit->svm & OPENCL_SVM_ATOMICS) != 0 ? " atomics" : "");
}

static void probe(const struct fs_machine *machine, struct fs_probe *probe)
{
	struct fs_reason why = {0};
	const struct opencl_units *units = NULL;
	char svm[48];

	if (machine->foreign)
		machine_foreign_because(&why, 0, "the machine is another one: its OpenCL is not known");
	else
		units = units_known(&asked, &why);
	if (units == NULL) {
		device_lacks(probe, ~0u, &why);
		return;
	}
	probe->caps = opencl_unit_caps(&units->unit[0], probe->lacks);
	probe->only_named = opencl_unit_is_cpu(&units->unit[0]);
	svm_text(&units->unit[0], svm, sizeof(svm));
	text_fit(probe->summary, sizeof(probe->summary), "%s%s, %s", units->unit[0].name,
		probe->only_named ? ", software on the CPU: used only when named" : "", svm);
}

static unsigned units(struct fs_unit *unit, unsigned max)
{
	struct fs_reason why;
	const struct opencl_units *units = units_known(&asked, &why);
	unsigned n = units != NULL ? units->n : 0;

	for (unsigned i = 0; i < n && i < max; i++) {
		const struct opencl_unit *from = &units->unit[i];
		struct fs_reason lack = {0};

		unit[i] = (struct fs_unit){.emulated = opencl_unit_is_cpu(from)};
		snprintf(unit[i].name, sizeof(unit[i].name), "%s", from->name);
		text_fit(unit[i].driver, sizeof(unit[i].driver), "%s %s", from->platform, from->driver);
		snprintf(unit[i].bus, sizeof(unit[i].bus), "%s", from->bus);
		if (opencl_unit_serves(from, &lack) == 0)
			svm_text(from, unit[i].detail, sizeof(unit[i].detail));
		else
			memcpy(unit[i].detail, lack.what, sizeof(lack.what));
	}
	return units != NULL ? units->found : 0;
}

/* ---- open and close */

static void release(struct opencl *dev)
{
	const struct opencl_api *cl = dev->cl;

	for (int i = 0; i < OPENCL_STREAMS; i++) {
		if (dev->queue[i] != NULL)
			cl->Finish(dev->queue[i]);
	}
	/* Frees what a setup that failed half-way left behind. */
	for (int i = 0; i < OPENCL_PINS; i++) {
		if (dev->pin[i].buffer != NULL)
			opencl_unpin(dev, dev->pin[i].host, 0);
	}
	opencl_events_free(cl, &dev->events);
	opencl_program_release(cl, &dev->program);
	if (dev->out_mapped != NULL && cl->EnqueueUnmapMemObject(dev->queue[0], dev->out, dev->out_mapped, 0, NULL, NULL) == OPENCL_SUCCESS)
		cl->Finish(dev->queue[0]);
	if (dev->out != NULL)
		cl->ReleaseMemObject(dev->out);
	if (dev->buffer != NULL)
		cl->ReleaseMemObject(dev->buffer);
	for (int i = 0; i < OPENCL_STREAMS; i++) {
		if (dev->queue[i] != NULL)
			cl->ReleaseCommandQueue(dev->queue[i]);
	}
	if (dev->context != NULL)
		cl->ReleaseContext(dev->context);
	free(dev->out_failed);
	free(dev);
}

static int make_context(struct opencl *dev)
{
	const struct opencl_api *cl = dev->cl;
	int32_t status = OPENCL_SUCCESS;
	int err;

	dev->context = cl->CreateContext(NULL, 1, &dev->unit.device, NULL, NULL, &status);
	if (dev->context == NULL)
		return opencl_failed(dev, status, "clCreateContext");
	for (int i = 0; i < OPENCL_STREAMS; i++) {
		dev->queue[i] = cl->CreateCommandQueue(dev->context, dev->unit.device, OPENCL_QUEUE_PROFILING_ENABLE, &status);
		if (dev->queue[i] == NULL)
			return opencl_failed(dev, status, "clCreateCommandQueue");
	}
	dev->out = opencl_buffer(dev, OPENCL_MEM_READ_WRITE | OPENCL_MEM_ALLOC_HOST_PTR, FS_OUT_WORDS * sizeof(ulong), NULL, &err);
	return err;
}

static void close_opencl(void *device)
{
	struct opencl *dev = device;

	/* Last, so that any other failure is reported first. */
	if (opencl_library_is_stand_in())
		fs_expect(dev->job, "the library is OpenCL, not a stand-in", 0, FS_EQ, 1);
	unit_pci_noise(dev->job, "opencl", dev->unit.bus);
	release(dev);
}

/* The setup's needs were checked on unit 0; another unit may have fewer capabilities. */
static int choose_unit(struct opencl *dev, unsigned index, enum fs_memory_kind kind, size_t bytes)
{
	static const unsigned needs[] = {
		[FS_MEMORY_DEVICE] = FS_CAP_COPY,
		[FS_MEMORY_MAPPED] = FS_CAP_MAPPED_BUFFER,
		[FS_MEMORY_EXCLUSIVE] = FS_CAP_EXCLUSIVE,
		[FS_MEMORY_SVM_FINE] = FS_CAP_SVM_FINE,
		[FS_MEMORY_SVM_SYSTEM] = FS_CAP_SVM_SYSTEM,
	};
	struct fs_reason lacks[FS_CAPS] = {0};
	struct opencl_units units;
	int err = opencl_units_find(dev->cl, &units, &dev->why);
	unsigned need = (unsigned)kind < FS_ARRAY_SIZE(needs) ? needs[kind] : 0;

	if (err < 0)
		return err;
	if (index >= units.n)
		return fs_because(&dev->why, -ENOTSUP, "fivestep doctor lists them", "there is no OpenCL unit %u", index);
	dev->unit = units.unit[index];
	if (need == 0)
		return fs_because(&dev->why, -ENOTSUP, "another setup", "OpenCL has no memory of that kind");
	if ((opencl_unit_caps(&dev->unit, lacks) & need) == 0) {
		dev->why = lacks[__builtin_ctz(need)];
		return -ENOTSUP;
	}
	if (kind != FS_MEMORY_SVM_SYSTEM && dev->unit.alloc_bytes != 0 && bytes > dev->unit.alloc_bytes)
		return fs_because(&dev->why, -ENOTSUP, "a smaller size", "%s allocates at most %llu MiB in one piece", dev->unit.name,
			(unsigned long long)(dev->unit.alloc_bytes >> 20));
	return 0;
}

static int prepare(struct opencl *dev, struct fs_job *job, enum fs_memory_kind kind, size_t bytes)
{
	int err = choose_unit(dev, (unsigned)fs_count(job, "unit"), kind, bytes);

	if (err == 0)
		err = make_context(dev);
	if (err == 0 && kind == FS_MEMORY_DEVICE)
		err = opencl_memory_open(dev, bytes > 0 ? bytes : 1);
	if (err == 0 && bodies_have(fs_name(job))) {
		fs_code_variant(job, "OpenCL C, compiled by the driver");
		err = opencl_prepare_body(dev, fs_name(job));
	}
	return err;
}

static int open_opencl(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **opened)
{
	struct opencl *dev = calloc(1, sizeof(*dev));
	int err;

	if (dev == NULL || (dev->out_failed = calloc(FS_OUT_WORDS, sizeof(ulong))) == NULL) {
		free(dev);
		return fs_error_memory(job);
	}
	dev->job = job;
	dev->kind = kind;
	dev->flaw = fs_choice(job, "flaw");
	dev->cl = opencl_library(&dev->why);
	err = dev->cl != NULL ? prepare(dev, job, kind, bytes) : -ENODEV;
	if (err == 0) {
		*opened = dev;
		return 0;
	}
	/* Missing features or memory, or a device in exclusive use by another process, are skips, not failures. */
	device_refused(job, err, &dev->why);
	release(dev);
	return err;
}

static struct fs_reason *why(void *device)
{
	return &((struct opencl *)device)->why;
}

/* ---- counts */

/* One line per count: its declaration and where it is stored. */
#define COUNTS(COUNT, COUNT_TO)                                                                                                                      \
	COUNT_TO(FS_DEVICE, "copied_to_device_bytes", "bytes", copied_bytes[FS_DEVICE], "copy: bytes of explicit transfers")                         \
	COUNT_TO(FS_HOST, "copied_to_host_bytes", "bytes", copied_bytes[FS_HOST], "copy: bytes of explicit transfers")                               \
	COUNT("copied_to_device_ns", "ns", events.ns[OPENCL_COPIED_TO_DEVICE], "copy: the same transfers by the device's clock")                     \
	COUNT("copied_to_host_ns", "ns", events.ns[OPENCL_COPIED_TO_HOST], "copy: the same transfers by the device's clock")                         \
	COUNT("launches", "commands", launches, "bodies that were started")                                                                          \
	COUNT("computed_ns", "ns", events.ns[OPENCL_COMPUTED], "bodies by the device's clock, from start to end")                                    \
	COUNT("acquired_by_device", "commands", acquired[FS_DEVICE], "copy-mapped, svm-coarse: unmapped: the device owns it")                        \
	COUNT("acquired_by_host", "commands", acquired[FS_HOST], "copy-mapped, svm-coarse: mapped: the CPU owns it")                                 \
	COUNT("acquired_ns", "ns", events.ns[OPENCL_ACQUIRED], "copy-mapped, svm-coarse: both by the device's clock")                                \
	COUNT("addresses_checked", "buffers", addresses_checked, "svm*: queries of the device for the buffer's address")                             \
	COUNT("address_conflicts", "buffers", address_conflicts, "svm*: the device sees the buffer at another address than the CPU")                 \
	COUNT("commands_not_timed", "commands", events.lost, "commands for which the device reports no times")

#define COUNTED struct opencl
static const struct fs_count_def count_defs[] = {COUNTS(COUNT_DECLARATION, COUNT_TO_DECLARATION){0}};
static const size_t places[] = {COUNTS(COUNT_PLACE, COUNT_TO_PLACE)};

/* Called between steps: nothing is being timed, so that events can be read and the address queried. */
static int count(void *device, uint64_t *values)
{
	struct opencl *dev = device;
	bool idle = !dev->busy[0] && !dev->busy[1];

	if (idle && dev->launched && dev->addresses_checked == 0 && opencl_is_shared(dev->kind) && dev->address != NULL && dev->side == FS_DEVICE)
		opencl_check_address(dev);
	if (idle)
		opencl_events_read(dev->cl, &dev->events);
	counts_take(values, dev, places, FS_ARRAY_SIZE(places));
	return 0;
}

const struct fs_device device_opencl = {
	.name = "opencl",
	.summary = "any vendor's device through OpenCL: copies, mapped buffers, shared virtual memory",
	.params = params,
	.can = FS_CAP_COPY | FS_CAP_PIN | FS_CAP_MAPPED_BUFFER | FS_CAP_EXCLUSIVE | FS_CAP_SVM_FINE | FS_CAP_SVM_SYSTEM | FS_CAP_ATOMIC,
	.probe = probe,
	.units = units,
	.open = open_opencl,
	.close = close_opencl,
	.alloc = opencl_alloc,
	.free = opencl_free,
	.copy = opencl_copy,
	.ceiling = opencl_ceiling,
	.pin = opencl_pin,
	.unpin = opencl_unpin,
	.launch = opencl_launch,
	.wait = opencl_wait,
	.acquire = opencl_hand,
	.counts = count_defs,
	.count = count,
	.out = opencl_out,
	.why = why,
};

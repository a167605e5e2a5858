/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uvm - counts of NVIDIA's unified memory driver: GPU faults and the pages migrated by them, of all GPUs and all processes that use them. The driver
 * has the file only if its module was loaded with uvm_enable_debug_procfs=1.
 */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/counter/text.h"

#define FOLDER "/proc/driver/nvidia-uvm/gpus"
#define GPUS   16
#define TRIES  100

static const struct fs_event events[] = {
	{"replayable_faults", "faults", "GPU faults that were served and replayed; several faults on one page are counted separately", false},
	{"duplicates", "faults", "faults on a page that another fault has already migrated", false},
	{"read_faults", "faults", "replayable faults by a read", false},
	{"write_faults", "faults", "by a write", false},
	{"atomic_faults", "faults", "by an atomic", false},
	{"prefetch_faults", "faults", "by a prefetch instruction", false},
	{"pages_in", "pages", "pages migrated to the GPUs by them, including prefetched neighbours", false},
	{"pages_out", "pages", "pages migrated away from the GPUs by them", false},
	{"replays", "replays", "replays of waiting accesses", false},
	{"non_replayable_faults", "faults", "faults of copy engines and similar", false},
	{0},
};

/* Their names in the file, in the order of events. */
static const char *const lines[] = {"replayable_faults", "duplicates", "  read", "  write", "  atomic", "  prefetch", "  num_pages_in",
	"  num_pages_out", "  start", "non_replayable_faults"};

struct uvm {
	unsigned n, ngpus;
	unsigned event[FS_EVENTS];
	struct text_file gpu[GPUS];
	const struct fs_machine *machine;
	int err; /* of the first file that could not be opened */
};

/* The second half of the file repeats the names for non-replayable faults. */
static bool value_of(const struct text_file *file, unsigned event, uint64_t *value)
{
	const char *second = strstr(file->text, "non_replayable_faults"), *at;
	bool found;

	if (strcmp(events[event].name, "non_replayable_faults") == 0)
		return second != NULL && text_value(second, lines[event], value);
	found = text_value(file->text, lines[event], value);
	at = found ? strstr(file->text, lines[event]) : NULL;
	return found && (second == NULL || at < second);
}

/* The driver fails instead of waiting while its set of GPUs changes. */
static int read_again(struct text_file *file)
{
	int err = text_read(file);

	for (int i = 0; err == -EAGAIN && i < TRIES; i++)
		err = text_read(file);
	return err;
}

static void gpu_found(void *context, const char *name)
{
	struct uvm *uvm = context;
	char path[PATH_MAX];
	int err;

	/* Numbers beside them are links to the same folders. */
	if (strstr(name, "GPU-") == NULL || uvm->ngpus == GPUS)
		return;
	snprintf(path, sizeof(path), FOLDER "/%s/fault_stats", name);
	err = text_open(&uvm->gpu[uvm->ngpus], uvm->machine, path);
	if (err == 0)
		uvm->ngpus++;
	else if (uvm->err == 0)
		uvm->err = err;
}

static int gpus_open(struct uvm *uvm, const struct fs_machine *machine, struct fs_reason *why)
{
	int found;

	uvm->machine = machine;
	found = text_folder(machine, FOLDER, "", gpu_found, uvm);
	if (uvm->ngpus != 0)
		return 0;
	if (found == -ENOENT)
		return fs_because(why, found, "on a machine with an NVIDIA GPU, install the driver and load nvidia-uvm", FOLDER " does not exist");
	if (uvm->err == -EACCES || found == -EACCES)
		return fs_because(why, -EACCES, "run as root", "the GPUs' fault_stats cannot be read");
	if (found > 0)
		return fs_because(why, -ENOENT, "load the module with it: modprobe nvidia-uvm uvm_enable_debug_procfs=1",
			"no GPU has a file fault_stats: %s", strerror(uvm->err != 0 ? -uvm->err : ENOENT));
	return fs_because(why, -ENODEV, "it names a GPU once a program uses it: keep nvidia-persistenced, or a context, alive", FOLDER " has no GPU");
}

static void close_uvm(void *source)
{
	struct uvm *uvm = source;

	for (unsigned i = 0; i < uvm->ngpus; i++)
		text_close(&uvm->gpu[i]);
	free(uvm);
}

static int probe(const struct fs_machine *machine, struct fs_reason *why)
{
	struct uvm *uvm = calloc(1, sizeof(*uvm));
	int err;

	if (uvm == NULL)
		return fs_no_memory(why);
	err = gpus_open(uvm, machine, why);
	close_uvm(uvm);
	return err;
}

static int open_uvm(
	const struct fs_machine *machine, const char *const *names, unsigned n, struct fs_opened *opened, void **source, struct fs_reason *why)
{
	struct uvm *uvm = calloc(1, sizeof(*uvm));
	int err;

	if (uvm == NULL)
		return -ENOMEM;
	err = gpus_open(uvm, machine, why);
	if (err != 0) {
		close_uvm(uvm);
		return err;
	}
	uvm->n = n;
	for (unsigned i = 0; i < n; i++) {
		uint64_t value;

		while (strcmp(events[uvm->event[i]].name, names[i]) != 0)
			uvm->event[i]++;
		if (value_of(&uvm->gpu[0], uvm->event[i], &value))
			continue;
		fs_because(
			&opened[i].why, -ENODATA, "use another version of the driver", "this driver's fault_stats has no %s", lines[uvm->event[i]]);
		uvm->event[i] = FS_ARRAY_SIZE(lines);
	}
	*source = uvm;
	return 0;
}

static int read_uvm(void *source, struct fs_reading *readings)
{
	struct uvm *uvm = source;

	for (unsigned i = 0; i < uvm->n; i++)
		readings[i].value = 0;
	for (unsigned g = 0; g < uvm->ngpus; g++) {
		int err = read_again(&uvm->gpu[g]);

		if (err != 0)
			return err;
		for (unsigned i = 0; i < uvm->n; i++) {
			uint64_t value;

			if (uvm->event[i] < FS_ARRAY_SIZE(lines) && value_of(&uvm->gpu[g], uvm->event[i], &value))
				readings[i].value += value;
		}
	}
	return 0;
}

const struct fs_counter counter_uvm = {
	.name = "uvm",
	.summary = "faults of NVIDIA GPUs and the pages migrated by them, from the driver's fault_stats; of all processes",
	.events = events,
	.probe = probe,
	.open = open_uvm,
	.read = read_uvm,
	.close = close_uvm,
};

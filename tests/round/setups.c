/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * setups.c - what each setup asks of its device for a made-up kernel, request by request; and what it says where that fails.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/machine/topology.h"
#include "harness/plan/registry.h"
#include "tests/fake/job.h"
#include "tests/tap.h"

#define ITEMS 6

static size_t page;

static const struct fs_setup *setup_named(const char *name)
{
	for (unsigned i = 0; registry_setups[i] != NULL; i++) {
		if (strcmp(registry_setups[i]->name, name) == 0)
			return registry_setups[i];
	}
	return NULL;
}

/* ---- a device that notes what it is asked for, in half pages */

static char noted[1024];
static unsigned fails_at, requests;
static struct fs_buffer buf;

static int note(const char *fmt, ...) TAP_PRINTF(1, 2);
static int note(const char *fmt, ...)
{
	size_t len = strlen(noted);
	va_list args;

	va_start(args, fmt);
	vsnprintf(noted + len, sizeof(noted) - len, fmt, args);
	va_end(args);
	return ++requests == fails_at ? -EIO : 0;
}

static size_t halves(size_t bytes)
{
	return 2 * bytes / page;
}

static int device_alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	(void)dev;
	(void)side;
	*memory = (struct fs_memory){.kind = kind, .bytes = bytes, .cpu = kind == FS_MEMORY_DEVICE ? NULL : calloc(1, bytes)};
	return 0;
}

static void device_free(void *dev, struct fs_memory *memory)
{
	(void)dev;
	free(memory->cpu);
}

static int device_copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	bool staged = buf.staging != NULL && host == (unsigned char *)buf.staging + offset;

	(void)dev;
	(void)memory;
	if (!staged && host != (unsigned char *)buf.cpu + offset)
		note("from elsewhere ");
	return note("%s%s%d:%zu+%zu ", to == FS_DEVICE ? "to" : "back", staged ? "-marshalled" : "", stream, halves(offset), halves(bytes));
}

static int device_launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	(void)dev;
	(void)memory;
	if (launch->args.link_base != 0 && launch->args.link_base != (ulong)buf.cpu)
		note("odd links ");
	return note("run%d%s:%u-%u ", stream, launch->args.link_base != 0 ? "-pointers" : "", (unsigned)launch->first, (unsigned)launch->last);
}

static int device_wait(void *dev, int stream)
{
	(void)dev;
	return note("wait%d ", stream);
}

static int device_migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	(void)dev;
	(void)memory;
	return note("move-%s:%zu+%zu ", to == FS_DEVICE ? "to" : "back", halves(offset), halves(bytes));
}

static int device_pin(void *dev, size_t bytes, void **host)
{
	(void)dev;
	*host = calloc(1, bytes);
	return note("pin:%zu ", halves(bytes));
}

static void device_unpin(void *dev, void *host, size_t bytes)
{
	(void)dev;
	free(host);
	note("unpin:%zu ", halves(bytes));
}

static int device_acquire(void *dev, struct fs_memory *memory, enum fs_side to)
{
	(void)dev;
	(void)memory;
	return note("give-%s ", to == FS_DEVICE ? "to" : "back");
}

static const struct fs_device device = {
	.name = "noter",
	.alloc = device_alloc,
	.free = device_free,
	.copy = device_copy,
	.launch = device_launch,
	.wait = device_wait,
	.migrate = device_migrate,
	.pin = device_pin,
	.unpin = device_unpin,
	.acquire = device_acquire,
};

/* ---- a kernel: links, slices that go there, slices that come back, a sum, and what is the CPU's alone */

static int marshal(const struct fs_work *work, const struct fs_region *region, void *image)
{
	(void)work;
	(void)image;
	return note("marshal:%zu ", halves(region->offset));
}

static struct fs_work work_of(void)
{
	return (struct fs_work){.bytes = 12 * page,
		.marshal = marshal,
		.launch = {.last = ITEMS},
		.regions = {{"links", 0, 2 * page, FS_IN | FS_POINTERS}, {"in", 2 * page, 3 * page, FS_IN | FS_SLICED},
			{"out", 5 * page, 3 * page, FS_OUT | FS_SLICED}, {"sum", 8 * page, page, FS_OUT}, {"own", 9 * page, page, 0},
			{"more", 10 * page, 2 * page, FS_IN | FS_POINTERS}}};
}

static struct fs_work work;
static struct fake_job fake;

static void begin(const char *name, const char *chunk)
{
	const struct fs_setup *setup = setup_named(name);
	struct fs_arg *arg;

	if (fake_job_open(&fake, registry_kernels[0], NULL, "") != 0 ||
		(setup->params != NULL && args_declare(&fake.cell.args, setup->params, 0) != 0))
		exit(99);
	arg = args_find(&fake.cell.args, "chunk");
	if (arg != NULL && chunk != NULL && param_parse(arg->param, chunk, arg, NULL) != 0)
		exit(99);
	fake.cell.setup = setup;
	fake.cell.device = &device;
	work = work_of();
	work.job = &fake.job;
	buf = (struct fs_buffer){.bytes = work.bytes, .work = &work};
	noted[0] = '\0';
	requests = fails_at = 0;
}

static void asks(const char *name, const char *chunk, const char *to, const char *back)
{
	const struct fs_setup *setup = setup_named(name);
	struct fs_launch launch;

	begin(name, chunk);
	is_int(setup->alloc(&fake.job, buf.bytes, &buf), 0, "%s", name);
	launch = work.launch;
	noted[0] = '\0';
	is_int(setup->device_compute(&fake.job, &buf, &launch), 0, "computes");
	is_str(noted, to, "with these requests");
	noted[0] = '\0';
	is_int(setup->cpu_begin(&fake.job, &buf), 0, "the CPU's turn begins");
	is_str(noted, back, "with these");
	setup->release(&fake.job, &buf);
	ok(buf.cpu == NULL && buf.staging == NULL, "and all is given back");
	fake_job_close(&fake);
}

/* Each request fails once: the setup stops there, and tells. */
static void stops(const char *name, const char *chunk)
{
	const struct fs_setup *setup = setup_named(name);
	unsigned wrong = 0, n = 0;

	for (unsigned at = 1; at < 40; at++) {
		struct fs_launch launch;
		int err;

		begin(name, chunk);
		if (setup->alloc(&fake.job, buf.bytes, &buf) != 0)
			exit(99);
		launch = work.launch;
		requests = 0;
		fails_at = at;
		err = setup->device_compute(&fake.job, &buf, &launch);
		if (err == 0)
			err = setup->cpu_begin(&fake.job, &buf);
		if (requests >= at) {
			n++;
			wrong += err != -EIO || requests != at;
		} else {
			wrong += err != 0;
		}
		setup->release(&fake.job, &buf);
		fake_job_close(&fake);
	}
	ok(n >= 2 && wrong == 0, "%s: any of %u requests may fail, and it stops there: %u did not", name, n, wrong);
}

/* What a benchmark's values contain is counted where requests are made: a move by its pages, a part of one as a whole. */
static void test_counted(void)
{
	struct fs_launch launch;

	begin("cdm-migrate", NULL);
	launch = work.launch;
	fake.cell.setup->alloc(&fake.job, buf.bytes, &buf);
	fake.cell.setup->device_compute(&fake.job, &buf, &launch);
	fs_device_migrate(&fake.job, &buf.memory, 0, page + 1, FS_DEVICE);
	is_int((long long)fake.job.requested[FS_COST_MIGRATE + FS_DEVICE], 2, "two moves there");
	is_int((long long)fake.job.requested[FS_COST_PAGE + FS_DEVICE], 12 + 2, "of all pages, and of two");
	is_int((long long)fake.job.requested[FS_COST_PAGE + FS_HOST], 0, "and none back");
	is_int((long long)fake.job.requested[FS_COST_LAUNCH], 1, "a launch");
	fake.cell.setup->release(&fake.job, &buf);
	fake_job_close(&fake);
	begin("copy", NULL);
	launch = work.launch;
	fake.cell.setup->alloc(&fake.job, buf.bytes, &buf);
	fake.cell.setup->device_compute(&fake.job, &buf, &launch);
	fake.cell.setup->cpu_begin(&fake.job, &buf);
	is_int((long long)fake.job.requested[FS_COST_COPY + FS_DEVICE], 3, "three transfers there");
	is_int((long long)fake.job.requested[FS_COST_COPY_BYTE + FS_DEVICE], 7 * (long long)page, "of so many bytes");
	is_int((long long)fake.job.requested[FS_COST_COPY + FS_HOST], 2, "two back");
	is_int((long long)fake.job.requested[FS_COST_COPY_BYTE + FS_HOST], 4 * (long long)page, "of so many");
	fake.cell.setup->release(&fake.job, &buf);
	fake_job_close(&fake);
}

static void test_requests(void)
{
	char one[32], two[32];

	snprintf(one, sizeof(one), "%zu", page);
	snprintf(two, sizeof(two), "%zu", 2 * page);
	asks("copy", NULL, "marshal:0 marshal:20 to-marshalled0:0+4 to0:4+6 to-marshalled0:20+4 wait0 run0:0-6 wait0 ",
		"back0:10+6 back0:16+2 wait0 ");
	asks("copy-pinned", NULL, "marshal:0 marshal:20 to-marshalled0:0+4 to0:4+6 to-marshalled0:20+4 wait0 run0:0-6 wait0 ",
		"back0:10+6 back0:16+2 wait0 ");
	asks("copy-overlap", one,
		"marshal:0 marshal:20 to-marshalled0:0+4 to-marshalled0:20+4 wait0 "
		"to0:4+2 run0:0-2 back0:10+2 to1:6+2 run1:2-4 back1:12+2 to0:8+2 run0:4-6 back0:14+2 wait0 wait1 ",
		"back0:16+2 wait0 ");
	asks("copy-overlap", two, "marshal:0 marshal:20 to-marshalled0:0+4 to-marshalled0:20+4 wait0 to0:4+6 run0:0-6 back0:10+6 wait0 wait1 ",
		"back0:16+2 wait0 ");
	asks("hmm", NULL, "run0-pointers:0-6 wait0 ", "");
	asks("hmm-prefetch", NULL, "move-to:0+4 move-to:4+6 move-to:10+6 move-to:16+2 move-to:20+4 run0-pointers:0-6 wait0 ",
		"move-back:0+4 move-back:4+6 move-back:10+6 move-back:16+2 move-back:20+4 ");
	asks("cdm", NULL, "run0-pointers:0-6 wait0 ", "");
	asks("cdm-migrate", NULL, "move-to:0+24 run0-pointers:0-6 wait0 ", "move-back:0+24 ");
	asks("svm-coarse", NULL, "give-to run0-pointers:0-6 wait0 ", "give-back ");
	stops("copy", NULL);
	stops("copy-overlap", one);
	stops("hmm-prefetch", NULL);
	stops("cdm-migrate", NULL);
	stops("svm-coarse", NULL);
}

/* Fewer items than chunks: as many chunks as items, and each piece half of its region. */
static void test_few_items(void)
{
	const struct fs_setup *setup = setup_named("copy-overlap");
	struct fs_launch launch;
	char one[32];

	snprintf(one, sizeof(one), "%zu", page);
	begin("copy-overlap", one);
	setup->alloc(&fake.job, buf.bytes, &buf);
	launch = (struct fs_launch){.first = 10, .last = 12};
	work.regions[0].flags |= FS_KEPT;
	work.regions[1].flags |= FS_KEPT;
	work.regions[5].flags = 0;
	noted[0] = '\0';
	setup->device_compute(&fake.job, &buf, &launch);
	is_str(noted, "marshal:0 wait0 run0:10-11 back0:10+3 run1:11-12 back1:13+3 wait0 wait1 ", "what the device has is not sent, slice or not");
	is_int((long long)buf.transferred[FS_DEVICE], 0, "nor counted");
	is_int((long long)buf.transferred[FS_HOST], 3 * (long long)page, "what came back is");
	setup->release(&fake.job, &buf);
	fake_job_close(&fake);
}

/* ---- evidence that is not available is an error, never ok */

static int device_residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	(void)dev;
	(void)memory;
	(void)offset;
	(void)bytes;
	(void)side;
	return -EIO;
}

static void test_blind(void)
{
	static const struct {
		const char *setup;
		enum fs_step after;
	} cases[] = {{"cdm", FS_DEVICE_COMPUTE}, {"cdm-host", FS_DEVICE_COMPUTE}, {"cdm-migrate", FS_DEVICE_COMPUTE}, {"cdm-migrate", FS_CPU_AFTER},
		{"hmm", FS_CPU_BEFORE}, {"hmm", FS_DEVICE_COMPUTE}, {"hmm-prefetch", FS_CPU_BEFORE}, {"hmm-prefetch", FS_DEVICE_COMPUTE}};
	struct fs_device blind = device;

	blind.residence = device_residence;
	for (unsigned i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		begin(cases[i].setup, NULL);
		fake.cell.device = &blind;
		ok(fake.cell.setup->evidence(&fake.job, &buf, cases[i].after) == -EIO, "%s, after %s: where pages are cannot be asked: an error",
			cases[i].setup, fs_step_names[cases[i].after]);
		fake_job_close(&fake);
	}
}

static void test_balancing(void)
{
	const struct fs_setup *setup = setup_named("cdm-balance");
	struct fs_machine machine = {.numa_balancing = 1};
	struct fs_reason why = {0};

	is_int(setup->probe(&machine, &why), 0, "balancing that is on can be measured");
	machine.numa_balancing = 2;
	is_int(setup->probe(&machine, &why), 0, "in any of its modes");
	machine.numa_balancing = 0;
	is_int(setup->probe(&machine, &why), -ENOTSUP, "one that is off cannot");
	is_str(why.remedy, "sysctl kernel.numa_balancing=1", "but can be switched on");
	machine.numa_balancing = -1;
	is_int(setup->probe(&machine, &why), -ENOTSUP, "nor one that the kernel has not");
	ok(strstr(why.remedy, "CONFIG_NUMA_BALANCING") != NULL, "for which it takes another: %s", why.remedy);
}

int main(void)
{
	test_balancing();
	page = fs_page_bytes();
	test_requests();
	test_few_items();
	test_counted();
	test_blind();
	done_testing();
	return exit_status();
}

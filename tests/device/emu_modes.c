/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The emulated device's other two modes: memory of its own behind two streams, and the process's own memory on a
 * node. On one node only the mechanics of the second can be seen: that every page is asked for and answered.
 */
#include "config.h"

#include <errno.h>
#include <numa.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/emu/emu.h"
#include "harness/device/emu/engine.h"
#include "tests/tap.h"

#define BYTES (4ul << 20)

static FS_BODY(triple)
{
	(void)out;
	(void)a;
	FS_FOR(i)
	{
		FS_ARRAY(ulong, 0)[i] *= 3;
	}
}

static FS_BODY(who)
{
	(void)buf;
	(void)a;
	FS_FOR(i)
	{
		out[i] = first + 1;
	}
}

static struct emu_config config_of(int node)
{
	return (struct emu_config){.bytes = BYTES, .page_bytes = fs_page_bytes(), .workers = 3, .node = node, .host_node = node};
}

static const struct fs_launch launch = {.name = "triple", .body = triple_body, .first = 0, .last = BYTES / sizeof(ulong)};

static void separate_memory(void)
{
	struct emu_config config = config_of(-1);
	void *device = NULL;
	struct emu_counts counts = {0};
	struct fs_reason why;
	ulong *host = malloc(BYTES);
	size_t wrong = 0, n = BYTES / sizeof(*host);
	struct fs_memory memory = {.bytes = BYTES}, again = memory;

	if (!is_int(emu_separate.open(NULL, &config, &device, &why), 0, "open"))
		diag("%s", why.what);
	is_int(emu_separate.alloc(device, BYTES, FS_DEVICE, &memory), 0, "alloc");
	ok(emu_separate.alloc(device, BYTES, FS_DEVICE, &again) < 0, "no more memory is allocated than requested");
	for (size_t i = 0; i < n; i++)
		host[i] = i;
	/* In chunks on two streams: each stream keeps its order. */
	for (size_t at = 0; at < BYTES; at += BYTES / 8) {
		int stream = (int)(at / (BYTES / 8) % 2);
		struct fs_launch part = launch;

		part.first = at / sizeof(ulong);
		part.last = (at + BYTES / 8) / sizeof(ulong);
		emu_separate.copy(device, stream, at, (char *)host + at, BYTES / 8, FS_DEVICE);
		emu_separate.launch(device, stream, &memory, &part);
		emu_separate.copy(device, stream, at, (char *)host + at, BYTES / 8, FS_HOST);
	}
	is_int(emu_separate.wait(device, 0), 0, "wait for stream 0");
	is_int(emu_separate.wait(device, 1), 0, "wait for stream 1");
	for (size_t i = 0; i < n; i++)
		wrong += host[i] != 3 * i;
	is_int(wrong, 0, "every chunk was copied, computed on and copied back in order");
	ok(emu_separate.copy(device, 0, BYTES - 8, host, 16, FS_DEVICE) < 0, "a copy beyond the memory is refused");
	emu_separate.count(device, &counts);
	is_int(counts.copied_bytes[FS_DEVICE], BYTES, "bytes copied to the device");
	is_int(counts.copied_bytes[FS_HOST], BYTES, "bytes copied to the host");
	emu_separate.close(device);
	free(host);
}

static void even_parts(void)
{
	struct emu_config config = config_of(-1);
	struct fs_launch ten = {.name = "who", .body = who_body, .first = 0, .last = 10};
	void *device = NULL;
	struct fs_reason why;
	const ulong *out;

	if (!is_int(emu_separate.open(NULL, &config, &device, &why), 0, "open"))
		diag("%s", why.what);
	emu_separate.launch(device, 0, NULL, &ten);
	emu_separate.wait(device, 0);
	out = emu_separate.out(device);
	is_int(out[0], 1, "the first worker begins at 0");
	is_int(out[3], 1, "and has 4 of 10");
	is_int(out[4], 5, "the second begins at 4");
	is_int(out[6], 5, "and has 3");
	is_int(out[9], 8, "the third has the last 3");
	emu_separate.close(device);
}

static void coherent_memory(void)
{
	struct emu_config config = config_of(numa_node_of_cpu(0));
	void *device = NULL;
	struct emu_counts counts = {0};
	struct fs_reason why;
	size_t pages = BYTES / fs_page_bytes(), on_device = 0, nowhere = 0;
	uint8_t *side = malloc(pages);
	struct fs_memory memory = {.bytes = BYTES};

	if (!is_int(emu_coherent.open(NULL, &config, &device, &why), 0, "open"))
		diag("%s", why.what);
	is_int(emu_coherent.alloc(device, BYTES, FS_DEVICE, &memory), 0, "alloc");
	is_int(emu_coherent.residence(device, &memory, 0, BYTES, side), 0, "ask for untouched pages");
	for (size_t i = 0; i < pages; i++)
		nowhere += side[i] == FS_SIDES;
	is_int(nowhere, pages, "they are nowhere");
	memset(memory.cpu, 1, BYTES);
	is_int(emu_coherent.residence(device, &memory, 0, BYTES, side), 0, "ask for touched pages");
	for (size_t i = 0; i < pages; i++)
		on_device += side[i] == FS_DEVICE;
	is_int(on_device, pages, "they are on the requested node");
	is_int(emu_coherent.launch(device, 0, &memory, &launch), 0, "launch");
	is_int(emu_coherent.wait(device, 0), 0, "wait");
	is_int(*(ulong *)memory.cpu, 3 * 0x0101010101010101ul, "the workers share the address");
	is_int(emu_coherent.migrate(device, &memory, 0, BYTES, FS_DEVICE), 0, "migrate");
	emu_coherent.count(device, &counts);
	is_int(counts.placed_pages[FS_DEVICE], pages, "every page has a status");
	is_int(counts.not_placed_pages, 0, "none was left behind");
	emu_coherent.free(device, &memory);
	is_int(emu_coherent.alloc(device, BYTES, FS_DEVICE, &memory), 0, "alloc again");
	emu_coherent.migrate(device, &memory, 0, BYTES, FS_DEVICE);
	emu_coherent.count(device, &counts);
	is_int(counts.not_placed_pages, pages, "pages that are not there are not called moved");
	emu_coherent.free(device, &memory);
	emu_coherent.close(device);
	free(side);
}

/* What an old kernel does not have, a newer one has; what a new one does not have, the architecture lacks. */
static void no_minor_faults(void)
{
	struct fs_reason why;

	is_int(uffd_no_minor(&why, "5.10.0-32-amd64"), -ENOSYS, "an old kernel has no minor faults");
	is_str(why.remedy, "Linux >= 5.14", "a newer one has");
	uffd_no_minor(&why, "5.14.0-427.el9.ppc64le");
	ok(strstr(why.what, "on this architecture") != NULL && strstr(why.remedy, ">= 5.14") == NULL, "a new one without: %s", why.what);
	uffd_no_minor(&why, "6.12.0");
	ok(strstr(why.remedy, "x86-64, arm64") != NULL, "with where there are some: %s", why.remedy);
}

int main(void)
{
	no_minor_faults();
	separate_memory();
	even_parts();
	if (numa_available() < 0)
		skip("no NUMA system calls on this kernel", 1);
	else
		coherent_memory();
	done_testing();
	return exit_status();
}

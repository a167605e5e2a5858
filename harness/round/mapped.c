/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mapped.c - the page size that memory is mapped with, and the evidence that it is that of the cell's parameter `page`. The kernel does not follow
 * MADV_HUGEPAGE if huge pages are disabled or memory is fragmented: only the page tables tell.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/machine/pages.h"
#include "harness/plan/params.h"
#include "harness/round/job.h"

/* The counts of one mapping in /proc/PID/smaps. */
static void add_line(const char *line, struct fs_mapped *mapped)
{
	uint64_t kib;

	if (sscanf(line, "Rss: %" SCNu64 " kB", &kib) == 1)
		mapped->bytes += kib << 10;
	else if (sscanf(line, "AnonHugePages: %" SCNu64 " kB", &kib) == 1 || sscanf(line, "ShmemPmdMapped: %" SCNu64 " kB", &kib) == 1)
		mapped->huge_bytes += kib << 10;
}

/* Whether a line begins a mapping, with its address in small hexadecimal digits; the names of its counts begin with a capital. */
static bool is_head(const char *line)
{
	return (line[0] >= '0' && line[0] <= '9') || (line[0] >= 'a' && line[0] <= 'f');
}

int fs_mapped_add(int pid, const void *address, size_t bytes, struct fs_mapped *mapped)
{
	uintptr_t first = (uintptr_t)address, last = first + bytes, from, to;
	char path[48], *line = NULL;
	size_t room = 0;
	bool in_range = false, is_behind = false;
	FILE *smaps;

	snprintf(path, sizeof(path), "/proc/%d/smaps", pid != 0 ? pid : (int)getpid());
	smaps = fopen(path, "re");
	if (smaps == NULL)
		return -errno;
	/* Mappings come in the order of addresses, and to count the pages of one is work for the kernel: those behind the range are not asked for. */
	while (!is_behind && getline(&line, &room, smaps) > 0) {
		if (is_head(line) && sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &from, &to) == 2) {
			in_range = from < last && to > first;
			is_behind = from >= last;
		} else if (in_range) {
			add_line(line, mapped);
		}
	}
	free(line);
	fclose(smaps);
	return 0;
}

/* Every mapped page has the requested size. */
static void expect_pages(struct fs_job *job, const char *what, const struct fs_mapped *mapped, bool huge)
{
	fs_expect(job, what, (double)mapped->huge_bytes, FS_EQ, huge ? (double)mapped->bytes : 0);
}

static int host_mapped(const struct fs_buffer *buf, struct fs_mapped *mapped)
{
	int err = fs_mapped_add(0, buf->cpu, buf->bytes, mapped);

	if (err == 0 && buf->staging != NULL)
		err = fs_mapped_add(0, buf->staging, buf->bytes, mapped);
	return err;
}

/* The node that memory of this process is on; -1 if it is not there yet, or of another process. */
static int node_of(void *address)
{
	int node = -1;

	return pages_nodes(address, 1, NULL, &node) == 0 && node >= 0 ? node : -1;
}

/*
 * Whether this process gets a huge page of that node (-1: of its own) now: free memory may be too little for one, or too fragmented. One byte is
 * touched: to fill a huge page that is not there with base pages could take more than the node has.
 */
static bool huge_page_is_free(int node)
{
	size_t huge = fs_huge_bytes();
	struct fs_mapped mapped = {0};
	void *address = pages_map(huge, huge, node);
	bool is_free = address != NULL && pages_populate(address, 1, fs_page_bytes()) == 0 && fs_mapped_add(0, address, huge, &mapped) == 0 &&
		       mapped.huge_bytes == huge;

	pages_unmap(address, huge, huge);
	return is_free;
}

/* Whether all memory has huge pages, or its node has none. */
static bool is_excused(const struct fs_mapped *mapped, void *address)
{
	return mapped->huge_bytes >= mapped->bytes || !huge_page_is_free(node_of(address));
}

/* Where the kernel has no huge page for this process on that node, either, none is missing by a fault of the round. */
static int skip_scarce(struct fs_job *job, const struct fs_buffer *buf, const struct fs_mapped *host, const struct fs_mapped *there)
{
	uint64_t bytes = host->bytes + there->bytes, huge_bytes = host->huge_bytes + there->huge_bytes;
	char size[BYTES_TEXT];

	if (huge_bytes >= bytes || !is_excused(host, buf->cpu) || !is_excused(there, buf->memory.device))
		return 0;
	bytes_format(fs_huge_bytes(), size);
	return fs_skip(job, "page=base, or free memory in one piece: as root, echo 1 >/proc/sys/vm/compact_memory",
		"the kernel finds no free page of %s: %.0f %% of the memory is in such pages", size, 100.0 * (double)huge_bytes / (double)bytes);
}

int job_expect_pages(struct fs_job *job, struct fs_buffer *buf)
{
	const struct fs_device *device = job->cell->device;
	const struct fs_arg *page = args_get(&job->cell->args, "page");
	struct fs_mapped host = {0}, there = {0};
	bool huge;
	int err;

	if (page == NULL || buf->cpu == NULL || job->share->verdict != VERDICT_OK)
		return 0;
	huge = page->whole > fs_page_bytes();
	err = host_mapped(buf, &host);
	if (err == 0 && device->mapped != NULL)
		err = device->mapped(job->device, &buf->memory, &there);
	/* Without smaps, base pages are assumed, and huge pages cannot be proven. */
	if (err < 0)
		return !huge ? 0
			     : fs_skip(job, "page=base, or a kernel with CONFIG_PROC_PAGE_MONITOR",
				       "the kernel does not tell which pages are huge: smaps: %s", strerror(-err));
	err = huge ? skip_scarce(job, buf, &host, &there) : 0;
	if (err < 0)
		return err;
	expect_pages(job, "host_huge_bytes", &host, huge);
	if (device->mapped != NULL)
		expect_pages(job, "device_huge_bytes", &there, huge);
	return 0;
}

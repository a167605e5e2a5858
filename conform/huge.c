/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * huge.c - transparent huge pages of which all or a part goes to the device, and that are made again.
 */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/conform.h"

#define KEY   1
#define OTHER 2

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

static size_t huge_pages(const struct conform *c)
{
	return fs_huge_bytes() / c->page_bytes;
}

/* One huge page, from page *first on; a skip if the kernel makes none. */
static int open_huge(struct fs_job *job, struct conform *c, size_t *first)
{
	struct fs_mapped seen = {0};
	int err = conform_open_huge(job, c, first);

	if (err < 0)
		return err;
	err = conform_map(c, *first, huge_pages(c), PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
	if (err == 0)
		madvise(conform_at(c, *first), fs_huge_bytes(), MADV_HUGEPAGE);
	if (err == 0)
		conform_fill(c, *first, huge_pages(c), KEY);
	if (err == 0)
		err = fs_mapped_add(0, conform_at(c, *first), fs_huge_bytes(), &seen);
	if (err == 0 && seen.huge_bytes < fs_huge_bytes())
		err = fs_skip(job, "as root: echo madvise >/sys/kernel/mm/transparent_hugepage/enabled", "the kernel makes no huge page");
	return err < 0 ? conform_close(c, err) : 0;
}

static int all_of_it(struct fs_job *job)
{
	struct conform c;
	size_t first, n;
	int err = open_huge(job, &c, &first);

	if (err < 0)
		return err;
	n = huge_pages(&c);
	err = conform_move(&c, first, n, FS_DEVICE);
	if (err == 0)
		err = conform_expect(&c, first, n, FS_DEVICE, n, "base pages on the device");
	if (err == 0)
		err = conform_device_compare(&c, first, n, KEY);
	if (err == 0)
		err = conform_device_fill(&c, first, n, OTHER);
	return conform_close(&c, err == 0 ? conform_compare(&c, first, n, OTHER) : err);
}

/* A quarter of it goes, which splits it where memory is mirrored. Between nodes the kernel moves a huge page as a whole. */
static int split(struct conform *c, size_t first, size_t n)
{
	int err = conform_move(c, first + n / 4, n / 4, FS_DEVICE);

	if (err == 0)
		err = conform_expect(c, first + n / 4, n / 4, FS_DEVICE, n / 4, "base pages of the part on the device");
	if (err == 0 && (fs_offers(c->job) & FS_FAULTS) != 0)
		err = conform_expect(c, first + n / 2, n / 2, FS_HOST, n / 2, "base pages behind it on the host");
	if (err == 0)
		err = conform_device_fill(c, first + n / 4, n / 4, OTHER);
	return err;
}

static int compare_parts(struct conform *c, size_t first, size_t n)
{
	int err = conform_compare(c, first, n / 4, KEY);

	if (err == 0)
		err = conform_compare(c, first + n / 4, n / 4, OTHER);
	return err == 0 ? conform_compare(c, first + n / 2, n / 2, KEY) : err;
}

static int part_of_it(struct fs_job *job)
{
	struct conform c;
	size_t first;
	int err = open_huge(job, &c, &first);

	if (err < 0)
		return err;
	err = split(&c, first, huge_pages(&c));
	return conform_close(&c, err == 0 ? compare_parts(&c, first, huge_pages(&c)) : err);
}

/* A request for a huge page while a part is on the device may be refused, and must lose nothing; once all is back it may be granted. */
static int made_again(struct fs_job *job)
{
	struct conform c;
	size_t first, n;
	int err = open_huge(job, &c, &first);

	if (err < 0)
		return err;
	n = huge_pages(&c);
	/* It is granted of a page that is huge already, where the kernel has it. */
	if (madvise(conform_at(&c, first), fs_huge_bytes(), MADV_COLLAPSE) != 0)
		return conform_close(&c, fs_skip(job, "Linux 6.1 or newer", "no MADV_COLLAPSE: %s", strerror(errno)));
	err = split(&c, first, n);
	if (err == 0)
		madvise(conform_at(&c, first), fs_huge_bytes(), MADV_COLLAPSE);
	if (err == 0)
		err = compare_parts(&c, first, n);
	if (err == 0)
		madvise(conform_at(&c, first), fs_huge_bytes(), MADV_COLLAPSE);
	if (err == 0)
		err = conform_settle(&c);
	if (err == 0)
		err = conform_device_compare(&c, first + n / 4, n / 4, OTHER);
	return conform_close(&c, err == 0 ? compare_parts(&c, first, n) : err);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_huge_bytes,       \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_huge[] = {
	CASE("huge_whole", "a huge page goes to the device",
		"All of a transparent huge page goes to the device on request, and its contents come back.", all_of_it),
	CASE("huge_split", "a part of a huge page goes to the device",
		"If a part of a transparent huge page goes to the device, the rest of a mirrored one stays, and all of it keeps its contents.",
		part_of_it),
	CASE("huge_collapse", "a huge page is made of pages that were on the device",
		"MADV_COLLAPSE of a range of which a part is on the device, and again when it is back, loses no contents.", made_again),
	{0},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * two.c - two devices work on one range: what one of them wrote the other reads, and no page is on both.
 */
#include "config.h"

#include <stdlib.h>

#include "conform/conform.h"

#define KEY_CPU	   1
#define KEY_FIRST  2
#define KEY_SECOND 3

/* The range as the second device has it. */
static struct conform other_view(const struct conform *c, struct fs_job *second)
{
	struct conform view = *c;

	view.job = second;
	return view;
}

/* The first fills, the second compares and fills, and so on; the CPU last. What moves does so by the devices' accesses. */
static int take_turns(struct conform *first, struct conform *second)
{
	int err;

	conform_fill(first, 0, first->pages, KEY_CPU);
	err = conform_device_compare(first, 0, first->pages, KEY_CPU);
	if (err == 0)
		err = conform_device_fill(first, 0, first->pages, KEY_FIRST);
	if (err == 0)
		err = conform_device_compare(second, 0, first->pages, KEY_FIRST);
	if (err == 0)
		err = conform_device_fill(second, 0, first->pages, KEY_SECOND);
	if (err == 0)
		err = conform_device_compare(first, 0, first->pages, KEY_SECOND);
	return err == 0 ? conform_compare(first, 0, first->pages, KEY_SECOND) : err;
}

/* Pages that either device says are its own, and those that both say. */
static int owners(struct conform *first, struct conform *second, size_t *both)
{
	uint8_t *sides = calloc(2, first->pages);
	size_t bytes = first->pages * first->page_bytes;
	int err;

	if (sides == NULL)
		return fs_error_memory(first->job);
	*both = 0;
	err = fs_residence(first->job, &first->buf, 0, bytes, sides);
	if (err == 0)
		err = fs_residence(second->job, &second->buf, 0, bytes, sides + first->pages);
	for (size_t i = 0; i < first->pages && err == 0; i++)
		*both += sides[i] == FS_DEVICE && sides[first->pages + i] == FS_DEVICE;
	free(sides);
	return err;
}

/* All pages are on the first; half of them is asked to go to the second, which may refuse them: then they stay. */
static int ask_for_half(struct conform *first, struct conform *second)
{
	size_t half = first->pages / 2, both = 0;
	int err;

	conform_fill(first, 0, first->pages, KEY_CPU);
	err = conform_move(first, 0, first->pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(first, 0, first->pages, FS_DEVICE, first->pages, "pages on the first device");
	if (err == 0)
		err = conform_move(second, 0, half, FS_DEVICE);
	if (err == 0)
		err = owners(first, second, &both);
	if (err == 0)
		fs_expect(first->job, "pages on both devices", (double)both, FS_EQ, 0);
	if (err == 0)
		err = conform_expect(first, half, first->pages - half, FS_DEVICE, first->pages - half, "pages beside them on the first device");
	if (err == 0)
		err = conform_device_compare(second, 0, first->pages, KEY_CPU);
	if (err == 0)
		err = conform_device_compare(first, 0, first->pages, KEY_CPU);
	return err == 0 ? conform_compare(first, 0, first->pages, KEY_CPU) : err;
}

static int with_two(struct fs_job *job, int (*work)(struct conform *first, struct conform *second))
{
	struct conform first, view;
	struct fs_job *second;
	int err = conform_open_ordinary(job, &first);

	if (err < 0)
		return err;
	err = fs_second_join(job, &first.buf, &second);
	if (err < 0)
		return conform_close(&first, err);
	view = other_view(&first, second);
	err = work(&first, &view);
	fs_second_close(second);
	return conform_close(&first, err);
}

static int turns(struct fs_job *job)
{
	return with_two(job, take_turns);
}

static int asked(struct fs_job *job)
{
	return with_two(job, ask_for_half);
}

#define CASE(case_name, text, promised, what)                                                                                                        \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE, .bytes = conform_bytes,            \
		.run = what,                                                                                                                         \
	}

const struct fs_bench conform_two[] = {
	CASE("two_devices", "two devices write one range in turns", "What one device wrote is what another one reads, and the CPU after both.",
		turns),
	CASE("two_devices_move", "pages on a device are asked to move to another one",
		"Pages that are on one device and are asked to move to another are on one of them, with their contents, and those beside them stay.",
		asked),
	{0},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * data.c - data survive migration: both ways, by faults and on request, of a part of a range.
 */
#include "config.h"

#include "conform/conform.h"

#define KEY_CPU	   1
#define KEY_DEVICE 2

/* The CPU fills, the device compares and fills, the CPU compares: what moves does so by faults. */
static int there_and_back(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY_CPU);
	err = conform_device_compare(c, 0, c->pages, KEY_CPU);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device after its work");
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, KEY_DEVICE);
	if (err == 0)
		err = conform_compare(c, 0, c->pages, KEY_DEVICE);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_HOST, c->pages, "pages on the host after the CPU's work");
	return err;
}

static int faults(struct fs_job *job)
{
	struct conform c;
	int err = conform_open(job, &c);

	return err < 0 ? err : conform_close(&c, there_and_back(&c));
}

/* Before each look, contents are changed where they are, so that no stale copy passes. */
static int move_and_look(struct conform *c)
{
	int err;

	conform_fill(c, 0, c->pages, KEY_CPU);
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_DEVICE, c->pages, "pages on the device after the move");
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, KEY_CPU);
	if (err == 0)
		err = conform_device_fill(c, 0, c->pages, KEY_DEVICE);
	if (err == 0)
		err = conform_move(c, 0, c->pages, FS_HOST);
	if (err == 0)
		err = conform_expect(c, 0, c->pages, FS_HOST, c->pages, "pages on the host after the move");
	return err == 0 ? conform_compare(c, 0, c->pages, KEY_DEVICE) : err;
}

static int moves(struct fs_job *job)
{
	struct conform c;
	int err = conform_open(job, &c);

	return err < 0 ? err : conform_close(&c, move_and_look(&c));
}

/* The middle half goes; what is before and behind it stays and keeps its contents. */
static int move_middle(struct conform *c)
{
	size_t quarter = c->pages / 4;
	int err;

	conform_fill(c, 0, c->pages, KEY_CPU);
	err = conform_move(c, quarter, 2 * quarter, FS_DEVICE);
	if (err == 0)
		err = conform_expect(c, quarter, 2 * quarter, FS_DEVICE, 2 * quarter, "pages of the part on the device");
	if (err == 0)
		err = conform_expect(c, 0, quarter, FS_HOST, quarter, "pages before it on the host");
	if (err == 0)
		err = conform_expect(c, 3 * quarter, quarter, FS_HOST, quarter, "pages behind it on the host");
	if (err == 0)
		err = conform_device_compare(c, quarter, 2 * quarter, KEY_CPU);
	if (err == 0)
		err = conform_device_fill(c, quarter, 2 * quarter, KEY_DEVICE);
	if (err == 0)
		err = conform_compare(c, 0, quarter, KEY_CPU);
	if (err == 0)
		err = conform_compare(c, quarter, 2 * quarter, KEY_DEVICE);
	return err == 0 ? conform_compare(c, 3 * quarter, quarter, KEY_CPU) : err;
}

static int part(struct fs_job *job)
{
	struct conform c;
	int err = conform_open(job, &c);

	return err < 0 ? err : conform_close(&c, move_middle(&c));
}

const struct fs_bench conform_data[] = {
	{
		.name = FS_CASE "data_by_faults",
		.summary = "data survive migration by faults, both ways",
		.promise = "What one side wrote is what the other reads, and a page that the other side touches moves there.",
		.needs = FS_FAULTS | FS_RESIDENCE,
		.bytes = conform_bytes,
		.run = faults,
	},
	{
		.name = FS_CASE "data_by_request",
		.summary = "data survive migration on request, both ways",
		.promise = "A range that is moved on request is where it was asked to be, with its contents.",
		.needs = FS_MOVE | FS_RESIDENCE,
		.bytes = conform_bytes,
		.run = moves,
	},
	{
		.name = FS_CASE "data_of_a_part",
		.summary = "a part of a range moves, the rest stays",
		.promise = "If a part of a range is moved, the pages beside it stay where they are, and all keep their contents.",
		.needs = FS_MOVE | FS_RESIDENCE,
		.bytes = conform_bytes,
		.run = part,
	},
	{0},
};

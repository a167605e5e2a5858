/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ksm.c - pages of equal contents that the kernel has made one (KSM): what one side writes then must reach one page alone.
 *
 * KSM is stopped before the pages move. While it scans, a merged page that goes to device-private memory leaves entries of migration behind that
 * nobody removes: Linux 6.12.117 ends with "kernel BUG at include/linux/swapops.h:505!" in migration_entry_wait_on_locked(). A case that brings the
 * kernel down would end all others.
 */
#include "config.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "conform/conform.h"
#include "conform/control.h"

#define KSM   "/sys/kernel/mm/ksm/"
#define KEY   1
#define SCANS 20 /* of all memory; a page whose contents stay is merged at the third at the latest */

/* Those of this process that KSM has merged; the one that stays counts, too. -1: this kernel does not say. */
static long long merged_pages(void)
{
	return control_number("/proc/self/ksm_merging_pages");
}

static int start_scanning(struct conform *c, struct control_setting settings[3])
{
	static const char *const files[] = {KSM "pages_to_scan", KSM "sleep_millisecs", KSM "run"}, *const values[] = {"10000", "0", "1"};
	int err = control_need_guest(c->job, "would merge pages");

	for (unsigned i = 0; i < FS_ARRAY_SIZE(files) && err == 0; i++)
		err = control_set(c->job, &settings[i], files[i], values[i], "KSM");
	if (err == 0 && merged_pages() < 0)
		err = fs_skip(c->job, "Linux 6.1 or newer", "this kernel does not say which pages it has merged");
	return err;
}

/* Waits for scans, however long they take. Then all pages of the range are one; or it is a skip: to merge is no promise. */
static int wait_until_merged(struct conform *c)
{
	long long until = control_number(KSM "full_scans") + SCANS;

	while (merged_pages() < (long long)c->pages && control_number(KSM "full_scans") < until)
		sched_yield();
	if (merged_pages() >= (long long)c->pages)
		return 0;
	return fs_skip(
		c->job, "a machine with more memory that is free", "KSM merged %lld of %zu equal pages in %d scans", merged_pages(), c->pages, SCANS);
}

/* All of them hold zeros; the first is written by either side, the others must not change. */
static int write_one(struct conform *c)
{
	int err = control_write(KSM "run", "0");

	if (err < 0)
		return fs_error(c->job, err, KSM "run cannot be written: %s", strerror(-err));
	err = conform_move(c, 0, c->pages, FS_DEVICE);
	if (err == 0)
		err = conform_device_compare(c, 0, c->pages, CONFORM_ZEROS);
	if (err == 0)
		err = conform_device_fill(c, 0, 1, KEY);
	if (err == 0)
		err = conform_compare(c, 1, c->pages - 1, CONFORM_ZEROS);
	if (err == 0)
		err = conform_compare(c, 0, 1, KEY);
	conform_fill(c, 1, 1, KEY);
	if (err == 0)
		err = conform_device_compare(c, 2, c->pages - 2, CONFORM_ZEROS);
	return err == 0 ? conform_device_compare(c, 0, 2, KEY) : err;
}

static int merged(struct fs_job *job)
{
	struct control_setting settings[3] = {{0}};
	struct conform c;
	int err = conform_need_robust(job);

	if (err == 0)
		err = conform_open_ordinary(job, &c);
	if (err < 0)
		return err;
	err = start_scanning(&c, settings);
	conform_fill(&c, 0, c.pages, CONFORM_ZEROS);
	if (err == 0 && madvise(c.buf.cpu, c.buf.bytes, MADV_MERGEABLE) != 0)
		err = fs_skip(job, "a setup whose memory is private to the process: fivestep list setups", "pages of this buffer cannot be merged");
	if (err == 0)
		err = wait_until_merged(&c);
	if (err == 0)
		err = write_one(&c);
	for (unsigned i = 0; i < FS_ARRAY_SIZE(settings); i++)
		control_reset(&settings[i]);
	return conform_close(&c, err);
}

const struct fs_bench conform_ksm[] = {
	{
		.name = FS_CASE "ksm",
		.summary = "pages that the kernel has merged (KSM) go to the device",
		.promise = "Pages of equal contents that KSM has merged are told apart again when either side writes to one of them.",
		.needs = FS_MOVE | FS_RESIDENCE,
		.bytes = conform_bytes,
		.run = merged,
	},
	{0},
};

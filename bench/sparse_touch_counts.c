/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sparse_touch_counts.c - what is counted while sparse_touch touches: evidence that what moved fits what was touched, and what the cost model is
 * told.
 */
#include "config.h"

#include "bench/sparse_touch.h"

/* Pages that went to the device so far, by faults, on request or by placement; false where no such thing is counted. */
static bool went_to_device(struct fs_job *job, uint64_t *pages)
{
	uint64_t placed;
	bool counted = fs_device_count(job, "pages_to_device", pages);

	if (!fs_device_count(job, "placed_on_device_pages", &placed))
		return counted;
	*pages = counted ? *pages + placed : placed;
	return true;
}

void sparse_count_begin(struct sparse *t)
{
	t->before.faults = count_now(t->job, "faults_to_device");
	if (!went_to_device(t->job, &t->before.pages))
		t->before.pages = 0;
	t->before.copied = count_now(t->job, "copied_to_device_bytes");
	t->before.transferred = t->buf.transferred[FS_DEVICE];
}

int sparse_count_end(struct sparse *t)
{
	uint64_t pages, faults, total = 1ul << t->bits;
	bool faulting = fs_offers(t->job) & FS_FAULTS;
	bool holds = true;
	int err = 0;

	fs_sample(t->job, "touches", (double)t->touches);
	if (fs_offers(t->job) & FS_TRANSFER) {
		uint64_t copied;

		/* What the device says that it copied, where it counts; else what it was asked to. */
		if (!count_grew(t->job, "copied_to_device_bytes", t->before.copied, &copied))
			copied = t->buf.transferred[FS_DEVICE] - t->before.transferred;
		fs_sample(t->job, "pages_moved", (double)copied / (double)page_bytes());
		return fs_expect(t->job, "pages_moved", (double)copied / (double)page_bytes(), FS_EQ, (double)total);
	}
	if (fs_offers(t->job) & FS_RESIDENCE) {
		err = pages_on_side(t->job, &t->buf, FS_DEVICE, &pages);
		holds = err < 0 || expect_no_conflicts(t->job);
	}
	/* Where the kernel moves pages by itself they are not counted: absent, not zero. */
	if ((fs_offers(t->job) & (FS_FAULTS | FS_MOVE)) && went_to_device(t->job, &pages)) {
		pages -= t->before.pages;
		fs_sample(t->job, "pages_moved", (double)pages);
		if (faulting)
			holds = fs_expect(t->job, "pages_to_device", (double)pages, FS_GE, (double)t->touches) && holds;
	}
	if (faulting && count_grew(t->job, "faults_to_device", t->before.faults, &faults)) {
		holds = fs_expect(t->job, "faults_to_device", (double)faults, FS_GE, 1) && holds;
		holds = fs_expect(t->job, "faults_to_device", (double)faults, FS_LE, (double)t->touches) && holds;
	}
	return err < 0 ? err : holds;
}

/* Pages that are allocated: on the device by its touches, or when they move there; on the host when they are copied back. */
static int declare_new(struct sparse *t, enum fs_side side)
{
	double pages = (double)(1ul << t->bits);
	uint64_t on_device = 0, moved = 0;
	int err = 0;

	/* Nothing that does not exist moves. */
	for (int to = 0; to < FS_SIDES && (fs_offers(t->job) & FS_REMOTE) != 0; to++) {
		fs_contains(t->job, side == FS_HOST ? "cpu_first" : "device_first", FS_COST_PAGE + to, 0);
		fs_contains(t->job, side == FS_HOST ? "cpu_first" : "device_first", FS_COST_FIRST_WAY + to, 0);
	}
	if ((fs_offers(t->job) & FS_TRANSFER) && side == FS_HOST)
		fs_contains(t->job, "cpu_first", FS_COST_FIRST_TOUCH + FS_HOST, pages);
	if (side == FS_HOST && (fs_offers(t->job) & (FS_TRANSFER | FS_REMOTE)) == 0 && fs_device_count(t->job, "pages_to_host", &moved))
		fs_contains(t->job, "cpu_first", FS_COST_ARRIVAL, (double)moved);
	if (side == FS_HOST || (fs_offers(t->job) & FS_TRANSFER))
		return 0;
	if (fs_offers(t->job) & FS_RESIDENCE)
		err = pages_on_side(t->job, &t->buf, FS_DEVICE, &on_device);
	if ((fs_offers(t->job) & FS_REMOTE) == 0 && fs_device_count(t->job, "pages_to_device", &moved))
		fs_contains(t->job, "device_first", FS_COST_FIRST_TOUCH + FS_DEVICE, (double)moved);
	else
		fs_contains(t->job, "device_first", FS_COST_FIRST_TOUCH + (on_device != 0 ? FS_DEVICE : FS_HOST), (double)t->touches);
	return err;
}

int sparse_declare(struct sparse *t, enum fs_side side, bool is_first)
{
	static const char *const metric[FS_SIDES][2] = {{"cpu", "cpu_first"}, {"device", "device_first"}};

	/* Later passes over memory that was not filled move what a first touch left, which not every setup counts. */
	if (!t->is_filled && !is_first)
		return 0;
	fs_contains_end(t->job, metric[side][is_first], 1, is_first);
	fs_contains(t->job, metric[side][is_first], FS_COST_TOUCH + side, (double)t->touches);
	return is_first && !t->is_filled ? declare_new(t, side) : 0;
}

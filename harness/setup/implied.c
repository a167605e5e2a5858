/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * implied.c - what the policies of all families imply: see fs_implied.
 */
#include "config.h"

#include "harness/setup/common.h"

/* A bit of `been`, beside the bits of the sides that a page has moved to. */
#define BORN_ON(side) (uint8_t)(1u << (FS_SIDES + (side)))

enum fs_side implied_side(const struct fs_implied *implied)
{
	return implied->step == FS_DEVICE_COMPUTE ? FS_DEVICE : FS_HOST;
}

void imply_exists(struct fs_implied *implied, size_t page)
{
	if (implied->exists[page])
		return;
	implied->n[FS_COST_FIRST_TOUCH + implied->where[page]]++;
	implied->exists[page] = 1;
	implied->been[page] |= BORN_ON(implied->where[page]);
}

void imply_moves(struct fs_implied *implied, size_t page, enum fs_side to)
{
	uint8_t bit = (uint8_t)(1u << to);
	bool is_first = (implied->been[page] & bit) == 0;

	if (implied->where[page] == to)
		return;
	implied->where[page] = (uint8_t)to;
	implied->n[FS_COST_PAGE + to]++;
	implied->n[FS_COST_FIRST_WAY + to] += is_first;
	implied->n[FS_COST_ARRIVAL] += is_first && to == FS_HOST && (implied->been[page] & BORN_ON(FS_DEVICE)) != 0;
	implied->been[page] |= bit;
}

void common_imply(struct fs_implied *implied)
{
	if (implied->step == FS_ALLOC) {
		implied->n[FS_COST_ALLOC]++;
		implied->n[FS_COST_ALLOC_PAGE] += implied->pages->n;
	}
	implied->n[FS_COST_RELEASE] += implied->step == FS_RELEASE;
	for (size_t i = 0; i < implied->pages->n && implied->step == FS_RELEASE; i++) {
		implied->n[FS_COST_RELEASE_PAGE] += implied->exists[i];
		implied->n[FS_COST_RELEASE_VISITOR] += implied->exists[i] && (implied->been[i] & (1u << FS_DEVICE)) != 0;
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touch_pages.h - a device body touches one word of each page: its launch, for benchmarks that differ in what they do around it.
 */
#ifndef FIVESTEP_BENCH_TOUCH_PAGES_H
#define FIVESTEP_BENCH_TOUCH_PAGES_H

#include "bench/order.h"

FS_BODY_DECLARE(touch_pages);

/* Touches the first `pages` pages, FS_OUT_WORDS at most, in ascending order; result i is the word that was read of page i. */
static inline struct fs_launch touch_pages_launch(size_t pages, bool writes)
{
	return (struct fs_launch){.name = "touch_pages", .body = touch_pages_body, .args = {.u = {page_bytes(), writes}}, .last = pages};
}

#endif

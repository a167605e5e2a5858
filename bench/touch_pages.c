/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * touch_pages.c - the device body that several benchmarks launch: see touch_pages.h.
 */
#include "config.h"

#include "bench/touch_pages.h"

#include "bench/touch_pages.body.h"

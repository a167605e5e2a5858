/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_check.h - whether what was unpacked from a digest that somebody else may have written could have been read from a run.
 */
#ifndef FIVESTEP_DIGEST_CHECK_H
#define FIVESTEP_DIGEST_CHECK_H

#include "analysis/summary/summary.h"

/* No text is missing where every run has one, or has what a terminal obeys; every value is a number. */
bool digest_is_sound(const struct runfile *run, const struct summary *summary);

#endif

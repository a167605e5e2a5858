/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * isolated.h - asks something of a vendor's library in a process of its own: such libraries start threads, keep memory and devices, print,
 * hang and crash, and nothing of that shall happen to who only wants to know what is there.
 */
#ifndef FIVESTEP_ISOLATED_H
#define FIVESTEP_ISOLATED_H

#include <stddef.h>

#include "base/reason.h"

/*
 * Calls ask there, which fills the answer (bytes, zeroed before) or the reason; returns what it returned. -ENODEV with a reason
 * where the process died or did not answer in time.
 */
int isolated_ask(int (*ask)(void *answer, struct fs_reason *why), void *answer, size_t bytes, unsigned timeout_s, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * isolated.h - probes a vendor's library in a child process: such libraries start threads, keep memory and devices, print, hang and crash, which must
 * not affect the program that only wants to know what exists.
 */
#ifndef FIVESTEP_ISOLATED_H
#define FIVESTEP_ISOLATED_H

#include <stddef.h>

#include "base/reason.h"

/*
 * Calls ask() in the child, which fills the answer (bytes, zeroed before) or the reason; returns what ask() returned. -ENODEV with a reason
 * if the child died or did not answer in time.
 */
int isolated_ask(int (*ask)(void *answer, struct fs_reason *why), void *answer, size_t bytes, unsigned timeout_s, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_body.h - a run and its summary as words of 8 bytes, and back.
 *
 * In the order and the byte order of the program that packed them, which is the only one that unpacks them. Texts and arrays are used where
 * they lie.
 */
#ifndef FIVESTEP_DIGEST_BODY_H
#define FIVESTEP_DIGEST_BODY_H

#include "analysis/summary/summary.h"

/* The words, n of them, for the caller to free; NULL without memory. */
uint64_t *digest_pack(const struct runfile *run, const struct summary *summary, size_t *n);

/*
 * Takes the words over, which then belong to the run. 0; -EBADMSG where they are no run, or -ENOMEM: then the words are freed, too.
 * path is what the run's file is called now.
 */
int digest_unpack(uint64_t *words, size_t n, const char *path, struct runfile *run, struct summary *summary);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_body.h - packs a run and its summary into words of 8 bytes, and unpacks them.
 *
 * Layout and byte order are those of the program that packed them, which is the only one that unpacks them. Texts and arrays are used
 * in place.
 */
#ifndef FIVESTEP_DIGEST_BODY_H
#define FIVESTEP_DIGEST_BODY_H

#include "analysis/summary/summary.h"

/* hash of what came before, DIGEST_HASH_BEGIN at first, and of these words. It tells contents apart, and protects against no intention. */
#define DIGEST_HASH_BEGIN 0xcbf29ce484222325u
uint64_t digest_hash(uint64_t hash, const uint64_t *words, size_t n);

/* The n words; the caller frees them. NULL if out of memory. */
uint64_t *digest_pack(const struct runfile *run, const struct summary *summary, size_t *n);

/*
 * Takes ownership of the words: they belong to the run afterwards. Returns 0; -EBADMSG if they are not a valid run, or -ENOMEM; the words are
 * then freed. path is the current name of the run's file.
 */
int digest_unpack(uint64_t *words, size_t n, const char *path, struct runfile *run, struct summary *summary);

#endif

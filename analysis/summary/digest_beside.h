/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest_beside.h - the digest of a run in a file beside it, so that a fleet's ten thousand runs are parsed where they were measured, once each.
 *
 * RUN.jsonl.digest has what digest.h keeps in the cache: the summary and the run record, but for its list of cells. It is a copy that may be
 * deleted at any time, never a source. It is used only if the run's present content is what it was made from (size and hash; on storage that many
 * machines share, inodes and times tell nothing), if the code that made it is that of this build (a checksum of the sources that take part), and if
 * it is whole and sound. The hash tells contents apart and is no defence: whoever may write the digest may write the run. That is why the digest
 * must belong to the run's owner, and be writable by nobody who may not write the run.
 */
#ifndef FIVESTEP_DIGEST_BESIDE_H
#define FIVESTEP_DIGEST_BESIDE_H

#include "analysis/summary/summary.h"

#define DIGEST_BESIDE_BYTES (256ul << 20) /* a larger one is not read */

/* Reads the run and writes its digest, completely or not at all. 0 or -errno with the reason; -EAGAIN if the run changed meanwhile. */
int digest_beside_save(const char *path, struct fs_reason *why);

/*
 * On 0, *run and *summary are as after runfile_load() and summary_make(), except that the run's cells have no rounds and its record no list of cells.
 * Otherwise both are untouched: -ENOENT if there is none, without a reason; or another -errno with the reason why it is not used.
 */
int digest_beside_load(const char *path, struct runfile *run, struct summary *summary, struct fs_reason *why);

/* The same for the digest as bytes, of a run of that size and hash. */
struct digest_content {
	uint64_t bytes, hash;
};
int digest_beside_read(
	const char *path, FILE *file, const struct digest_content *content, struct runfile *run, struct summary *summary, struct fs_reason *why);

#endif

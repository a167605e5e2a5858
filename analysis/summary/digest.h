/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.h - what a comparison needs of a large run, kept so that its file is read once: the summary and the run record.
 *
 * A run of 10,000 cells with 100 rounds each is some gigabytes of JSON, and 20 MB of values. The digest is a copy in the user's cache, made
 * by whoever has read the whole file. It is taken only if file and program are the very ones of then (device, inode, size, times), and it is
 * whole; otherwise the run file is read again. Nothing is lost where it cannot be written.
 */
#ifndef FIVESTEP_DIGEST_H
#define FIVESTEP_DIGEST_H

#include "analysis/summary/summary.h"

#define DIGEST_WORTHWHILE_BYTES (4u << 20) /* of a run file: a smaller one is read as fast */
#define DIGEST_KEPT		64	   /* in the folder; the oldest go */

/* Which file, in which state, read by which program. */
struct digest_key {
	uint64_t device, inode, bytes;
	uint64_t modified_s, modified_ns, changed_s, changed_ns;
	uint64_t program_bytes, program_modified_s, program_modified_ns;
};

/*
 * To be taken before the file is read, as it may grow meanwhile. 0; -EAGAIN where the file changed so shortly ago that its times could not tell
 * another change; -ERANGE for a file that is not worth it; or another negative errno.
 */
int digest_key_of(const char *path, struct digest_key *key);

/*
 * Reads the digest of a run file from the folder. 0: *run and *summary are as runfile_load() and summary_make() had left them, but the run's
 * cells have no rounds. Negative errno, and both untouched, where there is none that fits, or it is not whole.
 */
int digest_load(const char *folder, const struct digest_key *key, const char *path, struct runfile *run, struct summary *summary);

/* Writes it, whole or not at all; makes the folder. 0 or negative errno. */
int digest_save(const char *folder, const struct digest_key *key, const struct runfile *run, const struct summary *summary);

#endif

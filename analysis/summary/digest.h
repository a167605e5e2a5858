/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * digest.h - caches what a comparison needs of a large run, the summary and the run record, so that its file is parsed once.
 *
 * A run of 10,000 cells with 100 rounds each is some gigabytes of JSON, and 20 MB of values. The digest is a copy in the user's cache, written
 * after the whole file has been parsed. It is used only if file and program are unchanged (device, inode, size, times) and it is
 * complete; otherwise the run file is parsed again. Nothing is lost if it cannot be written.
 */
#ifndef FIVESTEP_DIGEST_H
#define FIVESTEP_DIGEST_H

#include "analysis/summary/summary.h"

#define DIGEST_WORTHWHILE_BYTES (4u << 20) /* of a run file: a smaller one is parsed as fast */
#define DIGEST_KEPT		64	   /* in the folder; the oldest are deleted */

/* The file, its state, and the program that read it. */
struct digest_key {
	uint64_t device, inode, bytes;
	uint64_t modified_s, modified_ns, changed_s, changed_ns;
	uint64_t program_bytes, program_modified_s, program_modified_ns;
};

/*
 * Must be called before the file is read, as it may grow meanwhile. Returns 0; -EAGAIN if the file changed so recently that its times could not
 * reveal another change; -ERANGE for a file that is too small; or another negative errno.
 */
int digest_key_of(const char *path, struct digest_key *key);

/*
 * Reads the digest of a run file from the folder. On 0, *run and *summary are as after runfile_load() and summary_make(), except that the run's
 * cells have no rounds. Returns negative errno, and leaves both untouched, if there is no matching digest or it is incomplete.
 */
int digest_load(const char *folder, const struct digest_key *key, const char *path, struct runfile *run, struct summary *summary);

/* Writes it, completely or not at all; creates the folder. Returns 0 or negative errno. */
int digest_save(const char *folder, const struct digest_key *key, const struct runfile *run, const struct summary *summary);

#endif

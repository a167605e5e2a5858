/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * datafile.h - finds a file that fivestep reads at run time (plot scripts, plans), installed or in the source tree.
 */
#ifndef FIVESTEP_DATAFILE_H
#define FIVESTEP_DATAFILE_H

#include <stddef.h>

struct fs_reason;

/*
 * Looks in $FIVESTEP_DATADIR/INSTALLED_DIR and $FIVESTEP_DATADIR/TREE_DIR when that variable is set (to an
 * installed data folder, or to the source tree), else beside the program, where it was built in the source tree and is not
 * installed, else in the folder given at configure. Example:
 * datafile_path("analysis/plot", "plot", "style.gp", path, sizeof(path)). name may be "" for the folder itself.
 * 0; -ENOENT with path set to the last place that was tried; -ENAMETOOLONG.
 */
int datafile_path(const char *tree_dir, const char *installed_dir, const char *name, char *path, size_t bytes);
/*
 * 0 where the folder can be read. Otherwise -ENXIO, not -ENOENT: the program was moved away from its data, and no name that the user gave is
 * at fault. what: "plans", "plot scripts".
 */
int datafile_check(const char *tree_dir, const char *installed_dir, const char *what, struct fs_reason *why);

/*
 * A file that people write, as one text in new memory: of DATAFILE_BYTES at most, UTF-8, without zero bytes. -EINVAL with file, line and byte, or
 * -errno. A path that names a device or pipe is read as far as that.
 */
#define DATAFILE_BYTES (1u << 20)
int datafile_text(const char *path, char **text, struct fs_reason *why);

#endif

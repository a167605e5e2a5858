/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * collect.h - copies the complete runs of a fleet to a folder, each under the name of its node.
 */
#ifndef FIVESTEP_FLEET_COLLECT_H
#define FIVESTEP_FLEET_COLLECT_H

#include "fleet/states.h"

/*
 * Writes FOLDER/NODE.jsonl for each complete node, and the digest beside its run if there is one; a file that is there already stays as it is. A copy
 * gets its name when it is complete. copied and kept: how many were written, and were there. 0 or -errno with the reason.
 */
int collect_runs(const struct states *states, const char *folder, size_t *copied, size_t *kept, struct fs_reason *why);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * input.h - real inputs: matrices and graphs of files in the Matrix Market format. Included by fivestep.h.
 *
 * A parameter of type FS_PARAM_INPUT has a choice as its value, or the name of an input: NAME.mtx in the folder of $FIVESTEP_INPUTS, or among those
 * that are shipped. A name has no slash and no dot, so that a run file that names one opens nothing else. The run record has a digest of the
 * content, not the path.
 */
#ifndef FIVESTEP_CONTRACT_INPUT_H
#define FIVESTEP_CONTRACT_INPUT_H

#include "harness/fivestep/common.h"

/* By rows, the columns of each in ascending order, from 0; of a symmetric matrix both halves. */
struct fs_input {
	uint64_t rows, columns, entries;
	const uint64_t *first;	/* rows + 1: where each row begins */
	const uint32_t *column; /* of each entry */
	const double *value;	/* of each entry; NULL: a pattern */
	const char *path;	/* for messages: of the file that it was read from */
};

/* The input that a parameter of type INPUT names; NULL where its value is one of its choices. It is in memory before the first step. */
const struct fs_input *fs_input(const struct fs_args *args, const char *param);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * inputs.h - real inputs by name: looked up, read once in a process and kept, checked against the cells that name them.
 */
#ifndef FIVESTEP_INPUTS_H
#define FIVESTEP_INPUTS_H

#include "harness/plan/cell.h"

/* The folder of the inputs, as installed and in the tree. */
#define INPUTS_TREE	 "kernels/inputs"
#define INPUTS_INSTALLED "inputs"
/* The folder of the user's own inputs, or NULL. It is searched first. */
const char *inputs_folder(void);

/* Letters, digits, '-' and '_', starting with a letter or digit: such a name cannot lead to another folder. */
bool input_is_name(const char *text);

/*
 * Reads the inputs that the cell names, and asks the kernel whether the cell's values are compatible. 0, or -errno with the reason: a usage error.
 */
int inputs_admit(const struct cell *cell, struct fs_reason *why);

/* The digest of the input that an argument names, and its length: "0123456789abcdef-2480". False: it names none. */
#define INPUT_DIGEST 40
bool input_digest(const struct fs_arg *arg, char text[INPUT_DIGEST]);
/* The digest of all inputs that the cell names; 0: none. */
uint64_t inputs_digest(const struct cell *cell);

#endif

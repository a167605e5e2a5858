/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bodies.h - the source of the device bodies, embedded in the program: for devices that compile them at run time, so that a single file is all that a
 * machine needs. Bodies of out-of-tree programs are not included.
 */
#ifndef FIVESTEP_BODIES_H
#define FIVESTEP_BODIES_H

#include <stdbool.h>

/* Whether there is source of the body of that name. */
bool bodies_have(const char *name);
/* The body's file with everything it includes, each once, and a #line at the start of each file; free() it. NULL: no such body, or no memory. */
char *bodies_source(const char *name);
/* The i-th body's name, NULL after the last. */
const char *bodies_name(unsigned i);

#endif

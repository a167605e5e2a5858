/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bodies.h - the device bodies as source, in the program itself: for devices that compile them at run time, and so that one
 * file is all that has to be carried to a machine. What is not in this build (a body of a program of one's own) is not here.
 */
#ifndef FIVESTEP_BODIES_H
#define FIVESTEP_BODIES_H

#include <stdbool.h>

/* Whether there is source of the body of that name. */
bool bodies_have(const char *name);
/* The body's file with all that it includes, each once, and #line where a file begins; free() it. NULL: no such body, or no memory. */
char *bodies_source(const char *name);
/* The i-th body's name, NULL after the last. */
const char *bodies_name(unsigned i);

#endif

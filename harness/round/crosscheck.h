/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crosscheck.h - counters held against each other: what two sources keep of one thing must agree. Where they do not, the record says
 * so and `show` and `report` show it; it is no verdict, since either may be the wrong one.
 */
#ifndef FIVESTEP_CROSSCHECK_H
#define FIVESTEP_CROSSCHECK_H

#include "harness/round/share.h"

/* Fills share->check from its events: of each step that was done, or of the whole round where none was. */
void crosscheck(struct share *share);

#endif

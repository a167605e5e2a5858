/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * crosscheck.h - counters compared with each other: two sources that count the same thing must agree. If they do not, the record says so, and
 * `show` and `report` show it. It does not change the verdict, since either source may be the wrong one.
 */
#ifndef FIVESTEP_CROSSCHECK_H
#define FIVESTEP_CROSSCHECK_H

#include "harness/round/share.h"

/* Fills share->check from its events: for each step that was executed, or for the whole round if none was. */
void crosscheck(struct share *share);

#endif

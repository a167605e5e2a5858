/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pager.h - long output on a terminal goes through a pager.
 */
#ifndef FIVESTEP_PAGER_H
#define FIVESTEP_PAGER_H

/*
 * From now on standard output goes to a pager, which is waited for at exit: to $PAGER, else to less, which ends at once if all fits the screen, and
 * shows wide lines one row each, to be scrolled sideways. Nothing happens where standard output is no terminal, or a dumb one, where $PAGER is empty
 * or "cat", where less is not there, or where a pager cannot be started: the output then goes where it would have gone. COLUMNS says from then on how
 * wide the terminal is.
 */
void pager_start(void);

#endif

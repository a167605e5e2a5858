/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * script.h - the script of the report's page. Without it everything is there; with it tables are sorted and filtered, rounds are shown where the
 * pointer is, and a run's ratios stand beside another's.
 */
#ifndef FIVESTEP_PAGE_SCRIPT_H
#define FIVESTEP_PAGE_SCRIPT_H

extern const char page_script[];

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stamp.h - the time of day as text: in records in UTC, in names of files as the user's clock shows it.
 */
#ifndef FIVESTEP_STAMP_H
#define FIVESTEP_STAMP_H

#define STAMP_UTC  "%Y-%m-%dT%H:%M:%SZ" /* of strftime() and strptime() */
#define STAMP_TEXT 32
#define STAMP_DAY  10 /* the length of the day, with which a stamp in UTC begins */

void stamp_utc(char text[STAMP_TEXT]);	/* 2026-01-31T23:59:59Z */
void stamp_name(char text[STAMP_TEXT]); /* 20260131-235959, local time */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fake_machine.h - machines that nobody here owns, for tests: tests/machines/NAME.files, unpacked to a temporary folder that
 * FIVESTEP_ROOT then names, and NAME.xml, a topology of hwloc's.
 *
 * In a .files file each file of the machine is a line "== /its/path" and then its text; lines before the first begin with #. Files of one
 * text are one entry where their paths differ in a number alone: "== /sys/devices/system/cpu/cpu{0-7,16}/online". build-aux/gather.sh writes such
 * files.
 */
#ifndef FIVESTEP_FAKE_MACHINE_H
#define FIVESTEP_FAKE_MACHINE_H

#include "harness/machine/topology.h"

/* From here on the machine is that one: of files, of xml, or of both; NULL for neither. leave removes what enter made. */
void fake_machine_enter(const char *files, const char *xml);
void fake_machine_leave(void);

/* The machine NAME.files into a folder that there is. */
void fake_machine_unpack(const char *name, const char *folder);

/* Changes a file of the machine that was entered; text NULL removes it. */
void fake_machine_write(const char *path, const char *text);

/* enter, machine_probe and leave; what machine_probe gives, and its reason where why is not NULL. */
int fake_machine_probe(const char *files, const char *xml, struct fs_machine *machine, struct fs_reason *why);

#endif

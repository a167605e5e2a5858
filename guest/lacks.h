/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lacks.h - which options a kernel lacks, seen from inside the guest.
 */
#ifndef FIVESTEP_GUEST_LACKS_H
#define FIVESTEP_GUEST_LACKS_H

#include <stddef.h>

/* Names each missing option with its missing file: "CONFIG_PSI (no /proc/pressure), ..."; "" if nothing is missing. */
void guest_lacks(char *text, size_t bytes);

#endif

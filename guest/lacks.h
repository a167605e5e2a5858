/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * lacks.h - what a kernel lacks, seen from inside the guest.
 */
#ifndef FIVESTEP_GUEST_LACKS_H
#define FIVESTEP_GUEST_LACKS_H

#include <stddef.h>

/* Names each option whose sign has not appeared, with the sign: "CONFIG_PSI (no /proc/pressure), ..."; "" where all have. */
void guest_lacks(char *text, size_t bytes);

#endif

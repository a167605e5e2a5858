/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reference_guest.h - how the kernel of the reference guest is told its first process (guest/), and how a program in it knows where it is
 * (harness/machine/).
 */
#ifndef FIVESTEP_REFERENCE_GUEST_H
#define FIVESTEP_REFERENCE_GUEST_H

#define REFERENCE_GUEST_INIT "rdinit=/bin/fivestep"

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qemu.h - the guest's machine as QEMU's command line.
 */
#ifndef FIVESTEP_GUEST_QEMU_H
#define FIVESTEP_GUEST_QEMU_H

#include "guest/launch.h"

#define QEMU_PROGRAM "qemu-system-x86_64"
#define QEMU_WORDS   96

struct qemu_command {
	char *words[QEMU_WORDS + 1];
	unsigned n;
	bool failed; /* out of memory, or too many words */
};

/* Serial lines are the ends of socket pairs, by descriptor. initrd: a path. */
void qemu_build(
	struct qemu_command *command, const struct guest_options *options, bool kvm, const char *initrd, int console, int records, int output);
void qemu_free(struct qemu_command *command);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qemu.h - the guest's machine as QEMU's command line.
 */
#ifndef FIVESTEP_GUEST_QEMU_H
#define FIVESTEP_GUEST_QEMU_H

#include "guest/launch.h"

#define QEMU_WORDS 256

struct qemu_command {
	char *words[QEMU_WORDS + 1];
	unsigned n;
	bool failed; /* out of memory, or too many arguments */
};

/* The guest's ends of its ports: pipes; in an interactive session output is a socket. */
struct qemu_lines {
	int console, records, output, errors;
};

/* initrd is a path. */
void qemu_build(struct qemu_command *command, const struct guest_options *options, bool kvm, const char *initrd, const struct qemu_lines *lines);
void qemu_free(struct qemu_command *command);

/* Digest of QEMU's command line without kernel, initramfs and boot parameters, which are recorded separately. */
uint64_t qemu_digest(const struct guest_options *options, bool kvm);

/* "7.2.22 (Debian 1:7.2+dfsg-7)": version of that emulator as it prints it, up to bytes - 1 characters; "" if unknown. */
void qemu_version(const char *program, char *text, size_t bytes);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pack.h - what the guest boots from: this very program, its data, the command and what it must know of the machine that it is in.
 *
 * What the guest measures under the clock of instructions depends on where its kernel puts things, and that on the length of what it is given.
 * So the guest gets the same files in the same order with the same lengths, whatever they are called here, and only those that the command needs;
 * what can still differ has a digest in the run record.
 */
#ifndef FIVESTEP_GUEST_PACK_H
#define FIVESTEP_GUEST_PACK_H

#include "guest/launch.h"

/* Into an open file, from its beginning. kvm, accelerator: as in the run record. 0 or -errno with the reason. */
int pack_initramfs(const struct guest_options *options, bool kvm, const char *accelerator, int fd, struct fs_reason *why);

#endif

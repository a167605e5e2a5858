/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pack.h - the guest's initramfs: this program, its data, the command, and what it must know about the host.
 *
 * Under the instruction clock, results depend on the addresses in the guest's kernel, and these on the length of its inputs. So the guest gets the
 * same files in the same order with the same lengths, whatever their names on the host, and only those that the command needs. What can still
 * differ has a digest in the run record.
 */
#ifndef FIVESTEP_GUEST_PACK_H
#define FIVESTEP_GUEST_PACK_H

#include "guest/launch.h"

/* Writes it into an open file, from its start. kvm, accelerator: as in the run record. 0 or -errno with the reason. */
int pack_initramfs(const struct guest_options *options, bool kvm, const char *accelerator, int fd, struct fs_reason *why);

#endif

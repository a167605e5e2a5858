/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dmirror_uapi.h - the interface of the kernel's own HMM test device (lib/test_hmm.c, CONFIG_TEST_HMM), repeated
 * here because the kernel does not install its header. As of Linux 5.19 to 6.12.
 */
#ifndef FIVESTEP_DMIRROR_UAPI_H
#define FIVESTEP_DMIRROR_UAPI_H

#include <linux/types.h>
#include <sys/ioctl.h>

struct dmirror_cmd {
	__u64 addr;   /* in: page-aligned address of the process that opened the device */
	__u64 ptr;    /* in: address of the data; for SNAPSHOT one byte per page */
	__u64 npages; /* in */
	__u64 cpages; /* out: pages copied, migrated or queried */
	__u64 faults; /* out: faults of the device's page table, each for all missing pages */
};

#define DMIRROR_READ	       _IOWR('H', 0x00, struct dmirror_cmd)
#define DMIRROR_WRITE	       _IOWR('H', 0x01, struct dmirror_cmd)
#define DMIRROR_MIGRATE_TO_DEV _IOWR('H', 0x02, struct dmirror_cmd)
#define DMIRROR_MIGRATE_TO_SYS _IOWR('H', 0x03, struct dmirror_cmd)
#define DMIRROR_SNAPSHOT       _IOWR('H', 0x04, struct dmirror_cmd)
/* EXCLUSIVE, like READ, ends with a copy of the range. CHECK_EXCLUSIVE fails with EPERM while a page of the range is the device's alone. */
#define DMIRROR_EXCLUSIVE	_IOWR('H', 0x05, struct dmirror_cmd)
#define DMIRROR_CHECK_EXCLUSIVE _IOWR('H', 0x06, struct dmirror_cmd)

/* SNAPSHOT's answer for a page: permissions in the low bits, residence in these. */
#define DMIRROR_PLACE_MASK     0xf0
#define DMIRROR_PRIVATE_LOCAL  0x20
#define DMIRROR_COHERENT_LOCAL 0x40
#define DMIRROR_ERROR	       0xff

#endif

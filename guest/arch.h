/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * arch.h - the architectures that the guest can have: one line each in arch.c, and one in guest/build.sh, which builds their kernels.
 */
#ifndef FIVESTEP_GUEST_ARCH_H
#define FIVESTEP_GUEST_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/reason.h"

struct guest_arch {
	const char *name;		   /* as uname -m prints it */
	uint16_t elf;			   /* of its programs: e_machine */
	const char *image;		   /* what a kernel of it is called; its name in the cache */
	const char *qemu;		   /* the emulator */
	const char *package;		   /* what to do where that is missing */
	const char *machine, *machine_kvm; /* -machine */
	const char *cpu, *counted_cpu;	   /* -cpu where it is emulated, and under the instruction clock */
	bool has_hmat;			   /* its kernel is told what nodes are capable of */
	const char *console;		   /* the kernel's name of the serial line */
	const char *console_option;	   /* of the kernel */
	const char *parameters;		   /* for the kernel */
	const char *counted_parameters;	   /* under the instruction clock */
	uint64_t memory_start;		   /* memory begins here, */
	uint64_t hole_start, hole_end;	   /* and goes on behind the hole; equal: there is none */
	bool has_memmap;		   /* the kernel can be told of memory to leave alone; else it is told where its memory ends */
};

/* As uname -m prints it; NULL if there is none. */
const struct guest_arch *arch_named(const char *name);
/* That of this machine. NULL with the reason if the guest does not have it. */
const struct guest_arch *arch_here(struct fs_reason *why);

/*
 * That of a kernel image, by its header, and the size of its base pages in bytes. Where the header says nothing it is this machine's. NULL with the
 * reason where that is none of the guest's, or where the file cannot be read.
 */
const struct guest_arch *arch_of_kernel(const char *path, size_t *page_bytes, struct fs_reason *why);

#endif

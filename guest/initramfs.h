/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * initramfs.h - writes the guest's first file system: a cpio archive (newc), uncompressed.
 */
#ifndef FIVESTEP_GUEST_INITRAMFS_H
#define FIVESTEP_GUEST_INITRAMFS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct initramfs {
	FILE *file;
	unsigned inode;
	uint64_t digest;    /* FNV-1a of everything written so far */
	size_t page_bytes;  /* base pages of the guest */
	size_t rounds_to;   /* of initramfs_fill() */
	size_t pages;	    /* pages that the files take when unpacked */
	char dirs[64][128]; /* created so far */
	unsigned ndirs;
};

/* All return 0 or -errno; the first error also stays in the stream and close returns it. */
int initramfs_open(struct initramfs *fs, const char *path, size_t page_bytes);
/* Adds a regular file at an absolute path, with the bytes of source; folders are created. mode: permissions. */
int initramfs_add_file(struct initramfs *fs, const char *path, const char *source, unsigned mode);
int initramfs_add_bytes(struct initramfs *fs, const char *path, const void *bytes, size_t len, unsigned mode);
int initramfs_add_dir(struct initramfs *fs, const char *path);
/*
 * Pads the archive to a multiple of bytes, both packed and unpacked, so that the addresses of the kernel's later allocations do not depend on file
 * sizes. Call it last.
 */
int initramfs_fill(struct initramfs *fs, const char *path, size_t bytes);
int initramfs_close(struct initramfs *fs);

/* Adds this program, its shared objects and the loader. */
int initramfs_add_program(struct initramfs *fs, const char *path);

#endif

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
	uint64_t digest;    /* FNV-1a of all that was written so far */
	size_t rounds_to;   /* of initramfs_fill() */
	size_t pages;	    /* that the files take once they are unpacked */
	char dirs[64][128]; /* made so far */
	unsigned ndirs;
};

/* All return 0 or -errno; the first error also stays in the stream and close returns it. */
int initramfs_open(struct initramfs *fs, const char *path);
/* A regular file at path (absolute; its folders are made), with the bytes of source. mode: permissions. */
int initramfs_add_file(struct initramfs *fs, const char *path, const char *source, unsigned mode);
int initramfs_add_bytes(struct initramfs *fs, const char *path, const void *bytes, size_t len, unsigned mode);
int initramfs_add_dir(struct initramfs *fs, const char *path);
/*
 * Rounds up what the archive takes, packed and unpacked, to a multiple of bytes: where the kernel puts what comes later then does not depend
 * on how large the files are. To be called last.
 */
int initramfs_fill(struct initramfs *fs, const char *path, size_t bytes);
int initramfs_close(struct initramfs *fs);

/* This program, the shared objects it was loaded with, and the loader: what it takes to run it elsewhere. */
int initramfs_add_program(struct initramfs *fs, const char *path);

#endif

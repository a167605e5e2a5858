/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * page_size.c - the sizes of this machine's pages, queried once; all other code takes them from here.
 */
#include "config.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/fivestep.h"

size_t fs_page_bytes(void)
{
	static _Atomic size_t known; /* several threads may race to determine it, and get the same value */
	size_t bytes = atomic_load_explicit(&known, memory_order_relaxed);

	if (bytes == 0) {
		bytes = (size_t)sysconf(_SC_PAGESIZE);
		atomic_store_explicit(&known, bytes, memory_order_relaxed);
	}
	return bytes;
}

/* 0 if the kernel has no transparent huge pages. */
static size_t read_huge_bytes(void)
{
	const char *root = getenv("FIVESTEP_ROOT");
	size_t bytes = 0;
	char path[2 * PATH_MAX];
	FILE *file;

	snprintf(path, sizeof(path), "%s/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", root != NULL ? root : "");
	file = fopen(path, "re");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%zu", &bytes) != 1)
		bytes = 0;
	fclose(file);
	return bytes;
}

size_t fs_huge_bytes(void)
{
	static _Atomic size_t known;
	size_t bytes = atomic_load_explicit(&known, memory_order_relaxed);

	if (bytes == 0) {
		bytes = read_huge_bytes();
		/* A page table is one page full of 8-byte entries on most architectures. */
		if (bytes <= fs_page_bytes() || (bytes & (bytes - 1)) != 0)
			bytes = fs_page_bytes() * (fs_page_bytes() / sizeof(uint64_t));
		atomic_store_explicit(&known, bytes, memory_order_relaxed);
	}
	return bytes;
}

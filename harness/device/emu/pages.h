/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages.h - anonymous memory of one page size, on a node if one is given.
 */
#ifndef FIVESTEP_EMU_PAGES_H
#define FIVESTEP_EMU_PAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Untouched, aligned to 2 MiB; node -1: no policy. NULL without address space. */
void *pages_map(size_t bytes, bool huge, int node);
/* Allocates it now. 0 or -errno */
int pages_populate(void *address, size_t bytes);
void pages_unmap(void *address, size_t bytes); /* NULL is fine */
/* Where pages go at their first touch from now on; -1: where they are touched. 0 or -errno */
int pages_bind(void *address, size_t bytes, int node);

#endif

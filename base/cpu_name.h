/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cpu_name.h - what to call a processor. On arm64 the kernel writes numbers only, and on some other architectures no model either.
 */
#ifndef FIVESTEP_CPU_NAME_H
#define FIVESTEP_CPU_NAME_H

#include <stddef.h>

/*
 * model: as the kernel has it; NULL or empty if it has none. kind: a text of `cpu_kinds` (results/SCHEMA.md), from which the name is taken then; NULL
 * or empty if there is none. Of numbers that are not known here the name is the kind itself; without a model and a kind it is empty. Cut to bytes.
 */
void cpu_name(char *name, size_t bytes, const char *model, const char *kind);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cpu_name.c - what to call a processor: names for the numbers of arm64's MIDR, of machines that have memory worth sharing.
 */
#include "config.h"

#include "base/array.h"
#include "base/cpu_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	unsigned implementer, part;
	const char *name;
} parts[] = {
	{0x41, 0xd03, "Cortex-A53"},
	{0x41, 0xd05, "Cortex-A55"},
	{0x41, 0xd07, "Cortex-A57"},
	{0x41, 0xd08, "Cortex-A72"},
	{0x41, 0xd0b, "Cortex-A76"},
	{0x41, 0xd0c, "Neoverse N1"},
	{0x41, 0xd40, "Neoverse V1"},
	{0x41, 0xd41, "Cortex-A78"},
	{0x41, 0xd42, "Cortex-A78AE"},
	{0x41, 0xd49, "Neoverse N2"},
	{0x41, 0xd4f, "Neoverse V2"},
	{0x41, 0xd84, "Neoverse V3"},
	{0x41, 0xd8e, "Neoverse N3"},
	{0x42, 0x516, "ThunderX2"},
	{0x43, 0x0af, "ThunderX2"},
	{0x46, 0x001, "A64FX"},
	{0x48, 0xd01, "Kunpeng 920"},
	{0x4e, 0x004, "NVIDIA Carmel"},
	{0xc0, 0xac3, "Ampere-1"},
	{0xc0, 0xac4, "Ampere-1a"},
};

/* The number after a key of the kind; 0 if it has none. */
static unsigned number_of(const char *kind, const char *key)
{
	const char *at = strstr(kind, key);

	return at != NULL ? (unsigned)strtoul(at + strlen(key), NULL, 0) : 0;
}

static const char *part_name(const char *kind)
{
	unsigned implementer = number_of(kind, "CPU implementer "), part = number_of(kind, "CPU part ");

	for (size_t i = 0; i < FS_ARRAY_SIZE(parts); i++) {
		if (parts[i].implementer == implementer && parts[i].part == part)
			return parts[i].name;
	}
	return kind;
}

void cpu_name(char *name, size_t bytes, const char *model, const char *kind)
{
	if (model == NULL || *model == '\0')
		model = kind != NULL ? part_name(kind) : "";
	snprintf(name, bytes, "%s", model);
}

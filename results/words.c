/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.c - the words of a run file; see words.h.
 */
#include "config.h"

#include "results/words.h"

#include <string.h>

const char *const verdict_names[VERDICTS] = {"ok", "skip", "invalid", "timeout", "crash", "fail"};
const char *const better_names[FS_BETTERS] = {"lower", "higher", "exact"};
const char *const relation_signs[FS_RELATIONS] = {"==", ">=", "<="};
const char *const fs_side_names[FS_SIDES] = {"host", "device"};
const char *const clock_names[CLOCKS] = {"monotonic", "instructions"};
const char *const fs_step_names[FS_STEPS] = {"alloc", "cpu_before", "device", "cpu_after", "release"};
const char *const fs_cap_names[FS_CAPS] = {"COPY", "MIRROR", "MIGRATE", "COHERENT", "RESIDENCE", "PREFETCH", "ATOMIC", "CAPACITY", "MAPPED_BUFFER",
	"EXCLUSIVE", "SVM_FINE", "SVM_SYSTEM", "PIN", "MANAGED", "NODE"};
const char *const fs_offer_names[FS_OFFERS] = {"SAME_ADDRESS", "TRANSFER", "FAULTS", "MOVE", "REMOTE", "RESIDENCE", "SHARED", "BALANCED"};
const char *const fs_cost_names[FS_COSTS] = {"alloc", "alloc_page", "release", "release_page", "release_visitor", "first_touch_on_host",
	"first_touch_on_device", "fault_to_host", "fault_to_device", "page_to_host", "page_to_device", "first_way_to_host", "first_way_to_device",
	"arrival_on_host", "migrate_to_host", "migrate_to_device", "copy_to_host", "copy_to_device", "copy_byte_to_host", "copy_byte_to_device",
	"launch", "touch_by_host", "touch_by_device", "fill_byte", "body_byte", "after_byte", "marshal_byte"};
const char *const fs_draw_names[FS_DRAWS] = {"", "bars", "stack", "distribution", "lines", "crossing", "heat", "against", "multiples"};

bool clock_counts_instructions(const char *name)
{
	return strcmp(name, clock_names[CLOCK_INSTRUCTIONS]) == 0;
}

const char *clock_unit(const char *name)
{
	return clock_counts_instructions(name) ? "insn" : "ns";
}

unsigned words_find(const char *const *table, unsigned n, const char *name)
{
	unsigned i = 0;

	while (i < n && strcmp(table[i], name) != 0)
		i++;
	return i;
}

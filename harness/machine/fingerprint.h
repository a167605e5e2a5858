/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fingerprint.h - which machine a run belongs to, in three parts (docs/design.md, records): identity is
 * hashed and must match for a comparison, factors are what users compare, state is what causes warnings.
 */
#ifndef FIVESTEP_FINGERPRINT_H
#define FIVESTEP_FINGERPRINT_H

#include <jansson.h>

#include "harness/machine/topology.h"

/* The version of the set of identity fields and their meaning: results/SCHEMA.md. Records without a version have version 1. */
#define FINGERPRINT_VERSION 2

#define FINGERPRINT_HEX 17 /* 16 digits and the end */

/* New references to JSON objects; NULL if out of memory. */
json_t *fingerprint_identity(const struct fs_machine *machine);
json_t *fingerprint_factors(const struct fs_machine *machine);
json_t *fingerprint_state(const struct fs_machine *machine);
/* FNV-1a of the identity's canonical text (sorted keys, compact): the same machine gives the same digits. */
void fingerprint_hash(const json_t *identity, char hex[FINGERPRINT_HEX]);
/* The fingerprint of the same machine by version 1, so that its earlier runs are recognized. */
void fingerprint_hash_1(const json_t *identity, char hex[FINGERPRINT_HEX]);
/* {"fingerprint", "identity", "factors", "state", "identity_version"}, and "unread" if part of the identity could not be read: the machine
 * member of a run record. */
json_t *fingerprint_machine(const struct fs_machine *machine);

/* Noise of one round: begin reads, end returns {"involuntary_switches", "steal_ms", "psi_cpu_us", "psi_memory_us", "load1"}. The first is of the
 * child processes that ended in between and were waited for; load1 is the current value; the others are differences of the whole
 * machine. What the machine does not provide is absent. */
struct fs_noise {
	long involuntary_switches;
	unsigned long long steal_ticks;
	bool has_steal;
	unsigned long long psi_cpu_us, psi_memory_us;
	bool has_psi;
};
void noise_begin(const struct fs_machine *machine, struct fs_noise *noise);
json_t *noise_end(const struct fs_machine *machine, const struct fs_noise *noise);

#endif

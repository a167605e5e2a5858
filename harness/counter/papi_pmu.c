/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * papi_pmu.c - a substitute for processors that PAPI does not know. On virtual machines and new models PAPI fails only because of the model number,
 * although kernel and hardware count the same events as on the predecessors.
 */
#include "config.h"

#include "harness/counter/papi_pmu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *vendor;
	int family, model_from; /* the last line that is not above the processor's model applies */
	const char *pmu;
} known[] = {
	{"AuthenticAMD", 0x17, 0x00, "amd64_fam17h_zen1"},
	{"AuthenticAMD", 0x17, 0x30, "amd64_fam17h_zen2"},
	{"AuthenticAMD", 0x19, 0x00, "amd64_fam19h_zen3"},
	{"AuthenticAMD", 0x1a, 0x00, "amd64_fam19h_zen3"},
	{"HygonGenuine", 0x18, 0x00, "amd64_fam17h_zen1"},
	{"GenuineIntel", 0x06, 0x4e, "skl"},
	{"GenuineIntel", 0x06, 0x55, "skx"},
	{"GenuineIntel", 0x06, 0x5e, "skl"},
	{"GenuineIntel", 0x06, 0x6a, "icx"},
	{"GenuineIntel", 0x06, 0x7d, "icl"},
	{"GenuineIntel", 0x06, 0x8f, "spr"},
	{"GenuineIntel", 0x06, 0x97, "icl"},
	{"GenuineIntel", 0x06, 0xad, "spr"},
};

/* The value of the first line "NAME : VALUE". */
static const char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *colon = line + strcspn(line, ":\n");

		if (strncmp(line, name, len) == 0 && line[len + strspn(line + len, " \t")] == ':')
			return colon + 1 + strspn(colon + 1, " \t");
	}
	return "";
}

void papi_pmu_for(const char *cpuinfo, char *pmu, size_t bytes)
{
	const char *vendor = value_of(cpuinfo, "vendor_id");
	int family = atoi(value_of(cpuinfo, "cpu family")), model = atoi(value_of(cpuinfo, "model"));

	pmu[0] = '\0';
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncmp(vendor, known[i].vendor, strlen(known[i].vendor)) == 0 && family == known[i].family && model >= known[i].model_from)
			snprintf(pmu, bytes, "%s", known[i].pmu);
	}
}

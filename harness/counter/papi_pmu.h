/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * papi_pmu.h - the known processor whose events PAPI's library can be told to use for this one.
 */
#ifndef FIVESTEP_PAPI_PMU_H
#define FIVESTEP_PAPI_PMU_H

#include <stddef.h>

/*
 * From the text of /proc/cpuinfo: the value of LIBPFM_FORCE_PMU that makes a library older than the processor use the events of its nearest
 * predecessor ("amd64_fam19h_zen3"); an empty text if none is known.
 */
void papi_pmu_for(const char *cpuinfo, char *pmu, size_t bytes);

#endif

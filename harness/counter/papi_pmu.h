/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * papi_pmu.h - which processor PAPI's library for hardware events can be told to take this one for.
 */
#ifndef FIVESTEP_PAPI_PMU_H
#define FIVESTEP_PAPI_PMU_H

#include <stddef.h>

/*
 * From the text of /proc/cpuinfo: the value of LIBPFM_FORCE_PMU that makes a library older than the processor use the events of its nearest
 * elder ("amd64_fam19h_zen3"); an empty text where none is known.
 */
void papi_pmu_for(const char *cpuinfo, char *pmu, size_t bytes);

#endif

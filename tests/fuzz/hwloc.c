/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * hwloc.c - a topology in hwloc's XML, as HWLOC_XMLFILE names it.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/machine/topology.h"
#include "tests/fuzz/targets.h"

void fuzz_hwloc(const uint8_t *data, size_t bytes)
{
	static struct fs_machine machine;
	struct fs_reason why = {0};

	setenv("HWLOC_XMLFILE", fuzz_file(data, bytes), 1);
	fuzz_refused(machine_probe(&machine, &why), &why);
	unsetenv("HWLOC_XMLFILE");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unpack NAME FOLDER - for tests in shell: tests/machines/NAME.files into a folder that there is, which FIVESTEP_ROOT can then name.
 */
#include "config.h"

#include <stdio.h>

#include "tests/fake/machine.h"

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: unpack NAME FOLDER\n");
		return 64;
	}
	fake_machine_unpack(argv[1], argv[2]);
	return 0;
}

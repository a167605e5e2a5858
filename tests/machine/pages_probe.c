/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * pages_probe NODE - for pages.sh: whether this process may place memory on that node; the reason and the remedy if not. Status 0 or 1.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness/fivestep.h"
#include "harness/machine/pages.h"

int main(int argc, char **argv)
{
	struct fs_reason why = {0};
	int err = pages_probe(argc > 1 ? atoi(argv[1]) : 0, &why);

	if (err < 0)
		printf("%s -> %s\n", why.what, why.remedy);
	return err < 0 ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_guest - tests of the driver of softdev: runs where that is loaded, as root; in the guest by tests/guest_softdev.sh.
 *
 *	softdev_guest quick | stress UPDATES [SECONDS] | release | kill TIMES | fuzz REQUESTS
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/device/softdev_part.h"
#include "tests/tap.h"

static unsigned number(char **argv, int argc, int at, unsigned otherwise)
{
	return argc > at ? (unsigned)atoi(argv[at]) : otherwise;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "quick";
	struct stat st;

	if (stat(SOFTDEV_NODE, &st) != 0) {
		const char *why = getenv("FIVESTEP_SOFTDEV");

		skip_all(why != NULL ? why : "no " SOFTDEV_NODE);
		return exit_status();
	}
	if (strcmp(what, "quick") == 0) {
		softdev_counts_cases();
		softdev_process_cases();
		softdev_trace_cases();
		softdev_coherent_cases();
		softdev_bad_cases();
	} else if (strcmp(what, "stress") == 0) {
		softdev_stress_cases(number(argv, argc, 2, 64), number(argv, argc, 3, 0));
	} else if (strcmp(what, "release") == 0) {
		softdev_release_cases();
	} else if (strcmp(what, "kill") == 0) {
		softdev_release_cases();
		softdev_kill_cases(number(argv, argc, 2, 100));
	} else if (strcmp(what, "fuzz") == 0) {
		softdev_fuzz_cases(number(argv, argc, 2, 4096));
	}
	done_testing();
	return exit_status();
}

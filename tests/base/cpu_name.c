/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cpu_name.c - what processors are called where the kernel has numbers for them, or next to nothing.
 */
#include "config.h"

#include "base/cpu_name.h"
#include "tests/tap.h"

static void named(const char *model, const char *kind, const char *wanted, const char *what)
{
	char name[64];

	cpu_name(name, sizeof(name), model, kind);
	is_str(name, wanted, "%s", what);
}

int main(void)
{
	char small[4];

	named("POWER9, altivec supported", "cpu POWER9, altivec supported x 32", "POWER9, altivec supported", "a model is the name");
	named("", "CPU implementer 0x41, CPU architecture 8, CPU variant 0x0, CPU part 0xd4f, CPU revision 0 x 72", "Neoverse V2",
		"numbers have a name");
	named(NULL, "CPU implementer 0x48, CPU architecture 8, CPU variant 0x1, CPU part 0xd01, CPU revision 0 x 128", "Kunpeng 920",
		"those of another maker another one");
	named("", "CPU implementer 0x48, CPU architecture 8, CPU part 0xd4f x 2", "CPU implementer 0x48, CPU architecture 8, CPU part 0xd4f x 2",
		"a part is its maker's, and numbers of nobody are told");
	named("", "machine 2817 x 20", "machine 2817 x 20", "what is no arm is told as it is");
	named("", "", "", "nothing has no name");
	named(NULL, NULL, "", "nor has what there is not");
	cpu_name(small, sizeof(small), "EPYC", NULL);
	is_str(small, "EPY", "a name is cut to the room that there is");
	done_testing();
	return exit_status();
}

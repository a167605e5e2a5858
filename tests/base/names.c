/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * names.c - what a list of names and globs takes, and which names are near to one that there is not.
 */
#include "config.h"

#include <string.h>

#include "base/names.h"
#include "tests/tap.h"

static void nearest_is(const char *asked, const char *const *offered, const char *wanted, const char *name)
{
	struct names_nearest nearest;
	char text[128];

	names_nearest_init(&nearest, asked);
	while (*offered != NULL)
		names_nearest_offer(&nearest, *offered++);
	names_nearest_text(&nearest, text, sizeof(text));
	is_str(text, wanted, "%s", name);
}

static void test_nearest(void)
{
	static const char *const names[] = {"triad", "trial", "trail", "jacobi", "triads", NULL};
	static const char *const two[] = {"copy", "copy-pinned", "hmm", NULL};

	static const char *const twice[] = {"triad", "trial", "triad", "trial", "triad", NULL};

	nearest_is("tria", twice, "did you mean triad or trial?", "a name that is offered again is named once");
	nearest_is("jacobj", names, "did you mean jacobi?", "one letter off");
	nearest_is("nothing-alike", names, "", "nothing is near");
	nearest_is("cop", two, "did you mean copy or copy-pinned?", "two begin alike");
	nearest_is("tria", names, "did you mean triad, trial or triads?", "the nearest three of four");
	nearest_is("traid", names, "did you mean trail or triad?", "the nearest first, whatever their order");
}

static void test_match(void)
{
	is_int(names_match("copy,hmm", "hmm"), NAMES_EXACT, "a name of a list");
	is_int(names_match("copy,hmm", "hm"), NAMES_NO, "not a part of it");
	is_int(names_match("copy,hmm", "copy,hmm"), NAMES_NO, "nor the list");
	is_int(names_match("copy,h*", "hmm"), NAMES_BY_GLOB, "a glob");
	is_int(names_match("h*,hmm", "hmm"), NAMES_EXACT, "a name counts more than a glob");
	is_int(names_match("*", "anything"), NAMES_BY_GLOB, "all");
	is_int(names_match("", "anything"), NAMES_NO, "an empty list takes nothing");
}

int main(void)
{
	test_match();
	test_nearest();
	done_testing();
	return exit_status();
}

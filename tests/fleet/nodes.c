/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nodes.c - the nodes of a list as Slurm writes it, what is refused, and words as a shell reads them back.
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "fleet/nodes.h"
#include "fleet/quote.h"
#include "tests/tap.h"

static void expands_to(const char *list, const char *wanted)
{
	struct nodes nodes = {0};
	struct fs_reason why = {0};
	struct text names = {0};

	is_int(nodes_expand(&nodes, list, &why), 0, "%s is a list of nodes", list);
	for (size_t i = 0; i < nodes.n; i++)
		text_add(&names, "%s%s", i != 0 ? " " : "", nodes.names[i]);
	is_str(text_string(&names), wanted, "%s has these nodes", list);
	text_clear(&names);
	nodes_free(&nodes);
}

static void is_refused(const char *list, int err, const char *part)
{
	struct nodes nodes = {0};
	struct fs_reason why = {0};

	is_int(nodes_expand(&nodes, list, &why), err, "%s is refused", list);
	ok(strstr(why.what, part) != NULL, "and the reason says: %s", part);
	nodes_free(&nodes);
}

static void quoted_is(const char *word, const char *wanted)
{
	struct text text = {0};

	quote_word(&text, word);
	is_str(text_string(&text), wanted, "a shell reads %s back", wanted);
	text_clear(&text);
}

/* Every character inside of a name that is not of a name: none that a shell, Slurm or a path would take for more than itself. */
static void names_have_no_other_characters(void)
{
	char name[] = "n?n", wrong[256] = "";
	size_t n = 0;

	for (int c = 1; c < 256; c++) {
		bool is_of_a_name = strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", c) != NULL;

		name[1] = (char)c;
		if (nodes_is_name(name) != is_of_a_name)
			wrong[n++] = (char)c;
	}
	is_str(wrong, "", "a name has letters, digits, points, lines and dashes, and no other character");
}

int main(void)
{
	names_have_no_other_characters();
	expands_to("n1", "n1");
	expands_to("n1,gpu-01.site", "n1 gpu-01.site");
	expands_to("n[1-3,7]", "n1 n2 n3 n7");
	expands_to("n[08-11]x", "n08x n09x n10x n11x");
	expands_to("r[1-2]n[1-2],a", "r1n1 r1n2 r2n1 r2n2 a");
	expands_to("n[5-5]", "n5");

	is_refused("", -EINVAL, "not the name of a node");
	is_refused("n1,", -EINVAL, "not the name of a node");
	is_refused("n[1-3", -EINVAL, "not closed");
	is_refused("n[3-1]", -EINVAL, "not a range");
	is_refused("n[]", -EINVAL, "not a number");
	is_refused("n[1-]", -EINVAL, "not a number");
	is_refused("n[1;2]", -EINVAL, "not a number");
	is_refused("n[1-100001]", -EINVAL, "not a range");
	is_refused("n[1-999][1-999]", -E2BIG, "more than");
	is_refused("n[1-3],n2", -EEXIST, "twice");
	is_refused("-n1", -EINVAL, "not the name of a node");
	is_refused("../n1", -EINVAL, "not the name of a node");
	is_refused("n1 n2", -EINVAL, "not the name of a node");
	is_refused("n1;touch x", -EINVAL, "not the name of a node");
	is_refused("$(touch x)", -EINVAL, "not the name of a node");
	is_refused("n1\nn2", -EINVAL, "not the name of a node");
	is_refused("n'1", -EINVAL, "not the name of a node");

	quoted_is("n1", "n1");
	quoted_is("", "''");
	quoted_is("a b", "'a b'");
	quoted_is("it's", "'it'\\''s'");
	quoted_is("'", "''\\'''");
	quoted_is("$(x)`y`;\"z\"\n", "'$(x)`y`;\"z\"\n'");
	quoted_is("~", "'~'");
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nodes.c - the nodes of a list; see nodes.h.
 */
#include "config.h"

#include "fleet/nodes.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define HELP "nodes are listed as in Slurm: --nodes 'n[1-16],gpu01'"

bool nodes_is_name(const char *name)
{
	size_t len = strlen(name);

	if (len == 0 || len > NODES_NAME_MAX || !isalnum((unsigned char)name[0]))
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == len;
}

int nodes_add(struct nodes *nodes, const char *name, struct fs_reason *why)
{
	int err;

	if (!nodes_is_name(name))
		return fs_because(why, -EINVAL, HELP, "%s is not the name of a node", name);
	err = array_grow(&nodes->names, nodes->n, 1, sizeof(*nodes->names), NODES_MAX, "nodes", why);
	if (err != 0)
		return err;
	nodes->names[nodes->n] = strdup(name);
	if (nodes->names[nodes->n] == NULL)
		return fs_no_memory(why);
	nodes->n++;
	return 0;
}

/* ---- "n[1-3,7]x[1-2]": each bracket is replaced by each of its numbers in turn */

static int expand(struct nodes *nodes, const char *before, const char *rest, struct fs_reason *why);

/* before + the number + after, with as many digits as the range's first number has. */
static int expand_number(struct nodes *nodes, const char *before, unsigned long number, int digits, const char *after, struct fs_reason *why)
{
	char name[NODES_NAME_MAX + 1];

	if (snprintf(name, sizeof(name), "%s%0*lu", before, digits, number) >= (int)sizeof(name))
		return fs_because(why, -EINVAL, HELP, "%s...: a node's name has at most %d characters", before, NODES_NAME_MAX);
	return expand(nodes, name, after, why);
}

/* One range, "01-16" or "7", of len characters. */
static int expand_range(struct nodes *nodes, const char *before, const char *range, size_t len, const char *after, struct fs_reason *why)
{
	unsigned long first, last;
	size_t digits = strspn(range, "0123456789"), more = 0;
	int err = 0;

	if (digits < len && range[digits] == '-')
		more = strspn(range + digits + 1, "0123456789") + 1;
	if (digits == 0 || digits > 9 || more == 1 || more > 10 || digits + more != len)
		return fs_because(why, -EINVAL, HELP, "%.*s is not a number or a range of numbers", (int)len, range);
	first = last = strtoul(range, NULL, 10);
	if (more != 0)
		last = strtoul(range + digits + 1, NULL, 10);
	if (last < first || last - first >= NODES_MAX)
		return fs_because(why, -EINVAL, HELP, "%.*s is not a range of at most %u numbers", (int)len, range, NODES_MAX);
	for (unsigned long number = first; number <= last && err == 0; number++)
		err = expand_number(nodes, before, number, (int)digits, after, why);
	return err;
}

static int expand(struct nodes *nodes, const char *before, const char *rest, struct fs_reason *why)
{
	size_t plain = strcspn(rest, "[");
	char start[NODES_NAME_MAX + 1];
	const char *end, *range;
	int err = 0;

	if (strlen(before) + plain > NODES_NAME_MAX)
		return fs_because(why, -EINVAL, HELP, "%s%s: a node's name has at most %d characters", before, rest, NODES_NAME_MAX);
	snprintf(start, sizeof(start), "%s%.*s", before, (int)plain, rest);
	if (rest[plain] == '\0')
		return nodes_add(nodes, start, why);
	end = strchr(rest + plain, ']');
	if (end == NULL)
		return fs_because(why, -EINVAL, HELP, "%s: a bracket is not closed", rest);
	for (range = rest + plain + 1; range <= end && err == 0;) {
		size_t len = strcspn(range, ",]");

		err = expand_range(nodes, start, range, len, end + 1, why);
		range += len + 1;
	}
	return err;
}

/* ---- the list */

/* The length of the list's first entry: a comma within brackets does not end it. */
static size_t entry_length(const char *list)
{
	size_t len = 0;
	bool inside = false;

	for (; list[len] != '\0' && (inside || list[len] != ','); len++)
		inside = list[len] == '[' || (inside && list[len] != ']');
	return len;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int find_twice(const struct nodes *nodes, struct fs_reason *why)
{
	char **sorted = calloc(nodes->n + 1, sizeof(*sorted));
	int err = 0;

	if (sorted == NULL)
		return fs_no_memory(why);
	for (size_t i = 0; i < nodes->n; i++)
		sorted[i] = nodes->names[i];
	if (nodes->n != 0)
		qsort(sorted, nodes->n, sizeof(*sorted), by_name);
	for (size_t i = 1; i < nodes->n && err == 0; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			err = fs_because(why, -EEXIST, "name each node once", "%s is listed twice", sorted[i]);
	free(sorted);
	return err;
}

int nodes_expand(struct nodes *nodes, const char *list, struct fs_reason *why)
{
	int err = 0;

	while (err == 0) {
		size_t len = entry_length(list);
		char *entry = strndup(list, len);

		err = entry != NULL ? expand(nodes, "", entry, why) : fs_no_memory(why);
		free(entry);
		if (list[len] == '\0')
			break;
		list += len + 1;
	}
	return err == 0 ? find_twice(nodes, why) : err;
}

void nodes_free(struct nodes *nodes)
{
	for (size_t i = 0; i < nodes->n; i++)
		free(nodes->names[i]);
	free(nodes->names);
	memset(nodes, 0, sizeof(*nodes));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * jsontext.c - JSON values as text; see jsontext.h.
 */
#include "config.h"

#include "base/jsontext.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_bool lost;

static void *allocate(size_t bytes)
{
	void *p = malloc(bytes);

	if (p == NULL)
		atomic_store(&lost, true);
	return p;
}

/* Runs before anything is built: jansson requires its allocation functions to be set first. */
__attribute__((constructor)) static void watch(void)
{
	json_set_alloc_funcs(allocate, free);
}

bool jsontext_lost(void)
{
	return atomic_load(&lost);
}

char *jsontext_make(const json_t *value, size_t flags)
{
	char *text = value != NULL && !jsontext_lost() ? json_dumps(value, flags) : NULL;

	if (text != NULL && jsontext_lost()) {
		free(text);
		text = NULL;
	}
	return text;
}

int jsontext_print(const json_t *value, size_t flags, FILE *out)
{
	char *text = jsontext_make(value, flags);
	int err = text != NULL ? 0 : -ENOMEM;

	errno = 0;
	if (err == 0 && (fputs(text, out) == EOF || fputc('\n', out) == EOF || fflush(out) != 0))
		err = errno != 0 ? -errno : -EIO;
	free(text);
	return err;
}

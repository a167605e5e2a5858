/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * common.c - what several devices do in the same way.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/common.h"
#include "base/isolated.h"

#define ASK_TIMEOUT_S 30

void device_lacks(struct fs_probe *probe, unsigned caps, const struct fs_reason *why)
{
	for (unsigned bit = 0; bit < FS_CAPS; bit++) {
		if ((caps & ~probe->caps & (1u << bit)) != 0)
			probe->lacks[bit] = *why;
	}
}

int device_refused(struct fs_job *job, int err, const struct fs_reason *why)
{
	if (err == -ENOTSUP || err == -ENOMEM || err == -EBUSY)
		fs_skip(job, why->remedy, "%s", why->what);
	else
		*fs_why(job) = *why;
	return err;
}

void counts_take(uint64_t *values, const void *counted, const size_t *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memcpy(&values[i], (const char *)counted + places[i], sizeof(values[i]));
}

const void *units_known(struct units_asked *asked, struct fs_reason *why)
{
	if (!asked->asked)
		asked->err = isolated_ask(asked->ask, asked->units, asked->bytes, ASK_TIMEOUT_S, &asked->why);
	asked->asked = true;
	if (asked->err == 0)
		return asked->units;
	*why = asked->why;
	if (why->remedy[0] == '\0')
		snprintf(why->remedy, sizeof(why->remedy), "%s", asked->remedy);
	return NULL;
}

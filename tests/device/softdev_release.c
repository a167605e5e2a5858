/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_release.c - a context is counted until all that it had is back: whoever sees that no context is left finds every page of the device in the
 * pool. One thread closes a context whose pages are all on the device, which takes long, as each is brought back; the other one looks all the time.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/tap.h"

#define PAGES 2048
#define TURNS 4

static void *close_file(void *fd)
{
	close(*(int *)fd);
	return NULL;
}

/* Pages that were missing when no context was left; at the first look that saw that. */
static uint64_t missing(const struct part *looker)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = 16});
	struct softdev_info info;
	pthread_t thread;

	is_int((long long)part_moved(&part, true), PAGES, "release: all pages are on the device");
	pthread_create(&thread, NULL, close_file, &part.fd);
	do {
		info = part_info(looker);
	} while (info.contexts > 0);
	pthread_join(thread, NULL);
	is_int((long long)part_wrong(&part, 0), 0, "release: the data are right");
	munmap((void *)part.buf, part.bytes);
	munmap((void *)part.shared, part.page);
	return info.pages[SOFTDEV_PRIVATE] - info.free_pages[SOFTDEV_PRIVATE];
}

void softdev_release_cases(void)
{
	struct part looker = {.fd = open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC)};
	uint64_t sum = 0;

	for (int i = 0; i < TURNS; i++)
		sum += missing(&looker);
	is_int((long long)sum, 0, "release: when the last context is gone, no page is missing from the pool");
	close(looker.fd);
}

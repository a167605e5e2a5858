/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_fuzz.c - requests without sense: any number, any words, any address. None may change data or harm the kernel.
 */
#include "config.h"

#include "tests/device/softdev_part.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/tap.h"

#define NOISE	 128
#define PROGRESS 8192 /* requests between two lines that say how far it is: a debug kernel takes long */

static void fill(struct part *part, unsigned *seed, unsigned long request, uint64_t *noise)
{
	for (size_t w = 0; w < NOISE; w++) {
		uint64_t any = ((uint64_t)softdev_draw(seed) << 40) ^ ((uint64_t)softdev_draw(seed) << 20) ^ softdev_draw(seed);

		noise[w] = softdev_draw(seed) % 3 == 0	 ? softdev_draw(seed) % 4
			   : softdev_draw(seed) % 3 == 0 ? (uintptr_t)part->buf + softdev_draw(seed) % 80 * part->page
			   : softdev_draw(seed) % 2	 ? softdev_draw(seed) % 80 * part->page
							 : any;
	}
	/* What a binding says first is its version, and then the kind of memory. */
	if (request == SOFTDEV_BIND && softdev_draw(seed) % 2)
		noise[0] = SOFTDEV_ABI | (uint64_t)(softdev_draw(seed) % (SOFTDEV_KINDS + 1)) << 32;
	/* Places are written where the third word says: nowhere of ours. */
	if (request == SOFTDEV_WHERE)
		noise[2] = softdev_draw(seed) % 2 ? (uintptr_t)part->shared : 8;
}

void softdev_fuzz_cases(unsigned times)
{
	static const unsigned long requests[] = {
		SOFTDEV_INFO, SOFTDEV_BIND, SOFTDEV_MOVE, SOFTDEV_WHERE, SOFTDEV_COUNT, SOFTDEV_INJECT, SOFTDEV_RESERVE, SOFTDEV_FILL};
	const unsigned kinds = sizeof(requests) / sizeof(requests[0]);
	uint64_t made = 0, taken = 0, noise[NOISE];
	unsigned seed = 1;
	struct part part = part_make(64, &(struct part_options){.granule = 1});

	while (made < times) {
		int fd = softdev_draw(&seed) % 4 ? part.fd : open(SOFTDEV_NODE, O_RDWR | O_CLOEXEC);

		for (int i = 0; i < 16; i++, made++) {
			unsigned long request = softdev_draw(&seed) % 8 ? requests[softdev_draw(&seed) % kinds] : softdev_draw(&seed);

			fill(&part, &seed, request, noise);
			taken += ioctl(fd, request, softdev_draw(&seed) % 16 ? (void *)noise : (void *)(uintptr_t)softdev_draw(&seed)) == 0;
		}
		if (softdev_draw(&seed) % 4 == 0)
			part_device(&part, part_read);
		if (fd != part.fd)
			close(fd);
		if (made % PROGRESS == 0)
			diag("%llu requests", (unsigned long long)made);
	}
	diag("%llu requests, %llu of them taken", (unsigned long long)made, (unsigned long long)taken);
	for (unsigned failure = 0; failure < SOFTDEV_FAILURES; failure++)
		part_inject(&part, failure, 0);
	is_int((long long)part_wrong(&part, 0), 0, "requests without sense change no data");
	part_free(&part);
}

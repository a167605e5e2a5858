/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed_sort.c - the passes of sort, over records whose upper 32 bits are the key, against a radix sort that counts all digits in one pass.
 * See program_speed.c.
 */
#include "config.h"

#include "bench/program_speed.h"

#define DIGITS	256u
#define RECORDS 4096u /* of a block of sort's body */

FS_BODY_DECLARE(sort);

/* Counts become places, block by block and digit by digit: what the CPU does between the body's passes. */
static void add_up(ulong *counts, ulong blocks)
{
	ulong next[DIGITS] = {0}, sum = 0;

	for (ulong i = 0; i < blocks * DIGITS; i++)
		next[i % DIGITS] += counts[i];
	for (ulong d = 0; d < DIGITS; d++) {
		ulong count = next[d];

		next[d] = sum;
		sum += count;
	}
	for (ulong i = 0; i < blocks * DIGITS; i++) {
		ulong count = counts[i];

		counts[i] = next[i % DIGITS];
		next[i % DIGITS] += count;
	}
}

static double sort_by_body(unsigned char *buf, struct fs_body_args args, ulong blocks)
{
	uint64_t start = fs_now();

	for (ulong shift = 32; shift < 64; shift += 8) {
		ulong from = args.u[0];

		args.u[5] = shift;
		for (args.u[6] = 0; args.u[6] < 2; args.u[6]++) {
			sort_body(buf, NULL, args, 0, blocks, 1);
			if (args.u[6] == 0)
				add_up((ulong *)(buf + args.u[2]), blocks);
		}
		args.u[0] = args.u[1];
		args.u[1] = from;
	}
	return (double)(fs_now() - start);
}

static double sort_plainly(ulong *from, ulong *to, ulong n)
{
	ulong count[4][DIGITS] = {{0}};
	uint64_t start = fs_now();

	for (ulong i = 0; i < n; i++) {
		for (unsigned pass = 0; pass < 4; pass++)
			count[pass][from[i] >> (32 + 8 * pass) & (DIGITS - 1)]++;
	}
	for (unsigned pass = 0; pass < 4; pass++) {
		ulong *swap = from;

		add_up(count[pass], 1);
		for (ulong i = 0; i < n; i++)
			to[count[pass][from[i] >> (32 + 8 * pass) & (DIGITS - 1)]++] = from[i];
		from = to;
		to = swap;
	}
	return (double)(fs_now() - start);
}

int speed_sort(const struct speed *t, ulong *plain)
{
	ulong blocks = t->bytes / (2 * RECORDS + DIGITS) / sizeof(ulong), n = blocks * RECORDS, *records = (ulong *)t->buf;
	struct speed_times times;
	struct fs_body_args args = {.u = {0, n * sizeof(ulong), 2 * n * sizeof(ulong), RECORDS, blocks}};

	for (unsigned i = 0; i < SPEED_PASSES; i++) {
		for (ulong k = 0; k < n; k++)
			records[k] = plain[k] = fs_mix(k) >> 32 << 32 | k;
		times.body_ns[i] = sort_by_body(t->buf, args, blocks);
		times.plain_ns[i] = sort_plainly(plain, plain + n, n);
	}
	records[0] += fs_is(t->job, "wrong", "sort");
	for (ulong k = 0; k < n; k++) {
		if (records[k] != plain[k])
			return fs_wrong(t->job, "sort: record %lu is %lx, not %lx", k, records[k], plain[k]);
	}
	speed_sample(t, "sort_share", "sort", "sort_plain", &times, -(double)n);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * array.c - arrays grow to their limit and no further, and are whole where they cannot.
 */
#include "config.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "tests/tap.h"

static void test_one_by_one(void)
{
	unsigned *array = NULL, wrong = 0;
	const unsigned limit = 100000;
	struct fs_reason why = {0};
	size_t n = 0;

	while (ARRAY_ADD(array, n, limit, "apples", &why) == 0) {
		array[n] = (unsigned)n;
		n++;
	}
	is_int((long long)n, limit, "one by one, up to the limit");
	is_str(why.what, "more than 100000 apples", "the error names limit and things");
	is_int(ARRAY_ADD(array, n, limit, "apples", NULL), -E2BIG, "a reason is not needed");
	for (size_t i = 0; i < n; i++)
		wrong += array[i] != i;
	is_int(wrong, 0, "all elements are there after that");
	free(array);
}

static void test_many(void)
{
	struct fs_reason why = {0};
	char *array = NULL, *before;

	is_int(array_grow(&array, 0, 100, 1, 100, "bytes", &why), 0, "the whole limit at once");
	memset(array, 1, 100);
	before = array;
	is_int(array_grow(&array, 100, 1, 1, 100, "bytes", &why), -E2BIG, "one more is too many");
	is_int(array_grow(&array, 99, 2, 1, 100, "bytes", &why), -E2BIG, "two more than one less, too");
	is_int(array_grow(&array, 100, SIZE_MAX, 1, 100, "bytes", &why), -E2BIG, "as many as there are numbers, too");
	is_int(array_grow(&array, 100, SIZE_MAX - 50, 1, SIZE_MAX, "bytes", &why), -E2BIG, "also without a limit: the sum does not wrap");
	is_int(array_grow(&array, 100, SIZE_MAX / 16, SIZE_MAX / 2, SIZE_MAX, "big things", &why), -ENOMEM, "nor does the product");
	is_int(array_grow(&array, 100, 0, 1, 100, "bytes", &why), 0, "nothing more is fine at the limit");
	ok(array == before && array[99] == 1, "the array is as it was");
	free(array);
}

int main(void)
{
	test_one_by_one();
	test_many();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * params.c - values, sweeps, and what is said of bad ones.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/plan/params.h"
#include "tests/tap.h"

static const struct fs_param size_param = {.name = "size", .type = FS_PARAM_SIZE, .initial = "1M", .min = 4096, .max = 1ull << 40};
static const struct fs_param count_param = {.name = "workers", .type = FS_PARAM_COUNT, .initial = "2", .min = 1, .max = 64};
static const struct fs_param real_param = {.name = "touched", .type = FS_PARAM_REAL, .initial = "1", .min = 0.1, .max = 100};
static const struct fs_param choice_param = {.name = "thrash", .type = FS_PARAM_CHOICE, .initial = "none", .choices = "none|pin|throttle"};

/* The sweep's values, joined; or the error's text. */
static const char *sweep(const struct fs_param *param, const char *text)
{
	static char joined[8192];
	static struct fs_arg args[SWEEP_MAX];
	struct fs_reason why = {0};
	int n = param_sweep(param, text, args, &why);
	size_t len = 0;

	if (n < 0) {
		snprintf(joined, sizeof(joined), "%s", why.what);
		return joined;
	}
	joined[0] = '\0';
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(joined + len, sizeof(joined) - len, "%s%s", i > 0 ? "," : "", args[i].text);
	return joined;
}

static void test_bytes(void)
{
	uint64_t bytes = 0;
	char text[BYTES_TEXT];

	is_int(bytes_parse("4096", &bytes), 0, "a plain number is a size");
	is_int((long long)bytes, 4096, "and is that many bytes");
	is_int(bytes_parse("4k", &bytes) == 0 ? (long long)bytes : -1, 4096, "4k means 4096");
	is_int(bytes_parse("2MiB", &bytes) == 0 ? (long long)bytes : -1, 2 << 20, "2MiB is understood");
	is_int(bytes_parse("1GB", &bytes) == 0 ? (long long)bytes : -1, 1 << 30, "1GB is 1024^3: sizes have no other unit");
	is_int(bytes_parse("", &bytes), -EINVAL, "an empty text is no size");
	is_int(bytes_parse("-1", &bytes), -EINVAL, "nor is a negative number");
	is_int(bytes_parse("4Q", &bytes), -EINVAL, "nor an unknown unit");
	is_int(bytes_parse("4Kx", &bytes), -EINVAL, "nor a unit with something behind it");
	is_int(bytes_parse("99999999999999999999", &bytes), -ERANGE, "a number beyond 64 bits is out of range");
	is_int(bytes_parse("17179869184G", &bytes), -ERANGE, "so is one that its unit makes too large");
	bytes_format(1536, text);
	is_str(text, "1536", "a size that is no whole KiB is written in bytes");
	bytes_format(3ull << 20, text);
	is_str(text, "3M", "a whole MiB in the largest unit that fits");
	bytes_format(0, text);
	is_str(text, "0", "nothing is 0");
}

/* The words are sizes of this machine, wherever a size is written. */
static void test_words(void)
{
	static const struct fs_param granule = {
		.name = "granule", .type = FS_PARAM_SIZE, .form = FS_FORM_GRANULE, .initial = "base", .min = 1, .max = 1ull << 40};
	char base[BYTES_TEXT], huge[2 * BYTES_TEXT], twice[BYTES_TEXT], both[3 * BYTES_TEXT];
	uint64_t bytes = 0;

	bytes_format(fs_page_bytes(), base);
	bytes_format(fs_huge_bytes(), huge);
	bytes_format(2 * fs_page_bytes(), twice);
	is_int(size_parse("base", &bytes) == 0 ? (long long)bytes : -1, sysconf(_SC_PAGESIZE), "base is the size of a page");
	is_int(size_parse("huge", &bytes) == 0 ? (long long)bytes : -1, (long long)fs_huge_bytes(), "huge that of a huge page");
	ok(fs_huge_bytes() > fs_page_bytes() && fs_huge_bytes() % fs_page_bytes() == 0, "which is as large as several");
	is_int(size_parse("large", &bytes), -EINVAL, "another word is no size");
	is_int(size_parse("16*base", &bytes) == 0 ? (long long)bytes : -1, 16 * sysconf(_SC_PAGESIZE), "sizes may be said in pages");
	is_int(size_parse("*base", &bytes), -EINVAL, "how many has to be said then");
	is_int(size_parse("1K*base", &bytes), -EINVAL, "as a number");
	is_int(size_parse("16*4K", &bytes), -EINVAL, "of a word");
	is_int(size_parse("18446744073709551615*huge", &bytes), -ERANGE, "that fits");
	is_str(sweep(&granule, "base"), base, "a value in words is kept as a size, so that it names the same cell");
	is_str(sweep(&granule, "huge"), huge, "each of them");
	snprintf(both, sizeof(both), "%s,%s", base, twice);
	snprintf(huge, sizeof(huge), "base:*2:%s", twice);
	is_str(sweep(&granule, huge), both, "a range may begin with a word");
	snprintf(huge, sizeof(huge), "base:+base:%s", twice);
	is_str(sweep(&granule, huge), both, "and step by one");
	is_str(sweep(&granule, "1*base:*2:2*base"), both, "and be in pages");
	is_str(sweep(&granule, "12K"), "granule=12K: expected a power of two", "what must be a power of two on every machine is refused");
}

static void test_sweeps(void)
{
	is_str(sweep(&size_param, "4096"), "4K", "one value, in its canonical spelling");
	is_str(sweep(&size_param, "4K,64K,2M"), "4K,64K,2M", "a list keeps its order");
	is_str(sweep(&size_param, "4K:*4:1M"), "4K,16K,64K,256K,1M", "a range by a factor has both ends");
	is_str(sweep(&size_param, "4K:*4:512K"), "4K,16K,64K,256K", "and stops before it goes beyond");
	is_str(sweep(&size_param, "4K:+4K:16K"), "4K,8K,12K,16K", "a range by a step");
	is_str(sweep(&size_param, "1M,4K:*2:16K"), "1M,4K,8K,16K", "lists and ranges mix");
	is_str(sweep(&count_param, "1:+1:4"), "1,2,3,4", "whole numbers");
	is_str(sweep(&real_param, "0.1:*10:100"), "0.1,1,10,100", "decimal numbers, the last one in spite of rounding");
	is_str(sweep(&choice_param, "none,pin"), "none,pin", "choices");
}

static void test_refusals(void)
{
	is_str(sweep(&size_param, "4"), "size=4: expected a size from 4K to 1T", "below the limit");
	is_str(sweep(&size_param, "2T"), "size=2T: expected a size from 4K to 1T", "above it");
	is_str(sweep(&size_param, "big"), "size=big: expected a size from 4K to 1T", "not a size");
	is_str(sweep(&count_param, "1.5"), "workers=1.5: expected a whole number from 1 to 64", "not a whole number");
	is_str(sweep(&real_param, "nan"), "touched=nan: expected a number from 0.1 to 100", "not a number");
	is_str(sweep(&choice_param, "pinn"), "thrash=pinn: expected one of none|pin|throttle", "not a choice");
	is_str(sweep(&choice_param, "pin|none"), "thrash=pin|none: expected one of none|pin|throttle", "not two choices");
	is_str(sweep(&size_param, "4K,,8K"), "size=4K,,8K: a value is empty or too long", "an empty value in a list");
	is_str(sweep(&size_param, "4K:8K"), "size=4K:8K: not a value or a range", "a range without a step");
	is_str(sweep(&size_param, "4K:*1:8K"), "size: the step *1 does not increase the value", "a step that stands still");
	is_str(sweep(&size_param, "4K:-1:8K"), "size: the step -1 does not increase the value", "a step of another kind");
	is_str(sweep(&size_param, "4K:+1:1G"), "size: a sweep has more than 256 values", "too many values");
}

static void test_args(void)
{
	static const struct fs_param first[] = {{.name = "size", .type = FS_PARAM_SIZE, .initial = "1M", .min = 1, .max = 1e9}, {0}};
	static const struct fs_param second[] = {{.name = "size", .type = FS_PARAM_SIZE, .initial = "2M", .min = 1, .max = 1e9},
		{.name = "page", .type = FS_PARAM_CHOICE, .initial = "4K", .choices = "4K|2M"}, {0}};
	struct fs_args args = {0};

	is_int(args_declare(&args, first, 0), 0, "a part declares its parameters");
	is_int(args_declare(&args, second, 0), 0, "another part adds its own");
	is_int(args.n, 2, "a name that both have is there once");
	is_str(args_get(&args, "size")->text, "1M", "with the first part's initial value");
	ok(args_get(&args, "granule") == NULL, "an undeclared parameter does not exist");
	ok(!args_get(&args, "page")->set, "an initial value does not count as set");
}

int main(void)
{
	test_bytes();
	test_words();
	test_sweeps();
	test_refusals();
	test_args();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bodies.c - the device bodies that are in the program: every kernel's is, with all that it includes, each once, and nothing of
 * it has changed on the way: the text of a file, put together again, is the file.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/bodies.h"
#include "harness/plan/catalog.h"
#include "tests/tap.h"

static char *file_text(const char *name)
{
	const char *folder = getenv("srcdir");
	static char text[1 << 16];
	char path[512];
	FILE *from;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", folder != NULL ? folder : ".", name);
	from = fopen(path, "r");
	if (from == NULL)
		return NULL;
	n = fread(text, 1, sizeof(text) - 1, from);
	text[n] = '\0';
	fclose(from);
	return text;
}

static unsigned times(const char *text, const char *part)
{
	unsigned n = 0;

	for (const char *p = strstr(text, part); p != NULL; p = strstr(p + 1, part))
		n++;
	return n;
}

static void check_source(void)
{
	char *source = bodies_source("fault_latency");

	ok(source != NULL, "a body's source");
	if (source == NULL)
		return;
	is_int(times(source, "#line 1 \"harness/body.h\""), 1, "body.h is in it once, though two files include it");
	is_int(times(source, "#line 1 \"bench/order.body.h\""), 1, "so is what the body shares with its benchmark");
	is_int(times(source, "#include \""), 0, "nothing is left to be included");
	is_int(times(source, "FS_BODY(fault_latency)"), 1, "the body itself");
	ok(strstr(source, "order_at(ulong i") < strstr(source, "FS_BODY(fault_latency)"), "what is included comes first");
	free(source);
}

/* body.h includes nothing of ours: between its first line and the next file's it must be the file. */
static void check_text(void)
{
	char *source = bodies_source("triad"), *file = file_text("harness/body.h");
	static const char head[] = "#line 1 \"harness/body.h\"\n";
	const char *begin = source != NULL ? strstr(source, head) : NULL;

	if (begin == NULL || file == NULL) {
		ok(false, "body.h exists, as a file and in the program");
	} else {
		begin += strlen(head);
		ok(strncmp(begin, file, strlen(file)) == 0, "byte for byte: tabs, backslashes and quotes");
		ok(strncmp(begin + strlen(file), "#line ", 6) == 0, "after it the file that includes it goes on");
	}
	free(source);
}

int main(void)
{
	const struct fs_kernel *kernel;
	unsigned n = 0;

	for (unsigned i = 0; (kernel = catalog_kernel(i)) != NULL; i++)
		ok(bodies_have(kernel->body_name), "%s: its body's source is in the program", kernel->name);
	while (bodies_name(n) != NULL)
		n++;
	ok(n >= 9, "so are those of benchmarks");
	ok(!bodies_have("nonsense") && bodies_source("nonsense") == NULL, "a body that is not here is not made up");
	check_source();
	check_text();
	done_testing();
	return exit_status();
}

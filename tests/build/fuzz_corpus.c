/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_corpus.c - the inputs that fuzzers found (tests/fuzz/corpus/TARGET/), each read once more: none may crash or hang. A build with sanitizers
 * sees what a plain one does not. build-aux/fuzz.sh looks for new ones.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/fuzz/targets.h"
#include "tests/tap.h"

static const struct {
	const char *name;
	void (*run)(const uint8_t *data, size_t bytes);
} targets[] = {
#define FUZZ_ROW(name) {#name, fuzz_##name},
	FUZZ_TARGETS(FUZZ_ROW)};

static unsigned replay(void (*run)(const uint8_t *data, size_t bytes), const char *folder, const char *name)
{
	static uint8_t data[1 << 20];
	char path[1024];
	FILE *file;
	size_t bytes;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = name[0] != '.' ? fopen(path, "re") : NULL;
	if (file == NULL)
		return 0;
	bytes = fread(data, 1, sizeof(data), file);
	fclose(file);
	run(data, bytes);
	return 1;
}

int main(void)
{
	const char *source = getenv("srcdir");

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct dirent **entries = NULL;
		char folder[512];
		unsigned read = 0;
		int n;

		snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", source != NULL ? source : ".", targets[i].name);
		n = scandir(folder, &entries, NULL, alphasort);
		/* The empty input is in no file. */
		targets[i].run((const uint8_t *)"", 0);
		for (int e = 0; e < n; e++) {
			read += replay(targets[i].run, folder, entries[e]->d_name);
			free(entries[e]);
		}
		free(entries);
		ok(read > 0, "%s: %u inputs of the corpus are read", targets[i].name, read);
	}
	done_testing();
	return exit_status();
}

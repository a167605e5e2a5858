/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * words.c - see words.h.
 */
#include "config.h"

#include "guest/words.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/stamp.h"
#include "guest/wire.h"

static void name_output(struct guest_words *words)
{
	char stamp[STAMP_TEXT];

	stamp_name(stamp);
	snprintf(words->output, sizeof(words->output), "fivestep-guest-%s.jsonl", stamp);
}

/*
 * Parses word[0] as an option that takes a file: -o FILE, -oFILE, --output FILE, --output=FILE, and abbreviations of the long name as getopt
 * allows. Returns the number of words taken, 0 if it is another option; *file is NULL if the file is missing.
 */
static unsigned file_option(char *const *word, const char *short_name, const char *long_name, const char **file)
{
	const char *equals = strchr(word[0], '=');
	size_t len = equals != NULL ? (size_t)(equals - word[0]) : strlen(word[0]);
	bool is_long = len > 3 && strncmp(word[0], "--", 2) == 0 && len - 2 <= strlen(long_name) && strncmp(word[0] + 2, long_name, len - 2) == 0;
	bool is_short = short_name != NULL && strncmp(word[0], short_name, strlen(short_name)) == 0;
	unsigned took = 1;

	if (!is_long && !is_short)
		return 0;
	if (is_long && equals != NULL) {
		*file = equals + 1;
	} else if (is_short && word[0][strlen(short_name)] != '\0') {
		*file = word[0] + strlen(short_name);
	} else {
		*file = word[1];
		took = 2;
	}
	return took;
}

/* If the word is a plan file of the user's, it is packed; a run has at most one. */
static char *plan_word(char *word, struct guest_options *options)
{
	size_t len = strlen(word);
	bool is_path = strchr(word, '/') != NULL || (len > 5 && strcmp(word + len - 5, ".plan") == 0);
	struct stat st;

	if (options->plan != NULL || !is_path || stat(word, &st) != 0 || !S_ISREG(st.st_mode) || access(word, R_OK) != 0)
		return word;
	options->plan = word;
	return (char *)WIRE_PLAN;
}

void guest_words_redirect(struct guest_words *words, struct guest_options *options)
{
	char *kept[GUEST_WORDS + 1];
	const char *output = NULL, *resume = NULL, *file;
	unsigned n = 0, took;

	if (strcmp(words->word[0], "run") != 0 && strcmp(words->word[0], "conform") != 0)
		return;
	for (unsigned i = 1; words->word[i] != NULL; i += took) {
		if ((took = file_option(words->word + i, "-o", "output", &file)) > 0) {
			output = file;
		} else if ((took = file_option(words->word + i, NULL, "resume", &file)) > 0) {
			resume = file;
		} else {
			kept[n++] = plan_word(words->word[i], options);
			took = 1;
			continue;
		}
		if (file == NULL)
			return;
	}
	if (output != NULL && resume != NULL)
		return;
	if (output == NULL && resume == NULL) {
		name_output(words);
		output = words->output;
	}
	/* As the user wrote it, of any length. */
	options->output = output != NULL ? output : resume;
	options->resumes = resume != NULL;
	words->word[1] = (char *)(resume != NULL ? "--resume" : "-o");
	words->word[2] = (char *)WIRE_RUN;
	memcpy(words->word + 3, kept, n * sizeof(*kept));
	words->word[3 + n] = NULL;
}

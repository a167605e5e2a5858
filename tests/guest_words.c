/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest_words.c - the command of the guest: in every form that an option may have, its run file is the host's.
 */
#include "config.h"

#include <string.h>

#include "guest/words.h"
#include "tests/tap.h"

static struct guest_words words;
static struct guest_options options;

/* TEXT's words, redirected, with blanks between them again. */
static const char *redirected(const char *text)
{
	static char copy[1024], joined[1024];
	unsigned n = 0;
	char *save;

	memset(&words, 0, sizeof(words));
	options = (struct guest_options){0};
	strcpy(copy, text);
	for (char *word = strtok_r(copy, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
		words.word[n++] = word;
	guest_words_redirect(&words, &options);
	joined[0] = '\0';
	for (unsigned i = 0; words.word[i] != NULL; i++)
		strcat(strcat(joined, i > 0 ? " " : ""), words.word[i]);
	return joined;
}

static void test_forms(void)
{
	static const char *const forms[] = {"run guest -o some/a.jsonl --rounds 3", "run guest -osome/a.jsonl --rounds 3",
		"run guest --output some/a.jsonl --rounds 3", "run --output=some/a.jsonl guest --rounds 3", "run guest --rounds 3 --out=some/a.jsonl",
		"run guest -o other.jsonl --rounds 3 -o some/a.jsonl"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(forms); i++) {
		is_str(redirected(forms[i]), "run -o a.jsonl guest --rounds 3", "%s", forms[i]);
		is_str(options.output, "some/a.jsonl", "its run file is the host's");
		ok(!options.resumes, "which is begun");
	}
}

static void test_resume(void)
{
	static const char *const forms[] = {"run --resume some/a.jsonl", "run --resume=some/a.jsonl", "run --res=some/a.jsonl"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(forms); i++) {
		is_str(redirected(forms[i]), "run --resume a.jsonl", "%s", forms[i]);
		is_str(options.output, "some/a.jsonl", "its run file is the host's");
		ok(options.resumes, "which is gone on with");
	}
}

static void test_others(void)
{
	ok(strncmp(redirected("run triad -p size=1M"), "run -o fivestep-guest-", 22) == 0, "without a file one is named");
	ok(options.output != NULL && strncmp(options.output, "fivestep-guest-", 15) == 0, "on the host, too");
	is_str(redirected("doctor -o x --resume y"), "doctor -o x --resume y", "another command stays as it is");
	ok(options.output == NULL, "and writes no run");
	is_str(redirected("run guest -o"), "run guest -o", "an option without its file stays");
	ok(options.output == NULL, "for the command to complain of");
	is_str(redirected("run -o a.jsonl --resume b.jsonl"), "run -o a.jsonl --resume b.jsonl", "so do two files");
	ok(strstr(redirected("run guest --rounds 3 --timeout 5s"), " guest --rounds 3 --timeout 5s") != NULL,
		"what else there is stays in its order");
}

int main(void)
{
	test_forms();
	test_resume();
	test_others();
	done_testing();
	return exit_status();
}

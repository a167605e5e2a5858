/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest_words.c - the command of the guest: in every form that an option may have, its run file is the host's, and what is packed with it is
 * what it names.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest/needs.h"
#include "guest/words.h"
#include "tests/tap.h"

static struct guest_words words;
static struct guest_options options;
static struct guest_needs needs;

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
		is_str(redirected(forms[i]), "run -o run.jsonl guest --rounds 3", "%s", forms[i]);
		is_str(options.output, "some/a.jsonl", "its run file is the host's");
		ok(!options.resumes, "which is begun");
	}
}

static void test_resume(void)
{
	static const char *const forms[] = {"run --resume some/a.jsonl", "run --resume=some/a.jsonl", "run --res=some/a.jsonl"};

	for (size_t i = 0; i < FS_ARRAY_SIZE(forms); i++) {
		is_str(redirected(forms[i]), "run --resume run.jsonl", "%s", forms[i]);
		is_str(options.output, "some/a.jsonl", "its run file is the host's");
		ok(options.resumes, "the run file is resumed");
	}
}

static void test_long(void)
{
	char text[800] = "run guest -o ";
	size_t len = strlen(text);

	memset(text + len, 'a', sizeof(text) - len - 1);
	text[sizeof(text) - 1] = '\0';
	is_str(redirected(text), "run -o run.jsonl guest", "a run file with a name of %zu bytes", sizeof(text) - 1 - len);
	is_str(options.output, text + len, "has all of its name");
}

static void test_others(void)
{
	is_str(redirected("conform data* -o some/a.jsonl"), "conform -o run.jsonl data*", "conform's run file");
	is_str(options.output, "some/a.jsonl", "is the host's, too");
	ok(strncmp(redirected("run triad -p size=1M"), "run -o run.jsonl triad", 22) == 0, "without a file one is named");
	ok(options.output != NULL && strncmp(options.output, "fivestep-guest-", 15) == 0, "on the host by the time of day");
	is_str(redirected("doctor -o x --resume y"), "doctor -o x --resume y", "another command stays as it is");
	ok(options.output == NULL, "and writes no run");
	is_str(redirected("run guest -o"), "run guest -o", "an option without its file stays");
	ok(options.output == NULL, "for the command to complain of");
	is_str(redirected("run -o a.jsonl --resume b.jsonl"), "run -o a.jsonl --resume b.jsonl", "so do two files");
	ok(strstr(redirected("run guest --rounds 3 --timeout 5s"), " guest --rounds 3 --timeout 5s") != NULL,
		"what else there is stays in its order");
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	ok(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "%s is written", path);
}

/* The user's plan has one name in the guest, whatever it is called here. */
static void test_plan(void)
{
	char folder[] = "/tmp/fivestep-words-XXXXXX", plan[64], command[128], kept[128];

	ok(mkdtemp(folder) != NULL, "a folder");
	snprintf(plan, sizeof(plan), "%s/a-long-name.plan", folder);
	write_file(plan, "option counters=default,faults\nrun triad\n");
	snprintf(command, sizeof(command), "run %s -o a.jsonl", plan);
	is_str(redirected(command), "run -o run.jsonl given.plan", "a plan of the user's has always the same name in the guest");
	is_str(options.plan, plan, "and is the host's");
	options.args = words.word;
	is_int(guest_needs_read(&needs, &options), 0, "what it needs can be read");
	ok(guest_needs_file(&needs, "faults.group"), "the group that the plan names is needed");
	ok(!guest_needs_file(&needs, "tlb.group") && !guest_needs_file(&needs, "guest.plan"), "files that are not named are not packed");
	guest_needs_free(&needs);
	unlink(plan);
	snprintf(kept, sizeof(kept), "run -o run.jsonl %s", plan);
	is_str(redirected(command), kept, "a plan that is not there stays as it is called");
	ok(options.plan == NULL, "and does not go along");
	rmdir(folder);
}

/* What is in the folder where the command is given is a plan only if it is called one. */
static void test_not_a_plan(void)
{
	char folder[] = "/tmp/fivestep-words-XXXXXX", *here = getcwd(NULL, 0);

	ok(mkdtemp(folder) != NULL && chdir(folder) == 0, "a folder");
	write_file("fault_latency", "a file\n");
	write_file(".plan", "run triad\n");
	write_file("my.plan", "run triad\n");
	is_str(redirected("run fault_latency -o a.jsonl"), "run -o run.jsonl fault_latency", "a file that has a benchmark's name is no plan");
	is_str(redirected("run .plan -o a.jsonl"), "run -o run.jsonl .plan", "nor is one that has no name before .plan");
	is_str(redirected("run my.plan -o a.jsonl"), "run -o run.jsonl given.plan", "one that is called a plan is");
	unlink("fault_latency");
	unlink(".plan");
	unlink("my.plan");
	ok(here != NULL && chdir(here) == 0 && rmdir(folder) == 0, "it is left");
	free(here);
}

static bool needs_file(const char *command, const char *name)
{
	bool needed;

	redirected(command);
	options.args = words.word;
	needed = guest_needs_read(&needs, &options) == 0 && guest_needs_file(&needs, name);
	guest_needs_free(&needs);
	return needed;
}

static void test_needs(void)
{
	ok(needs_file("run guest", "guest.plan"), "an installed plan that is named is needed");
	ok(!needs_file("run guest", "cuda.plan"), "another is not");
	ok(needs_file("run", "quick.plan"), "without a name it is the default one");
	ok(needs_file("run triad --counters default,faults", "faults.group"), "a group that is named is needed");
	ok(!needs_file("run triad --counters default,nofaults", "faults.group"), "a part of another name is none");
	ok(needs_file("list groups", "faults.group") && needs_file("doctor", "cuda.plan"), "any other command has all");
}

int main(void)
{
	test_forms();
	test_resume();
	test_long();
	test_others();
	test_plan();
	test_not_a_plan();
	test_needs();
	done_testing();
	return exit_status();
}

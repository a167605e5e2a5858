/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * commandline.c - finds the command and runs it.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "build_info.h"
#include "guest/wire.h"
#include "harness/plan/catalog.h"
#include "command/command.h"
#include "base/names.h"
#include "base/output.h"
#include "base/say.h"
#include "harness/plan/registry.h"
#include "harness/run/round.h"

static void print_help(FILE *to)
{
	fputs("Usage: fivestep COMMAND [OPTION...]\n"
	      "Benchmark and characterization suite for memory shared between a CPU and a device.\n"
	      "\n"
	      "It runs a five-step program (allocate, compute on the CPU, on the device, on the CPU, free) under\n"
	      "plain copies, HMM (pages fault and migrate) and CDM (coherent memory on a NUMA node), and measures\n"
	      "what each costs, with evidence that it really happened.\n"
	      "\n"
	      "Commands:\n",
		to);
	for (unsigned i = 0; registry_commands[i] != NULL; i++)
		fprintf(to, "  %-8s %s\n", registry_commands[i]->name, registry_commands[i]->summary);
	fputs("\n"
	      "Start with:\n"
	      "  fivestep doctor               what this machine can do, and the remedies for what it cannot\n"
	      "  fivestep run quick            a few minutes; ends in a table\n"
	      "  fivestep report RUN.jsonl -o DIR\n"
	      "\n"
	      "fivestep COMMAND --help explains each. Exit status: 0 success, 1 regression, 3 not comparable, 4 failed or\n"
	      "invalid data, 5 undecided, 64 usage error, 77 everything skipped, 99 internal error, 128 + N terminated\n"
	      "by signal N.\n",
		to);
}

static int unknown_command(const char *asked)
{
	struct names_nearest nearest;
	char near[160];

	names_nearest_init(&nearest, asked);
	for (unsigned i = 0; registry_commands[i] != NULL; i++)
		names_nearest_offer(&nearest, registry_commands[i]->name);
	names_nearest_text(&nearest, near, sizeof(near));
	say_with_remedy("", "fivestep --help lists the commands", "unknown command %s%s%s", asked, near[0] != '\0' ? "; " : "", near);
	return EXIT_USAGE;
}

const struct command *command_find(const char *name)
{
	for (unsigned i = 0; registry_commands[i] != NULL; i++) {
		if (strcmp(name, registry_commands[i]->name) == 0)
			return registry_commands[i];
	}
	return NULL;
}

int fivestep_main(int argc, char **argv, const struct fs_extension *extension)
{
	const char *name = argc > 1 ? argv[1] : "";

	output_reserve();
	catalog_extend(extension);
	if (strcmp(name, ROUND_COMMAND) == 0)
		return child_main(argc - 1, argv + 1);
	/* As the guest's init: the kernel puts boot parameters that it does not know before ours. */
	if (getpid() == 1 && argc > 1 && strcmp(argv[argc - 1], WIRE_INIT) == 0)
		return guest_init();
	output_check_at_exit();
	if (strcmp(name, WIRE_SHELL) == 0)
		return guest_shell();
	if (strcmp(name, "--version") == 0) {
		printf("fivestep %s (%s)\n", FIVESTEP_VERSION, FIVESTEP_COMMIT);
		return EXIT_FINE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
		print_help(stdout);
		return EXIT_FINE;
	}
	if (command_find(name) != NULL)
		return command_find(name)->run(argc - 1, argv + 1);
	if (name[0] != '\0')
		return unknown_command(name);
	print_help(stderr);
	return EXIT_USAGE;
}

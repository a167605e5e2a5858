/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest.c - fivestep guest {build,run}: the reference guest. build makes a kernel (guest/build.sh does the work), run boots it
 * with a command of fivestep in it; its results arrive while it runs.
 */
#include "config.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/say.h"
#include "base/duration.h"
#include "base/datafile.h"
#include "base/program.h"
#include "guest/cache.h"
#include "guest/launch.h"
#include "guest/wire.h"
#include "guest/words.h"
#include "base/cache_dir.h"
#include "command/command.h"
#include "command/guest_kernels.h"
#include "command/runs.h"
#include "command/usage.h"
#include "harness/plan/params.h"
#include "harness/plan/plan.h"
#include "harness/run/runner.h"

#define SHELL_S 86400 /* no practical limit for an interactive shell */

struct request {
	struct guest_options options;
	struct guest_words words;
	char kernel[512], module[540];
};

enum {
	KEY_KERNEL = 256,
	KEY_BUNDLE,
	KEY_CLOCK,
	KEY_APPEND,
	KEY_ACCEL,
	KEY_CPUS,
	KEY_MEMORY,
	KEY_DEVICE_MEMORY,
	KEY_DEVICE_NODES,
	KEY_DISTANCE,
	KEY_DEVICE_LATENCY,
	KEY_DEVICE_BANDWIDTH,
	KEY_TIME,
	KEY_BALANCING,
	KEY_PROGRAM,
	KEY_VERBOSE
};

static const struct argp_option run_options[] = {
	{"kernel", KEY_KERNEL, "IMAGE", 0, "your own kernel, of x86-64 or arm64 (default: the one built by fivestep guest build)", 0},
	{"bundle", KEY_BUNDLE, "DIR", 0, "for a kernel of another architecture: the folder of an unpacked bundle of a fivestep for it", 0},
	{"clock", KEY_CLOCK, "CLOCK", 0,
		"monotonic, or instructions: one emulated CPU and time counted in instructions, which is the same on any machine", 0},
	{"append", KEY_APPEND, "ARGS", 0, "additional boot parameters", 0},
	{"accel", KEY_ACCEL, "NAME", 0, "auto (KVM if usable, else TCG), kvm or tcg", 0},
	{"cpus", KEY_CPUS, "N", 0, "number of CPUs (default 2)", 0},
	{"memory", KEY_MEMORY, "SIZE", 0, "memory of the node with CPUs (default 2G)", 0},
	{"device-memory", KEY_DEVICE_MEMORY, "SIZE", 0, "memory of each node without CPUs (default 512M)", 0},
	{"device-nodes", KEY_DEVICE_NODES, "N", 0, "number of nodes without CPUs (default 1)", 0},
	{"distance", KEY_DISTANCE, "N", 0, "NUMA distance between any two nodes (default 80)", 0},
	{"device-latency", KEY_DEVICE_LATENCY, "NS", 0, "latency of nodes without CPUs in the HMAT (default: derived from the distance)", 0},
	{"device-bandwidth", KEY_DEVICE_BANDWIDTH, "MB/S", 0, "bandwidth of nodes without CPUs in the HMAT (likewise)", 0},
	{"time-limit", KEY_TIME, "DUR", 0, "stop the guest after DUR (90s, 8m, 1h30m; default 10m)", 0},
	{"balancing", KEY_BALANCING, "WAY", OPTION_ARG_OPTIONAL,
		"enable automatic NUMA balancing: nodes (pages follow the accessing CPU, the default) or tiering (promote hot pages, demote cold "
		"ones). For cdm-balance; not available together with dmirror",
		0},
	{"program", KEY_PROGRAM, "FILE", OPTION_HIDDEN, "for tests of the driver: run this program in place of fivestep", 0},
	{"verbose", KEY_VERBOSE, NULL, 0, "show the guest's console on standard error", 0},
	{0},
};

static unsigned whole(struct argp_state *state, const char *name, const char *text, unsigned min, unsigned max)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*text == '\0' || *end != '\0' || value < min || value > max)
		usage_error(state, "--%s=%s: expected a number from %u to %u", name, text, min, max);
	return (unsigned)value;
}

static unsigned duration(struct argp_state *state, const char *name, const char *text, unsigned max_s)
{
	double seconds = 0;

	if (duration_parse(text, &seconds) != 0 || seconds < 1 || seconds > max_s)
		usage_error(state, "--%s=%s: expected a duration such as 90s, 8m or 1h30m, up to %us", name, text, max_s);
	return (unsigned)seconds;
}

static unsigned mebibytes(struct argp_state *state, const char *name, const char *text, unsigned least)
{
	uint64_t bytes = 0;

	if (bytes_parse(text, &bytes) != 0 || bytes >> 20 < least || bytes >> 20 > 1u << 20 || bytes % (128ull << 20) != 0)
		usage_error(state, "--%s=%s: expected a size of at least %uM, a multiple of 128M", name, text, least);
	return (unsigned)(bytes >> 20);
}

static void choose_clock(struct argp_state *state, struct guest_options *options, const char *text)
{
	options->instructions = clock_counts_instructions(text);
	if (!options->instructions && strcmp(text, "monotonic") != 0)
		usage_error(state, "--clock=%s: expected monotonic or instructions", text);
}

static void choose_accelerator(struct argp_state *state, struct guest_options *options, const char *text)
{
	options->accelerator = strcmp(text, "kvm") == 0 ? GUEST_KVM : strcmp(text, "tcg") == 0 ? GUEST_TCG : GUEST_AUTO;
	if (options->accelerator == GUEST_AUTO && strcmp(text, "auto") != 0)
		usage_error(state, "--accel=%s: expected auto, kvm or tcg", text);
}

static void choose_balancing(struct argp_state *state, struct guest_options *options, const char *text)
{
	options->balancing = text != NULL && strcmp(text, "tiering") == 0 ? GUEST_TIERING : GUEST_BALANCED;
	if (text != NULL && options->balancing == GUEST_BALANCED && strcmp(text, "nodes") != 0)
		usage_error(state, "--balancing=%s: expected nodes or tiering", text);
}

static error_t check_clock(struct argp_state *state, const struct guest_options *options)
{
	if (options->instructions && options->accelerator == GUEST_KVM)
		usage_error(state, "--clock=instructions needs an emulated CPU, not --accel=kvm");
	return 0;
}

static error_t take_words(struct argp_state *state, struct request *request)
{
	if (state->argc - state->next > GUEST_WORDS)
		usage_error(state, "more than %d arguments in the command", GUEST_WORDS);
	for (int i = state->next; i < state->argc; i++)
		request->words.word[i - state->next] = state->argv[i];
	return 0;
}

/* Where an option goes whose value is taken as it is; NULL: it is another one. */
static const char **plain_text(struct guest_options *options, int key)
{
	return key == KEY_BUNDLE ? &options->bundle : key == KEY_APPEND ? &options->append : key == KEY_PROGRAM ? &options->program : NULL;
}

static error_t parse_run(int key, char *arg, struct argp_state *state)
{
	struct request *request = state->input;
	struct guest_options *options = &request->options;
	const char **text = plain_text(options, key);

	if (text != NULL) {
		*text = arg;
		return 0;
	}
	switch (key) {
	case KEY_KERNEL:
		snprintf(request->kernel, sizeof(request->kernel), "%s", arg);
		return 0;
	case KEY_CLOCK:
		choose_clock(state, options, arg);
		return 0;
	case KEY_ACCEL:
		choose_accelerator(state, options, arg);
		return 0;
	case KEY_CPUS:
		options->cpus = whole(state, "cpus", arg, 1, 64);
		return 0;
	case KEY_MEMORY:
		options->memory_mib = mebibytes(state, "memory", arg, 2048);
		return 0;
	case KEY_DEVICE_MEMORY:
		options->device_mib = mebibytes(state, "device-memory", arg, 128);
		return 0;
	case KEY_DISTANCE:
		options->distance = whole(state, "distance", arg, 11, 254);
		return 0;
	case KEY_DEVICE_NODES:
		options->device_nodes = whole(state, "device-nodes", arg, 1, GUEST_DEVICE_NODES_MAX);
		return 0;
	case KEY_DEVICE_LATENCY:
		options->device_latency_ns = whole(state, "device-latency", arg, 1, 65534);
		return 0;
	case KEY_DEVICE_BANDWIDTH:
		options->device_bandwidth_mbs = whole(state, "device-bandwidth", arg, 1, 1u << 20);
		return 0;
	case KEY_TIME:
		options->timeout_s = duration(state, "time-limit", arg, 86400);
		return 0;
	case KEY_BALANCING:
		choose_balancing(state, options, arg);
		return 0;
	case KEY_VERBOSE:
		options->verbose = true;
		return 0;
	case ARGP_KEY_END:
		return check_clock(state, options);
	case ARGP_KEY_ARGS:
		return take_words(state, request);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp run_argp = {
	.options = run_options,
	.parser = parse_run,
	.args_doc = "[-- COMMAND...]",
	.doc = "Boots the reference guest and runs a fivestep command in it: the kernel's own HMM (dmirror), device-coherent memory and a "
	       "memory node without CPUs, on any machine. The run file that the command names (-o, --resume) is on the host and is "
	       "written while the guest runs; plans are files of the host, too."
	       "\v"
	       "  fivestep guest run                          the quick plan of the guest\n"
	       "  fivestep guest run -- doctor\n"
	       "  fivestep guest run --clock instructions -- run guest -o insn.jsonl\n"
	       "  fivestep guest run --append init_on_free=1 --clock instructions -- run guest -o slow.jsonl\n"
	       "  fivestep guest run --clock instructions -- run --resume insn.jsonl\n"
	       "\n"
	       "Without KVM the CPU is emulated (TCG): times are then not comparable with other machines, and the record says so.",
};

static int fail(const char *what, const struct fs_reason *why, int status)
{
	char command[32];

	snprintf(command, sizeof(command), "guest %s", what);
	say_error(command, why);
	return status;
}

/* ---- run */

/* Says where the rounds are and how to continue. */
static int conclude(const struct request *request, const struct guest_result *result, int err, int signal_number)
{
	const char *output = request->options.output;

	if (err == 0) {
		/* Messages from inside the guest name files by their paths in there. */
		if (result->status != 0 && output != NULL)
			say("guest run", WIRE_RUN " in the guest is %s on this machine", output);
		if (result->status != 0 && request->options.plan != NULL)
			say("guest run", WIRE_PLAN " in the guest is %s on this machine", request->options.plan);
		if (result->records > 0)
			say("guest run", "every round is in %s", output);
		return result->status;
	}
	if (result->records > 0) {
		runs_print_table(output);
		say("guest run", "%s keeps what was measured (to continue: the same command with -- run --resume %s)", output, output);
	}
	return fail("run", &result->why, signal_number != 0 ? 128 + signal_number : (int)runs_status_of(err));
}

/* The kernel, and with it the architecture, the emulator and the program. */
static int choose_kernel(struct request *request, struct fs_reason *why)
{
	struct guest_options *options = &request->options;
	const struct guest_arch *here = arch_here(request->kernel[0] != '\0' ? NULL : why);
	int err = 0;

	if (request->kernel[0] == '\0' && here == NULL)
		return -ENOTSUP;
	if (request->kernel[0] == '\0')
		err = guest_find_qemu(here, why);
	if (err == 0 && request->kernel[0] == '\0')
		err = cache_kernel(here, request->kernel, sizeof(request->kernel), why);
	if (err < 0)
		return err;
	options->kernel = request->kernel;
	options->arch = arch_of_kernel(request->kernel, &options->page_bytes, why);
	if (options->arch == NULL)
		return -ENOEXEC;
	if (options->arch != here && options->bundle == NULL)
		return fs_because(why, -EXDEV,
			"--bundle DIR: the folder of an unpacked bundle for it (make bundle on such a machine, or build-aux/machines.sh "
			"arm64-bundle)",
			"the kernel is of %s, and this fivestep is not", options->arch->name);
	return guest_find_qemu(options->arch, why);
}

static int run_guest(int argc, char **argv)
{
	struct request *request = calloc(1, sizeof(*request));
	const volatile sig_atomic_t *stop;
	struct guest_result result = {0};
	struct fs_reason why = {0};
	int status, err;

	if (request == NULL)
		return EXIT_OWN_ERROR;
	request->options = (struct guest_options){.memory_mib = 2048, .device_nodes = 1, .device_mib = 512, .distance = 80, .timeout_s = 600};
	usage_parse("guest run", &run_argp, argc, argv, request);
	if (request->words.word[0] == NULL) {
		request->words.word[0] = (char *)"run";
		request->words.word[1] = (char *)"guest";
	}
	guest_words_redirect(&request->words, &request->options);
	request->options.args = request->words.word;
	request->options.interactive = strcmp(request->words.word[0], WIRE_SHELL) == 0;
	if (request->options.interactive)
		request->options.timeout_s = SHELL_S;
	err = choose_kernel(request, &why);
	if (err < 0) {
		status = fail("run", &why, err == -EPERM ? EXIT_OWN_ERROR : EXIT_ALL_SKIPPED);
		goto out;
	}
	/* The driver is built with the kernel, and stored beside it. */
	snprintf(request->module, sizeof(request->module), "%s" GUEST_MODULE, request->kernel);
	if (access(request->module, R_OK) == 0)
		request->options.module = request->module;
	stop = runner_catch_signals();
	err = guest_launch(&request->options, stop, &result);
	status = conclude(request, &result, err, *stop);
out:
	free(request);
	return status;
}

/* ---- shell */

static int shell_guest(int argc, char **argv)
{
	char **words = calloc((size_t)argc + 3, sizeof(*words));
	int status;

	if (words == NULL)
		return EXIT_OWN_ERROR;
	memcpy(words, argv, (size_t)argc * sizeof(*words));
	words[argc] = (char *)"--";
	words[argc + 1] = (char *)WIRE_SHELL;
	status = run_guest(argc + 2, words);
	free(words);
	return status;
}

/* ---- build */

/* The scripts write to this folder and the guest boots from it. */
static int cache_make_guest(const char *cache, struct fs_reason *why)
{
	char folder[512];

	snprintf(folder, sizeof(folder), "%s/guest", cache);
	return cache_make(folder, why);
}

/* build, compare and kernels are shell scripts: SCRIPT CONFIG CACHE ARG... */
static int run_script(const char *what, const char *name, char **argv)
{
	char script[512], config[512], cache[400];
	char *words[GUEST_WORDS + 6] = {(char *)"sh", script, config, cache};
	struct fs_reason why = {0};

	if (cache_dir(cache, sizeof(cache), &why) != 0 || cache_make_guest(cache, &why) != 0)
		return fail(what, &why, EXIT_OWN_ERROR);
	if (datafile_check("guest", "guest", "files of the reference guest", &why) != 0 ||
		datafile_path("guest", "guest", name, script, sizeof(script)) != 0 ||
		datafile_path("guest", "guest", "kernel.config", config, sizeof(config)) != 0) {
		if (why.what[0] == '\0')
			fs_because(&why, 0, "set FIVESTEP_DATADIR to fivestep's data folder", "%s does not exist", script);
		return fail(what, &why, EXIT_OWN_ERROR);
	}
	for (unsigned i = 0; argv[1 + i] != NULL && i < GUEST_WORDS; i++)
		words[4 + i] = argv[1 + i];
	/* The scripts call this fivestep. */
	setenv("FIVESTEP", program_command(), 1);
	execv("/bin/sh", words);
	fs_because(&why, 0, "", "cannot start /bin/sh: %s", strerror(errno));
	return fail(what, &why, EXIT_OWN_ERROR);
}

static int build_kernel(char **argv)
{
	if (argv[1] != NULL && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		printf("Usage: fivestep guest build [--debug] [--arch ARCH] [--pages SIZE] [KERNEL_SRC | PACKAGE]\n"
		       "Builds the guest's kernel from the distribution's kernel source package, or from a source tree, with the options\n"
		       "that the guest needs. It is cached (FIVESTEP_CACHE, ~/.cache/fivestep) by version and options.\n"
		       "ARCH is x86_64 or aarch64 (default: this machine's), SIZE the base pages of aarch64: 4K (the default), 16K or 64K.\n"
		       "With --debug the kernel checks locks, memory and page tables as it runs: slow, for tests of drivers. It is stored\n"
		       "separately; pass the path that is printed to fivestep guest run --kernel.\n");
		return EXIT_FINE;
	}
	return run_script("build", "build.sh", argv);
}

static int guest(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (strcmp(what, "build") == 0)
		return build_kernel(argv + 1);
	if (strcmp(what, "run") == 0)
		return run_guest(argc - 1, argv + 1);
	if (strcmp(what, "shell") == 0)
		return shell_guest(argc - 1, argv + 1);
	if (strcmp(what, "compare") == 0)
		return run_script("compare", "compare.sh", argv + 1);
	if (strcmp(what, "kernels") == 0 && argv[2] != NULL && (strcmp(argv[2], "--draw") == 0 || strcmp(argv[2], "--where") == 0))
		return guest_kernels_show(argc - 1, argv + 1);
	if (strcmp(what, "kernels") == 0)
		return run_script("kernels", "kernels.sh", argv + 1);
	fprintf(strcmp(what, "--help") == 0 ? stdout : stderr,
		"Usage: fivestep guest build [--debug] [--arch ARCH] [--pages SIZE] [KERNEL_SRC | PACKAGE]\n"
		"       fivestep guest run [OPTION...] [-- COMMAND...]\n"
		"       fivestep guest shell [OPTION...]\n"
		"       fivestep guest compare BASE NEW [APPEND] [-- run PLAN | NAME...]\n"
		"       fivestep guest kernels [-o DIR] [--arch ARCH] [--pages SIZE,...] [--bundle DIR] [KERNEL...]\n"
		"The reference guest: the real kernel's HMM, device-coherent memory and a node without CPUs, on any machine.\n"
		"fivestep guest run --help explains the options.\n");
	return strcmp(what, "--help") == 0 ? EXIT_FINE : EXIT_USAGE;
}

const struct command command_guest = {
	.name = "guest",
	.usage = "{build [--debug] [KERNEL_SRC | PACKAGE] | run [OPTION...] [-- COMMAND...] | shell | compare BASE NEW | kernels [KERNEL...]}",
	.summary = "the reference guest: the real kernel's HMM and CDM on any machine",
	.run = guest,
};

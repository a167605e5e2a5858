/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qemu.c - the guest's machine: one node with CPUs, one or more without, special-purpose memory for the coherent units of dmirror and for softdev.
 *
 * Under the instruction clock nothing of the host may affect the guest: one CPU, no entropy, a fixed date, no address space randomisation, ports
 * written by the CPU itself instead of another thread (ioeventfd=off). String instructions, which QEMU would count as one, are switched off. The
 * kernel's per-CPU page lists have a fixed length: otherwise the kernel tunes them over time, and the cost of a page depends on what came before.
 */
#include "config.h"

#include "guest/qemu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fnv.h"
#include "base/reference_guest.h"
#include "base/text.h"

/* Chunks that are not used by the kernel: two for the coherent units of dmirror, which need that size, and one for softdev. */
#define SPM_CHUNK_MIB 256
#define SPM_CHUNKS    3

/* The HMAT's values for the node with CPUs. */
#define NEAR_LATENCY_NS	   100
#define NEAR_BANDWIDTH_MBS 20480

static void word(struct qemu_command *command, const char *fmt, ...) FS_PRINTF(2, 3);
static void word(struct qemu_command *command, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = command->n < QEMU_WORDS ? vasprintf(&command->words[command->n], fmt, ap) : -1;
	va_end(ap);
	if (len < 0)
		command->failed = true;
	else
		command->words[++command->n] = NULL;
}

static void pair(struct qemu_command *command, const char *option, const char *value)
{
	word(command, "%s", option);
	word(command, "%s", value);
}

static unsigned cpus_of(const struct guest_options *options)
{
	return options->instructions ? 1 : options->cpus != 0 ? options->cpus : 2;
}

static void processor(struct qemu_command *command, const struct guest_options *options, bool kvm)
{
	if (kvm) {
		pair(command, "-accel", "kvm");
		pair(command, "-cpu", "host");
	} else if (options->instructions) {
		pair(command, "-accel", "tcg,thread=single");
		pair(command, "-icount", "shift=0,sleep=off");
		pair(command, "-cpu", options->arch->counted_cpu);
		pair(command, "-rtc", "base=2000-01-01,clock=vm");
		pair(command, "-seed", "1");
	} else {
		pair(command, "-accel", "tcg");
		pair(command, "-cpu", options->arch->cpu);
	}
	word(command, "-smp");
	word(command, "%u", cpus_of(options));
}

/* The nodes without CPUs come last; the upper part of the last one is the special-purpose memory. */
static unsigned node_mib(const struct guest_options *options, unsigned node)
{
	if (node == 0)
		return options->memory_mib;
	return options->device_mib + (node == options->device_nodes ? SPM_CHUNKS * SPM_CHUNK_MIB : 0);
}

static unsigned total_mib(const struct guest_options *options)
{
	unsigned sum = 0;

	for (unsigned node = 0; node <= options->device_nodes; node++)
		sum += node_mib(options, node);
	return sum;
}

/* The HMAT's values for a node as seen from the CPUs: unless given, it is slower in proportion to its distance. */
static void performance(struct qemu_command *command, const struct guest_options *options, unsigned node)
{
	unsigned latency_ns = NEAR_LATENCY_NS, bandwidth_mbs = NEAR_BANDWIDTH_MBS;

	if (node > 0) {
		latency_ns = options->device_latency_ns > 0 ? options->device_latency_ns : NEAR_LATENCY_NS * options->distance / 10;
		bandwidth_mbs = options->device_bandwidth_mbs > 0 ? options->device_bandwidth_mbs : NEAR_BANDWIDTH_MBS * 10 / options->distance;
	}
	word(command, "-numa");
	word(command, "hmat-lb,initiator=0,target=%u,hierarchy=memory,data-type=access-latency,latency=%u", node, latency_ns);
	word(command, "-numa");
	word(command, "hmat-lb,initiator=0,target=%u,hierarchy=memory,data-type=access-bandwidth,bandwidth=%uM", node, bandwidth_mbs);
}

static void distances(struct qemu_command *command, const struct guest_options *options)
{
	for (unsigned src = 0; src <= options->device_nodes; src++) {
		for (unsigned dst = 0; dst <= options->device_nodes; dst++) {
			if (src == dst)
				continue;
			word(command, "-numa");
			word(command, "dist,src=%u,dst=%u,val=%u", src, dst, options->distance);
		}
	}
}

static void memory(struct qemu_command *command, const struct guest_options *options)
{
	word(command, "-m");
	word(command, "%uM", total_mib(options));
	for (unsigned node = 0; node <= options->device_nodes; node++) {
		word(command, "-object");
		word(command, "memory-backend-ram,id=m%u,size=%uM", node, node_mib(options, node));
		word(command, "-numa");
		if (node > 0)
			word(command, "node,nodeid=%u,memdev=m%u%s", node, node, options->arch->has_hmat ? ",initiator=0" : "");
		else
			word(command, cpus_of(options) > 1 ? "node,nodeid=0,memdev=m0,cpus=0-%u" : "node,nodeid=0,memdev=m0,cpus=%u",
				cpus_of(options) - 1);
	}
	distances(command, options);
	for (unsigned node = 0; options->arch->has_hmat && node <= options->device_nodes; node++)
		performance(command, options, node);
}

/*
 * Padded with blanks under the instruction clock: the kernel keeps copies, whose length must not matter. The kernel takes 2047 characters
 * (COMMAND_LINE_SIZE); a line longer than the padding is not shortened.
 */
#define PARAMETERS_WIDTH 1536

static void parameters(struct qemu_command *command, const struct guest_options *options, unsigned long long spm)
{
	const struct guest_arch *arch = options->arch;
	char *text = NULL, spared[64];

	if (arch->has_memmap)
		snprintf(spared, sizeof(spared), "memmap=%uM$0x%llx", SPM_CHUNKS * SPM_CHUNK_MIB, spm);
	else
		snprintf(spared, sizeof(spared), "mem=%uM", total_mib(options) - SPM_CHUNKS * SPM_CHUNK_MIB);
	if (asprintf(&text,
		    "console=%s " REFERENCE_GUEST_INIT " panic=-1 oops=panic random.trust_cpu=off numa_balancing=%s %s%s%s%s"
		    "%s test_hmm.spm_addr_dev0=0x%llx test_hmm.spm_addr_dev1=0x%llx "
		    "softdev.coherent_start=0x%llx softdev.coherent_mib=%u %s",
		    arch->console, options->balancing != GUEST_UNBALANCED ? "enable" : "disable",
		    options->balancing == GUEST_TIERING ? "sysctl.kernel.numa_balancing=2 " : "", options->instructions ? "nokaslr norandmaps " : "",
		    options->instructions ? arch->counted_parameters : arch->parameters,
		    options->instructions ? "sysctl.vm.percpu_pagelist_high_fraction=8 " : "", spared, spm, spm + (SPM_CHUNK_MIB << 20),
		    spm + (2ull * SPM_CHUNK_MIB << 20), SPM_CHUNK_MIB, options->append != NULL ? options->append : "") < 0) {
		command->failed = true;
		return;
	}
	word(command, "%-*s -- __init", options->instructions ? PARAMETERS_WIDTH : 0, text);
	free(text);
}

static void boot(struct qemu_command *command, const struct guest_options *options, const char *initrd)
{
	/* Memory ends where the last node ends. */
	const struct guest_arch *arch = options->arch;
	unsigned long long end = arch->memory_start + ((unsigned long long)total_mib(options) << 20);
	unsigned long long spm;

	if (end > arch->hole_start)
		end += arch->hole_end - arch->hole_start;
	spm = end - ((unsigned long long)SPM_CHUNKS * SPM_CHUNK_MIB << 20);
	pair(command, "-kernel", options->kernel);
	pair(command, "-initrd", initrd);
	word(command, "-append");
	parameters(command, options, spm);
}

/* Pipes if possible: a socket is full after some 200 single bytes, and then the host's scheduling of its reader matters. */
static void line(struct qemu_command *command, const char *name, int fd, bool both_ways)
{
	word(command, "-chardev");
	word(command, both_ways ? "socket,id=%s,fd=%d" : "file,id=%s,path=/proc/self/fd/%d", name, fd);
	word(command, strcmp(name, "console") == 0 ? "-serial" : "-device");
	word(command, strcmp(name, "console") == 0 ? "chardev:%s" : "virtserialport,chardev=%s", name);
}

void qemu_build(struct qemu_command *command, const struct guest_options *options, bool kvm, const char *initrd, const struct qemu_lines *lines)
{
	*command = (struct qemu_command){0};
	word(command, "%s", options->arch->qemu);
	pair(command, "-machine", kvm ? options->arch->machine_kvm : options->arch->machine);
	word(command, "-nodefaults");
	word(command, "-no-user-config");
	word(command, "-no-reboot");
	pair(command, "-display", "none");
	processor(command, options, kvm);
	memory(command, options);
	line(command, "console", lines->console, false);
	pair(command, "-device", "virtio-serial-pci,ioeventfd=off");
	line(command, "records", lines->records, false);
	line(command, "output", lines->output, options->interactive);
	line(command, "errors", lines->errors, false);
	boot(command, options, initrd);
}

uint64_t qemu_digest(const struct guest_options *options, bool kvm)
{
	struct guest_options plain = *options;
	uint64_t digest = FNV_BEGIN;
	struct qemu_command command;

	plain.kernel = "";
	plain.append = NULL;
	qemu_build(&command, &plain, kvm, "", &(struct qemu_lines){0});
	for (unsigned i = 0; i < command.n; i++)
		digest = fnv_add(digest, command.words[i], strlen(command.words[i]) + 1);
	qemu_free(&command);
	return digest;
}

void qemu_free(struct qemu_command *command)
{
	for (unsigned i = 0; i < command->n; i++)
		free(command->words[i]);
	command->n = 0;
}

void qemu_version(const char *program, char *text, size_t bytes)
{
	char *command = text_format("%s --version 2>/dev/null", program), line[256] = "";
	FILE *said = command != NULL ? popen(command, "re") : NULL;
	const char *at;

	if (said != NULL && fgets(line, sizeof(line), said) == NULL)
		line[0] = '\0';
	if (said != NULL)
		pclose(said);
	free(command);
	at = strstr(line, "version ");
	snprintf(text, bytes, "%.*s", at != NULL ? (int)strcspn(at + strlen("version "), "\n") : 0, at != NULL ? at + strlen("version ") : "");
}

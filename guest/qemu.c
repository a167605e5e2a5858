/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qemu.c - one node with CPUs, one without, special-purpose memory for the coherent units of dmirror.
 *
 * Under the instruction clock nothing of the host may reach the guest: one CPU, no entropy, a fixed date, no address
 * layout of chance; string instructions that QEMU would count as one are switched off.
 */
#include "config.h"

#include "guest/qemu.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The coherent units of dmirror need two chunks of 256 MiB that the kernel does not use. */
#define SPM_CHUNK_MIB 256

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
		pair(command, "-cpu", "max,erms=off,fsrm=off,rdrand=off,rdseed=off");
		pair(command, "-rtc", "base=2000-01-01,clock=vm");
		pair(command, "-seed", "1");
	} else {
		pair(command, "-accel", "tcg");
		pair(command, "-cpu", "max");
	}
	word(command, "-smp");
	word(command, "%u", cpus_of(options));
}

/* The node without CPUs is the last of the memory; its upper part is the special-purpose memory. */
static void memory(struct qemu_command *command, const struct guest_options *options)
{
	unsigned device_mib = options->device_mib + 2 * SPM_CHUNK_MIB;

	word(command, "-m");
	word(command, "%uM", options->memory_mib + device_mib);
	word(command, "-object");
	word(command, "memory-backend-ram,id=m0,size=%uM", options->memory_mib);
	word(command, "-object");
	word(command, "memory-backend-ram,id=m1,size=%uM", device_mib);
	word(command, "-numa");
	word(command, cpus_of(options) > 1 ? "node,nodeid=0,memdev=m0,cpus=0-%u" : "node,nodeid=0,memdev=m0,cpus=%u", cpus_of(options) - 1);
	pair(command, "-numa", "node,nodeid=1,memdev=m1,initiator=0");
	for (int src = 0; src < 2; src++) {
		word(command, "-numa");
		word(command, "dist,src=%d,dst=%d,val=%u", src, 1 - src, options->distance);
	}
	for (int node = 0; node < 2; node++) {
		/* The HMAT's figures: the far node as many times slower as its distance says. */
		word(command, "-numa");
		word(command, "hmat-lb,initiator=0,target=%d,hierarchy=memory,data-type=access-latency,latency=%u", node,
			node == 0 ? 100 : 100 * options->distance / 10);
		word(command, "-numa");
		word(command, "hmat-lb,initiator=0,target=%d,hierarchy=memory,data-type=access-bandwidth,bandwidth=%uM", node,
			node == 0 ? 20480 : 20480 * 10 / options->distance);
	}
}

static void boot(struct qemu_command *command, const struct guest_options *options, const char *initrd)
{
	/* q35 puts 2 GiB below 4 GiB and the rest above: the end of memory is where node 1 ends. */
	unsigned long long total_mib = options->memory_mib + options->device_mib + 2 * SPM_CHUNK_MIB;
	unsigned long long end = ((total_mib > 2048 ? total_mib - 2048 : 0) << 20) + (1ull << 32);
	unsigned long long spm = end - (2ull * SPM_CHUNK_MIB << 20);

	pair(command, "-kernel", options->kernel);
	pair(command, "-initrd", initrd);
	word(command, "-append");
	word(command,
		"console=ttyS0 rdinit=/bin/fivestep panic=-1 oops=panic random.trust_cpu=off numa_balancing=%s %s"
		"memmap=%uM$0x%llx test_hmm.spm_addr_dev0=0x%llx test_hmm.spm_addr_dev1=0x%llx %s -- __init",
		options->balancing ? "enable" : "disable",
		options->instructions ? "nokaslr norandmaps tsc=reliable clocksource=tsc no_timer_check " : "", 2 * SPM_CHUNK_MIB, spm, spm,
		spm + (SPM_CHUNK_MIB << 20), options->append != NULL ? options->append : "");
}

static void line(struct qemu_command *command, const char *name, int fd)
{
	word(command, "-chardev");
	word(command, "socket,id=%s,fd=%d", name, fd);
	word(command, strcmp(name, "console") == 0 ? "-serial" : "-device");
	word(command, strcmp(name, "console") == 0 ? "chardev:%s" : "virtserialport,chardev=%s", name);
}

void qemu_build(struct qemu_command *command, const struct guest_options *options, bool kvm, const char *initrd, int console, int records, int output)
{
	*command = (struct qemu_command){0};
	word(command, QEMU_PROGRAM);
	pair(command, "-machine", "q35,hmat=on");
	word(command, "-nodefaults");
	word(command, "-no-user-config");
	word(command, "-no-reboot");
	pair(command, "-display", "none");
	processor(command, options, kvm);
	memory(command, options);
	line(command, "console", console);
	pair(command, "-device", "virtio-serial-pci");
	line(command, "records", records);
	line(command, "output", output);
	boot(command, options, initrd);
}

void qemu_free(struct qemu_command *command)
{
	for (unsigned i = 0; i < command->n; i++)
		free(command->words[i]);
	command->n = 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch.h - boots the reference guest with a fivestep command in it, and brings back its records.
 */
#ifndef FIVESTEP_GUEST_LAUNCH_H
#define FIVESTEP_GUEST_LAUNCH_H

#include <signal.h>

#include "guest/arch.h"
#include "harness/fivestep.h"

#define GUEST_DEVICE_NODES_MAX 7

/* Appended to the name of a kernel: the driver of softdev that was built for it. */
#define GUEST_MODULE ".softdev.ko"

enum guest_accelerator { GUEST_AUTO, GUEST_KVM, GUEST_TCG };

/* Whether the kernel migrates pages to the node of the CPU that uses them; GUEST_TIERING: and between faster and slower nodes. */
enum guest_balancing { GUEST_UNBALANCED, GUEST_BALANCED, GUEST_TIERING };

struct guest_options {
	const char *kernel;	       /* a bzImage, or what it is called elsewhere */
	const struct guest_arch *arch; /* of that kernel, */
	size_t page_bytes;	       /* and its base pages */
	const char *bundle;	       /* where the kernel is of another architecture than this program: one that is of it; NULL: this program */
	bool instructions;	       /* one CPU, time counted in instructions */
	enum guest_accelerator accelerator;
	unsigned cpus;					  /* 0: 2, or 1 under the instruction clock */
	unsigned memory_mib;				  /* of the node with CPUs */
	unsigned device_nodes;				  /* without CPUs, from 1 to GUEST_DEVICE_NODES_MAX */
	unsigned device_mib;				  /* of each of them */
	unsigned distance;				  /* between any two */
	unsigned device_latency_ns, device_bandwidth_mbs; /* in the HMAT; 0: derived from the distance */
	const char *module;				  /* the driver of softdev for that kernel; NULL: none */
	const char *program;				  /* runs in place of fivestep, for tests; may be NULL */
	const char *append;				  /* more boot parameters; may be NULL */
	unsigned timeout_s;
	enum guest_balancing balancing; /* not available together with dmirror */
	bool verbose;			/* show the kernel's console */
	bool interactive;		/* standard input goes to the command */
	char *const *args;		/* the command, as after `fivestep`; ends with NULL */
	const char *output;		/* its run file on the host; NULL: none */
	bool resumes;			/* that file exists and is resumed */
	const char *plan;		/* the user's own plan, if it names one; may be NULL */
};

/* The outcome. */
struct guest_result {
	int status;	      /* the command's exit status; -1 if the guest died before reporting it */
	unsigned records;     /* lines that reached the run file */
	struct fs_reason why; /* the panic's text, the timeout, or QEMU's message */
};

/* 0 if the guest powered off with a status, else -errno with result->why. No process is left behind. */
int guest_launch(const struct guest_options *options, const volatile sig_atomic_t *stop, struct guest_result *result);

/* Whether QEMU is installed for it; the reason names the package. */
int guest_find_qemu(const struct guest_arch *arch, struct fs_reason *why);

#endif

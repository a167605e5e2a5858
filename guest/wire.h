/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire.h - what the launcher and the guest's first process agree on.
 */
#ifndef FIVESTEP_GUEST_WIRE_H
#define FIVESTEP_GUEST_WIRE_H

/* Lines of the guest. The kernel's console is a serial line; the others are virtio ports: QEMU keeps a serial line's speed. */
#define WIRE_RECORDS "/dev/vport0p1" /* lines of the run file, and at last {"type":"guest","status":N} */
#define WIRE_OUTPUT  "/dev/vport0p2" /* standard output of the command, and its input where somebody types */
#define WIRE_ERRORS  "/dev/vport0p3" /* its standard error */

#define WIRE_PROGRAM "/bin/fivestep"
#define WIRE_MODULE  "/lib/softdev.ko"	  /* the driver of the device softdev, where there is one for the kernel */
#define WIRE_OTHER   "/bin/other"	  /* a program to run in place of fivestep; only there for tests of the driver */
#define WIRE_DATA    "/share/fivestep"	  /* FIVESTEP_DATADIR there */
#define WIRE_ARGS    "/etc/fivestep/args" /* the command's arguments: their number, then each, all ended by a zero byte; then zeros */
#define WIRE_ENV     "/etc/fivestep/env"  /* NAME=VALUE, likewise */
#define WIRE_FOLDER  "/here"		  /* where the command runs, with the user's files, which have always the same names there: */
#define WIRE_RUN     "run.jsonl"
#define WIRE_PLAN    "given.plan"

/* In the environment of the command, where the driver of softdev could not be loaded: why. */
#define WIRE_SOFTDEV "FIVESTEP_SOFTDEV"

/* The length of those two files, whatever is in them. */
#define WIRE_ARGS_BYTES 16384
#define WIRE_ENV_BYTES	4096

/* What the first process says for itself, on the line of the records: the options that the kernel lacks, the command's status. */
#define WIRE_LACKS  "{\"type\":\"guest\",\"lacks\":\""
#define WIRE_STATUS "{\"type\":\"guest\",\"status\":%d}"

/* The hidden command that the kernel starts as the first process. */
#define WIRE_INIT "__init"

/* A command of the guest's own: a prompt at which commands of fivestep are typed, until exit or the end of the input. */
#define WIRE_SHELL "__shell"
int guest_shell(void);

/* The first process: argv[0] is WIRE_INIT. Never returns to the caller's life: it powers the machine off. */
int guest_init(void);

#endif

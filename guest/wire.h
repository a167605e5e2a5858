/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * wire.h - what the launcher and the guest's first process agree on.
 */
#ifndef FIVESTEP_GUEST_WIRE_H
#define FIVESTEP_GUEST_WIRE_H

/* The guest's ports. The kernel's console is a serial line; the others are virtio ports, because QEMU emulates the low speed of a serial line. */
#define WIRE_RECORDS "/dev/vport0p1" /* lines of the run file, finally {"type":"guest","status":N} */
#define WIRE_OUTPUT  "/dev/vport0p2" /* standard output of the command, and its input in an interactive session */
#define WIRE_ERRORS  "/dev/vport0p3" /* its standard error */

#define WIRE_PROGRAM "/bin/fivestep"
#define WIRE_MODULE  "/lib/softdev.ko"	  /* the driver of the device softdev, if there is one for the kernel */
#define WIRE_OTHER   "/bin/other"	  /* a program to run in place of fivestep; only there for tests of the driver */
#define WIRE_DATA    "/share/fivestep"	  /* FIVESTEP_DATADIR in the guest */
#define WIRE_ARGS    "/etc/fivestep/args" /* the command's arguments: their number, then each, all terminated by a zero byte; padded with zeros */
#define WIRE_ENV     "/etc/fivestep/env"  /* NAME=VALUE, likewise */
#define WIRE_FOLDER  "/here"		  /* working folder of the command, with the user's files under fixed names: */
#define WIRE_RUN     "run.jsonl"
#define WIRE_PLAN    "given.plan"

/* In the environment of the command, if the driver of softdev could not be loaded: why. */
#define WIRE_SOFTDEV "FIVESTEP_SOFTDEV"

/* The fixed length of those two files. */
#define WIRE_ARGS_BYTES 16384
#define WIRE_ENV_BYTES	4096

/* Messages of the first process on the record port: the options that the kernel lacks, the command's status. */
#define WIRE_LACKS  "{\"type\":\"guest\",\"lacks\":\""
#define WIRE_STATUS "{\"type\":\"guest\",\"status\":%d}"

/* The hidden command that the kernel starts as the first process. */
#define WIRE_INIT "__init"

/* A command that exists only in the guest: a prompt for fivestep commands, until exit or the end of the input. */
#define WIRE_SHELL "__shell"
int guest_shell(void);

/* The first process: argv[0] is WIRE_INIT. It ends by powering the machine off. */
int guest_init(void);

#endif

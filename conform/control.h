/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * control.h - what cases set for a whole machine, so in the reference guest alone: the kernel's settings, and control groups.
 */
#ifndef FIVESTEP_CONFORM_CONTROL_H
#define FIVESTEP_CONFORM_CONTROL_H

#include <limits.h>

#include "harness/fivestep.h"

/* A skip outside of a virtual machine; doing: what would be done to it. */
int control_need_guest(struct fs_job *job, const char *doing);

/* A file of /proc or /sys in one write or read: 0 or -errno, as the kernel answers. control_read() leaves out the end of the line. */
int control_write(const char *path, const char *text);
int control_read(const char *path, char *text, size_t bytes);
/* -1 if it cannot be read. */
long long control_number(const char *path);
/* The number behind "NAME " at the start of a line; -1 if there is none. */
long long control_field(const char *path, const char *name);

/* A setting that gets its old value back. */
struct control_setting {
	const char *path;
	char before[128];
};
/* A skip if there is no such setting, or it refuses: lacks says what the kernel lacks. */
int control_set(struct fs_job *job, struct control_setting *setting, const char *path, const char *value, const char *lacks);
void control_reset(const struct control_setting *setting);

/* What the kernel says of a page in /proc/self/pagemap: 0 or -errno. */
#define CONTROL_PFN ((1ull << 55) - 1) /* for root alone */
int control_pagemap(const void *page, uint64_t *entry);

/* A control group with one controller, which is empty at first. */
struct control_group {
	char root[64], path[96];
};
int control_group_open(struct fs_job *job, struct control_group *group, const char *controller);
/* A file of the group, as "memory.max"; valid until the next call. */
const char *control_group_file(const struct control_group *group, const char *name);
/* This process from now on. 0 or -errno */
int control_group_enter(const struct control_group *group);
/* The calling thread alone, in a group of threads (of a controller that can have them); it leaves when it ends. 0 or -errno */
int control_group_enter_thread(const struct control_group *group);
/* This process leaves, and the group is gone. Returns err unchanged. */
int control_group_close(struct control_group *group, int err);

#endif

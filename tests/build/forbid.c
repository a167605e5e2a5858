/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forbid huge_pages EPERM COMMAND... runs it with transparent huge pages disabled for its processes, as some container managers do.
 * forbid SYSCALL ERRNO COMMAND... - runs a command for which one system call fails, as a container's seccomp profile
 * (EPERM) or an old kernel (ENOSYS) makes it. Exits with 77 if seccomp itself is not available.
 */
#include "config.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int number_of(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{"userfaultfd", SYS_userfaultfd},
		{"perf_event_open", SYS_perf_event_open},
		{"move_pages", SYS_move_pages},
		{"pidfd_getfd", SYS_pidfd_getfd},
		{"pidfd_open", SYS_pidfd_open},
		{"mbind", SYS_mbind},
		{"memfd_create", SYS_memfd_create},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].number;
	}
	return -1;
}

static int errno_of(const char *name)
{
	return strcmp(name, "EPERM") == 0 ? EPERM : strcmp(name, "ENOSYS") == 0 ? ENOSYS : strcmp(name, "EACCES") == 0 ? EACCES : -1;
}

static int forbid(int number, int err)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)err),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0 ? 0 : -errno;
}

int main(int argc, char **argv)
{
	bool huge_pages = argc > 3 && strcmp(argv[1], "huge_pages") == 0;
	int number = argc > 3 ? number_of(argv[1]) : -1, err = argc > 3 ? errno_of(argv[2]) : -1;

	if ((number < 0 && !huge_pages) || err < 0) {
		fprintf(stderr, "usage: forbid SYSCALL|huge_pages EPERM|ENOSYS|EACCES COMMAND...\n");
		return 99;
	}
	if (huge_pages ? prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0 : forbid(number, err) != 0)
		return 77;
	execvp(argv[3], argv + 3);
	fprintf(stderr, "forbid: %s: %s\n", argv[3], strerror(errno));
	return 99;
}

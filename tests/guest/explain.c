/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * explain.c - why a guest did not live, from the last lines of consoles.
 */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "guest/explain.h"
#include "guest/wire.h"
#include "tests/tap.h"

static struct fs_reason why;

static int explain(const char *console, int err, int command_status, int wait_status)
{
	struct guest_end end = {.arch = arch_named("x86_64"),
		.console = console,
		.err = err,
		.command_status = command_status,
		.wait_status = wait_status,
		.timeout_s = 7,
		.without_records = true};

	memset(&why, 0, sizeof(why));
	return guest_explain(&end, &why);
}

static void test_panic(void)
{
	is_int(explain("[ 1.0] a line\r\n[ 1.1] Kernel panic - not syncing: Fatal exception\r\n[ 1.2] more\r\n", 0, -1, SIGKILL), -EIO, "a panic");
	is_str(why.what, "the guest's kernel died: Kernel panic - not syncing: Fatal exception ",
		"is told in the kernel's words, to the end of its line");
	explain("Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n", -ETIMEDOUT, -1, 0);
	is_str(why.remedy, "use a kernel with CONFIG_BLK_DEV_INITRD", "one without a file system names the option");
	explain("Failed to execute /bin/fivestep (error -8)\nKernel panic - not syncing: No working init found.\n", 0, -1, 0);
	is_str(why.remedy, "use a kernel with CONFIG_BINFMT_ELF, CONFIG_64BIT", "one that cannot run programs too");
}

static void test_silence(void)
{
	is_int(explain("", -ETIMEDOUT, -1, 0), -ETIMEDOUT, "nothing at all");
	is_str(why.what, "the guest did not finish within 7 s; its last output: nothing", "is said");
	explain("", 0, -1, 0);
	is_str(why.remedy, "use a kernel with CONFIG_SERIAL_8250_CONSOLE, CONFIG_PRINTK", "and what gives a kernel a voice");
	explain("booting\n" WIRE_LACKS "CONFIG_X (no /x)\"}\npowers off\n", 0, -1, 0);
	is_str(why.what, "this kernel has no virtio port to the host; it lacks CONFIG_X (no /x)",
		"what the first process says on the console counts");
}

/* What is longer than its room ends with "...", or where the room does. */
static void test_long(void)
{
	char console[600], want[600], options[300];

	memset(options, 'X', sizeof(options));
	for (int n = 165; n <= 167; n++) {
		snprintf(console, sizeof(console), WIRE_LACKS "%.*s\"}\n", n, options);
		explain(console, 0, -1, 0);
		snprintf(want, sizeof(want), "this kernel has no virtio port to the host; it lacks %.*s%s", n < 166 ? n : 166, options,
			n < 166 ? "" : "...");
		is_str(why.what, want, "%d letters of what a kernel lacks", n);
	}
	for (int n = 158; n <= 160; n++) {
		snprintf(console, sizeof(console), "%.*s", n, options);
		explain(console, -ETIMEDOUT, -1, 0);
		snprintf(want, sizeof(want), "the guest did not finish within 7 s; its last output: %.*s", n < 159 ? n : 159, options);
		is_str(why.what, want, "%d letters of a console", n);
	}
	explain("one\ntwo\nthree\nfour", -ETIMEDOUT, -1, 0);
	is_str(why.what, "the guest did not finish within 7 s; its last output: two three four", "three lines of which the last has no end");
	explain("\n", -ETIMEDOUT, -1, 0);
	is_str(why.what, "the guest did not finish within 7 s; its last output:  ", "a line without a word");
	explain("unable to open an initial console\nKernel panic - not syncing\n", 0, -1, 0);
	is_str(why.remedy, "use a kernel with CONFIG_DEVTMPFS, CONFIG_DEVTMPFS_MOUNT", "the last symptom has its option, too");
	explain("something else\nKernel panic - not syncing\n", 0, -1, 0);
	is_str(why.remedy, "fivestep guest run --verbose shows the console", "without a symptom the console is named");
}

static void test_ends(void)
{
	is_int(explain("whatever", 0, 4, 0), 0, "a status is a life lived");
	is_int(explain("whatever", 0, -1, 127 << 8), -ENOENT, "QEMU that cannot be started");
	is_int(explain("whatever", -EINTR, -1, 0), -EINTR, "the user's interrupt");
	is_str(why.what, "interrupted", "is no fault of the kernel's");
	is_int(explain("whatever", -ENOSPC, -1, 0), -ENOSPC, "a reason that is there already");
	is_str(why.what, "", "stays");
	is_int(explain("whatever", 0, -1, SIGKILL), -EIO, "QEMU killed");
	is_str(why.what, "qemu-system-x86_64 was killed by signal 9 (Killed)", "is said as that");
	is_int(explain("one\ntwo\nthree\nfour\n", 0, -1, 0), -EIO, "a death without a word");
	is_str(why.what, "the guest ended without a status; its last output: two three four ", "shows the last lines");
}

int main(void)
{
	test_panic();
	test_silence();
	test_long();
	test_ends();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * launch.c - boots the guest, forwards its output, writes its records to the run file, and makes sure that it ends.
 *
 * No file is created except the run file: the initramfs is a memfd, the guest's ports are pipes. QEMU
 * is killed with its parent.
 */
#include "config.h"

#include "base/say.h"
#include "base/text.h"
#include "guest/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest/explain.h"
#include "guest/pack.h"
#include "guest/qemu.h"
#include "guest/records.h"
#include "guest/wire.h"

enum line { LINE_CONSOLE, LINE_RECORDS, LINE_OUTPUT, LINE_ERRORS, LINES };

#define TAIL_BYTES    8192
#define LAST_WORDS_MS 500
#define END_MS	      5000	/* from QEMU's last output to its exit */
#define KVM_TRIAL_S   20	/* a kernel without any output by then does not run */
#define LINE_BYTES    (1 << 20) /* the largest pipe for unprivileged users */

struct guest {
	const struct guest_options *options;
	struct guest_result *result;
	pid_t pid;
	int ours[LINES], theirs[LINES];
	bool ended[LINES];
	struct guest_records records;
	char tail[TAIL_BYTES]; /* the end of the console output */
	size_t tail_len;
	bool alive; /* the kernel or a program in it has written something */
	bool panicked, input_ended;
	bool greeted; /* the command has written something: input typed before it reads would be lost */
	uint64_t start_ns, deadline_ns;
};

int guest_find_qemu(const struct guest_arch *arch, struct fs_reason *why)
{
	const char *path = getenv("PATH");
	char *copy = strdup(path != NULL ? path : "/usr/bin:/bin"), *save, file[512];
	bool found = false;

	for (char *dir = copy != NULL ? strtok_r(copy, ":", &save) : NULL; dir != NULL && !found; dir = strtok_r(NULL, ":", &save)) {
		snprintf(file, sizeof(file), "%s/%s", dir, arch->qemu);
		found = access(file, X_OK) == 0;
	}
	free(copy);
	return found ? 0 : fs_because(why, -ENOENT, arch->package, "%s is not installed", arch->qemu);
}

/* ---- QEMU */

static void become_qemu(struct guest *guest, bool kvm, int initrd, pid_t parent)
{
	struct qemu_command command;
	char path[64];
	int quiet = open("/dev/null", O_RDWR);

	/* A process group of its own: the launcher handles Ctrl-C. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	dup2(quiet, STDIN_FILENO);
	/* QEMU's own messages are part of the console output. */
	dup2(guest->theirs[LINE_CONSOLE], STDOUT_FILENO);
	dup2(guest->theirs[LINE_CONSOLE], STDERR_FILENO);
	for (int i = 0; i < LINES; i++)
		fcntl(guest->theirs[i], F_SETFD, 0);
	fcntl(initrd, F_SETFD, 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", initrd);
	qemu_build(&command, guest->options, kvm, path,
		&(struct qemu_lines){
			guest->theirs[LINE_CONSOLE], guest->theirs[LINE_RECORDS], guest->theirs[LINE_OUTPUT], guest->theirs[LINE_ERRORS]});
	if (!command.failed)
		execvp(command.words[0], command.words);
	_exit(127);
}

static int open_lines(struct guest *guest)
{
	for (int i = 0; i < LINES; i++) {
		int ends[2];
		bool both_ways = i == LINE_OUTPUT && guest->options->interactive;

		if ((both_ways ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) : pipe2(ends, O_CLOEXEC)) != 0)
			return -errno;
		/* Large enough that the guest never waits for the reader, whose speed would otherwise show in the guest's times. */
		fcntl(ends[1], F_SETPIPE_SZ, LINE_BYTES);
		guest->ours[i] = ends[0];
		guest->theirs[i] = ends[1];
		guest->ended[i] = false;
	}
	return 0;
}

static int start(struct guest *guest, bool kvm, int initrd)
{
	pid_t parent = getpid();
	sigset_t none;
	int err = open_lines(guest);

	if (err < 0)
		return err;
	guest->pid = fork();
	if (guest->pid == 0) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		become_qemu(guest, kvm, initrd, parent);
	}
	for (int i = 0; i < LINES; i++) {
		close(guest->theirs[i]);
		guest->theirs[i] = -1;
	}
	return guest->pid > 0 ? 0 : -errno;
}

/* ---- the guest's output */

/* Keeps at least half a buffer of the latest output. A zero byte would end the text. */
static void keep_tail(struct guest *guest, const char *bytes, size_t len)
{
	size_t half = (TAIL_BYTES - 1) / 2;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\0')
			continue;
		if (guest->tail_len == TAIL_BYTES - 1) {
			memmove(guest->tail, guest->tail + guest->tail_len - half, half);
			guest->tail_len = half;
		}
		guest->tail[guest->tail_len++] = bytes[i];
	}
	guest->tail[guest->tail_len] = '\0';
}

/* After its first output it gets the whole time limit. */
static void hear_life(struct guest *guest)
{
	if (!guest->alive)
		guest->deadline_ns = guest->start_ns + (uint64_t)guest->options->timeout_s * 1000000000u;
	guest->alive = true;
}

static void hear_console(struct guest *guest, const char *bytes, size_t len)
{
	if (guest->options->verbose)
		fwrite(bytes, 1, len, stderr);
	keep_tail(guest, bytes, len);
	if (!guest->alive && strstr(guest->tail, "Linux version") != NULL)
		hear_life(guest);
	if (!guest->panicked && strstr(guest->tail, GUEST_PANIC) != NULL) {
		guest->panicked = true;
		guest->deadline_ns = fs_now() + LAST_WORDS_MS * 1000000ull;
	}
}

/* Forwards the command's output to the stream it was written to. */
static void hear_command(struct guest *guest, FILE *file, const char *bytes, size_t len)
{
	hear_life(guest);
	guest->greeted = true;
	guest_progress_clear(&guest->records.progress);
	fwrite(bytes, 1, len, file);
	if (guest->options->interactive)
		fflush(file);
}

static int hear(struct guest *guest, enum line line)
{
	char bytes[16384];
	ssize_t got = read(guest->ours[line], bytes, sizeof(bytes));

	if (got <= 0) {
		guest->ended[line] = got == 0 || (errno != EINTR && errno != EAGAIN);
		return 0;
	}
	if (line == LINE_CONSOLE)
		hear_console(guest, bytes, (size_t)got);
	else if (line == LINE_OUTPUT)
		hear_command(guest, stdout, bytes, (size_t)got);
	else if (line == LINE_ERRORS)
		hear_command(guest, stderr, bytes, (size_t)got);
	else {
		hear_life(guest);
		return records_take(&guest->records, bytes, (size_t)got, &guest->result->why);
	}
	return 0;
}

/* Forwards typed input to the command; end of file becomes "exit", because a port has no end of file. */
static void pass_input(struct guest *guest)
{
	static const char bye[] = "exit\n";
	char bytes[4096];
	ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes)), sent;

	guest->input_ended = got <= 0;
	if (got > 0)
		sent = write(guest->ours[LINE_OUTPUT], bytes, (size_t)got);
	else
		sent = write(guest->ours[LINE_OUTPUT], bye, sizeof(bye) - 1);
	(void)sent; /* a dead guest is noticed when its ports close */
}

static bool has_ended(const struct guest *guest)
{
	bool ended = true;

	for (int i = 0; i < LINES; i++)
		ended = ended && guest->ended[i];
	return ended;
}

/* Until QEMU has closed its ends, the time is up, or the user interrupts. */
static int listen_to(struct guest *guest, const volatile sig_atomic_t *stop)
{
	int err = 0;

	while (err == 0 && !has_ended(guest)) {
		struct pollfd fds[LINES + 1];
		uint64_t now_ns = fs_now(), left_ns = guest->deadline_ns > now_ns ? guest->deadline_ns - now_ns : 0;
		struct timespec left = {(time_t)(left_ns / 1000000000u), (long)(left_ns % 1000000000u)};
		sigset_t none;

		if (*stop)
			return -EINTR;
		if (left_ns == 0)
			return guest->panicked ? 0 : -ETIMEDOUT;
		for (int i = 0; i < LINES; i++)
			fds[i] = (struct pollfd){.fd = guest->ended[i] ? -1 : guest->ours[i], .events = POLLIN};
		fds[LINES] = (struct pollfd){
			.fd = guest->options->interactive && guest->greeted && !guest->input_ended ? STDIN_FILENO : -1, .events = POLLIN};
		sigemptyset(&none);
		if (ppoll(fds, LINES + 1, &left, &none) < 0 && errno != EINTR)
			return -errno;
		if (fds[LINES].revents != 0)
			pass_input(guest);
		for (int i = 0; i < LINES && err == 0; i++) {
			if (fds[i].revents != 0)
				err = hear(guest, i);
		}
	}
	fflush(stdout);
	return err;
}

/* ---- the guest's end */

/* Reads what was written before the guest was stopped, so that no measured round is lost. */
static void hear_the_rest(struct guest *guest)
{
	int err = 0;

	for (int i = 0; i < LINES; i++) {
		while (err == 0 && !guest->ended[i])
			err = hear(guest, i);
	}
}

/* QEMU has closed its ends and is about to exit, or must be killed now. Returns its wait status. */
static int finish(struct guest *guest, int err)
{
	struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, guest->pid, 0), .events = POLLIN};
	int status = 0;

	/* Killing QEMU while it exits would hide its own exit status. */
	if (err == 0 && !guest->panicked && ended.fd >= 0)
		poll(&ended, 1, END_MS);
	if (ended.fd >= 0)
		close(ended.fd);
	kill(-guest->pid, SIGKILL);
	kill(guest->pid, SIGKILL);
	waitpid(guest->pid, &status, 0);
	if (err == -EINTR || err == -ETIMEDOUT)
		hear_the_rest(guest);
	for (int i = 0; i < LINES; i++)
		close(guest->ours[i]);
	return status;
}

/* ---- attempts */

/* seconds: time until it must have written something. accelerator: for the record. */
static int attempt(struct guest *guest, bool kvm, const char *accelerator, unsigned seconds, int initrd, const volatile sig_atomic_t *stop)
{
	int err = pack_initramfs(guest->options, kvm, accelerator, initrd, &guest->result->why), status;

	if (err < 0)
		return err;
	guest->tail_len = 0;
	guest->tail[0] = '\0';
	records_begin(&guest->records);
	guest->alive = guest->panicked = false;
	guest->start_ns = fs_now();
	guest->deadline_ns = guest->start_ns + (uint64_t)seconds * 1000000000u;
	err = start(guest, kvm, initrd);
	if (err < 0)
		return fs_because(&guest->result->why, err, "", "cannot start the guest: %s", strerror(-err));
	err = listen_to(guest, stop);
	status = finish(guest, err);
	guest_progress_clear(&guest->records.progress);
	return guest_explain(&(struct guest_end){.arch = guest->options->arch,
				     .console = guest->tail,
				     .err = err,
				     .command_status = guest->records.status,
				     .wait_status = status,
				     .timeout_s = guest->alive ? guest->options->timeout_s : seconds,
				     .without_records = guest->records.n == 0},
		&guest->result->why);
}

/*
 * That /dev/kvm exists, or even opens, proves nothing: KVM works if a kernel gets as far as its first output. The outcome of the trial is
 * recorded. Under the instruction clock the text is always the same, because it is in the guest's memory.
 */
static int attempt_all(struct guest *guest, int initrd, const volatile sig_atomic_t *stop)
{
	const struct guest_options *options = guest->options;
	unsigned trial_s = options->timeout_s < KVM_TRIAL_S ? options->timeout_s : KVM_TRIAL_S;
	char *accelerator;
	int err;

	if (options->instructions)
		return attempt(guest, false, "tcg: instructions are counted", options->timeout_s, initrd, stop);
	if (options->accelerator == GUEST_TCG)
		return attempt(guest, false, "tcg: as requested", options->timeout_s, initrd, stop);
	if (options->accelerator == GUEST_KVM)
		return attempt(guest, true, "kvm", options->timeout_s, initrd, stop);
	err = attempt(guest, true, "kvm", trial_s, initrd, stop);
	if (err < 0 && err != -EINTR && !guest->alive) {
		accelerator = text_format("tcg: KVM was tried: %s", guest->result->why.what);
		say("guest run", "KVM does not work on this machine; the guest is emulated (TCG)");
		err = accelerator != NULL ? attempt(guest, false, accelerator, options->timeout_s, initrd, stop) : fs_no_memory(&guest->result->why);
		free(accelerator);
	}
	return err;
}

int guest_launch(const struct guest_options *options, const volatile sig_atomic_t *stop, struct guest_result *result)
{
	struct guest guest = {.options = options, .result = result};
	int initrd = memfd_create("fivestep-initramfs", MFD_CLOEXEC), err;

	*result = (struct guest_result){0};
	err = records_open(&guest.records, options, &result->why);
	if (err == 0 && initrd < 0)
		err = fs_because(&result->why, -errno, "", "memfd_create: %s", strerror(errno));
	if (err == 0)
		err = attempt_all(&guest, initrd, stop);
	/* The run file itself records why it ends here. */
	if (err < 0)
		records_say_end(&guest.records, err == -EINTR, result->why.what);
	result->status = guest.records.status;
	result->records = guest.records.n;
	records_close(&guest.records);
	if (initrd >= 0)
		close(initrd);
	return err;
}

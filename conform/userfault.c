/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * userfault.c - a program handles the faults of a range itself (userfaultfd) while its pages go to the device and come back.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conform/conform.h"

#define KEY   1
#define OTHER 2

/* A thread that fills missing pages with the contents of KEY, and lifts the protection of those that are written. */
struct handler {
	struct conform *c;
	int fd, stop[2];
	pthread_t thread;
	unsigned char *page; /* contents to fill in */
	atomic_uint filled, written;
};

static void fill_page(struct handler *handler, size_t page)
{
	struct conform image = *handler->c;
	struct uffdio_copy copy = {.len = image.page_bytes};
	struct uffdio_range range = {.len = image.page_bytes};

	/* conform_fill() writes where the range would have that page. */
	image.buf.cpu = handler->page - page * image.page_bytes;
	conform_fill(&image, page, 1, KEY);
	copy.dst = (uintptr_t)conform_at(handler->c, page);
	copy.src = (uintptr_t)handler->page;
	range.start = copy.dst;
	/* Counted first: who waits for the page goes on before the call returns. If it fails, it is to try again rather than to wait. */
	atomic_fetch_add(&handler->filled, 1);
	if (ioctl(handler->fd, UFFDIO_COPY, &copy) != 0) {
		atomic_fetch_sub(&handler->filled, 1);
		ioctl(handler->fd, UFFDIO_WAKE, &range);
	}
}

static int protect(const struct handler *handler, size_t first, size_t n, bool on)
{
	struct uffdio_writeprotect protection = {.mode = on ? UFFDIO_WRITEPROTECT_MODE_WP : 0};

	protection.range.start = (uintptr_t)conform_at(handler->c, first);
	protection.range.len = n * handler->c->page_bytes;
	return ioctl(handler->fd, UFFDIO_WRITEPROTECT, &protection) == 0
		       ? 0
		       : fs_error(handler->c->job, -errno, "UFFDIO_WRITEPROTECT: %s", strerror(errno));
}

static void *serve(void *arg)
{
	struct handler *handler = arg;
	struct pollfd watched[2] = {{.fd = handler->fd, .events = POLLIN}, {.fd = handler->stop[0], .events = POLLIN}};
	struct uffd_msg event;

	/* A signal that interrupts the wait must not end it: whoever faulted would wait forever. */
	while ((poll(watched, 2, -1) >= 0 || errno == EINTR) && watched[1].revents == 0) {
		size_t page;

		if (read(handler->fd, &event, sizeof(event)) != sizeof(event) || event.event != UFFD_EVENT_PAGEFAULT)
			continue;
		page = (size_t)(event.arg.pagefault.address - (uintptr_t)handler->c->buf.cpu) / handler->c->page_bytes;
		if ((event.arg.pagefault.flags & UFFD_PAGEFAULT_FLAG_WP) == 0) {
			fill_page(handler, page);
		} else {
			atomic_fetch_add(&handler->written, 1);
			protect(handler, page, 1, false);
		}
	}
	return NULL;
}

static int open_userfaultfd(struct fs_job *job, int *fd, uint64_t features)
{
	struct uffdio_api api = {.api = UFFD_API, .features = features};

	*fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	if (*fd < 0)
		return fs_skip(job, "a kernel with CONFIG_USERFAULTFD, as root", "no userfaultfd: %s", strerror(errno));
	if (ioctl(*fd, UFFDIO_API, &api) == 0)
		return 0;
	close(*fd);
	return fs_skip(job, "Linux 5.7 or newer", "this userfaultfd does not protect pages from writes");
}

static void stop(struct handler *handler)
{
	if (handler->thread != 0 && write(handler->stop[1], "", 1) == 1)
		pthread_join(handler->thread, NULL);
	for (size_t i = 0; i < 2; i++) {
		if (handler->stop[i] >= 0)
			close(handler->stop[i]);
	}
	if (handler->fd >= 0)
		close(handler->fd);
	free(handler->page);
}

/* The range of c is handled from now on. stop() also after a failure. */
static int start(struct conform *c, struct handler *handler, uint64_t mode)
{
	struct uffdio_register range = {.mode = mode};
	int err;

	*handler = (struct handler){.c = c, .fd = -1, .stop = {-1, -1}, .page = malloc(c->page_bytes)};
	err = open_userfaultfd(c->job, &handler->fd, mode == UFFDIO_REGISTER_MODE_WP ? UFFD_FEATURE_PAGEFAULT_FLAG_WP : 0);
	if (err < 0)
		return err;
	range.range.start = (uintptr_t)c->buf.cpu;
	range.range.len = c->pages * c->page_bytes;
	c->mapped = true;
	if (handler->page == NULL || ioctl(handler->fd, UFFDIO_REGISTER, &range) != 0 || pipe2(handler->stop, O_CLOEXEC) != 0)
		return fs_error(c->job, -errno, "a range cannot be registered with userfaultfd: %s", strerror(errno));
	err = pthread_create(&handler->thread, NULL, serve, handler);
	return err == 0 ? 0 : fs_error(c->job, -err, "no thread: %s", strerror(err));
}

static int open_handled(struct fs_job *job, struct conform *c, struct handler *handler, uint64_t mode)
{
	int err;

	*handler = (struct handler){.fd = -1, .stop = {-1, -1}};
	*c = (struct conform){0};
	err = conform_open_ordinary(job, c);
	if (err < 0)
		return err;
	/* Pages none of which exists. */
	err = conform_map(c, 0, c->pages, PROT_READ | PROT_WRITE, MAP_PRIVATE, -1);
	if (err == 0 && mode == UFFDIO_REGISTER_MODE_WP)
		conform_fill(c, 0, c->pages, KEY);
	return err == 0 ? start(c, handler, mode) : err;
}

static int close_handled(struct conform *c, struct handler *handler, int err)
{
	stop(handler);
	return c->buf.cpu != NULL ? conform_close(c, err) : err;
}

/* ---- missing pages */

/* The device comes first. A refused access ends the case: the device may not have survived it. */
static int device_first(struct fs_job *job, bool may_refuse)
{
	struct handler handler;
	struct conform c;
	int err = open_handled(job, &c, &handler, UFFDIO_REGISTER_MODE_MISSING), seen;

	if (err < 0)
		return close_handled(&c, &handler, err);
	seen = conform_device_compare(&c, 0, c.pages, KEY);
	if (seen < 0 && (seen == -EBADMSG || !may_refuse))
		return seen;
	if (seen < 0)
		fs_forgive(job);
	err = conform_compare(&c, 0, c.pages, KEY);
	fs_expect(job, "pages that the handler filled", atomic_load(&handler.filled), FS_EQ, (double)c.pages);
	/* The process ends, and with it the buffer. */
	return seen < 0 ? err : close_handled(&c, &handler, err);
}

static int waits(struct fs_job *job)
{
	return device_first(job, false);
}

static int never_invents(struct fs_job *job)
{
	return device_first(job, true);
}

static int goes_after_fill(struct fs_job *job)
{
	struct handler handler;
	struct conform c;
	int err = open_handled(job, &c, &handler, UFFDIO_REGISTER_MODE_MISSING);

	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY);
	if (err == 0)
		err = conform_move(&c, 0, c.pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(&c, 0, c.pages, FS_DEVICE, c.pages, "pages on the device after the move");
	if (err == 0)
		err = conform_device_fill(&c, 0, c.pages, OTHER);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, OTHER);
	if (err == 0)
		fs_expect(job, "pages that the handler filled", atomic_load(&handler.filled), FS_EQ, (double)c.pages);
	return close_handled(&c, &handler, err);
}

/* ---- protection from writes */

static int stays_protected(struct fs_job *job)
{
	struct handler handler;
	struct conform c;
	int err = open_handled(job, &c, &handler, UFFDIO_REGISTER_MODE_WP);

	if (err == 0)
		err = protect(&handler, 0, c.pages, true);
	if (err == 0)
		err = conform_move(&c, 0, c.pages, FS_DEVICE);
	if (err == 0)
		err = conform_expect(&c, 0, c.pages, FS_DEVICE, c.pages, "pages on the device after the move");
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, KEY);
	if (err == 0)
		conform_fill(&c, 0, c.pages, OTHER);
	if (err == 0)
		err = conform_compare(&c, 0, c.pages, OTHER);
	if (err == 0)
		fs_expect(job, "writes of the CPU that were reported", atomic_load(&handler.written), FS_EQ, (double)c.pages);
	return close_handled(&c, &handler, err);
}

/* A write by the device that is refused ends the case. */
static int device_writes_protected(struct fs_job *job)
{
	struct handler handler;
	struct conform c;
	int err = conform_need_robust(job), refused;
	unsigned reported;

	if (err < 0)
		return err;
	err = open_handled(job, &c, &handler, UFFDIO_REGISTER_MODE_WP);
	if (err == 0)
		err = protect(&handler, 0, c.pages, true);
	if (err < 0)
		return close_handled(&c, &handler, err);
	refused = conform_device_fill(&c, 0, c.pages, OTHER);
	if (refused < 0)
		fs_forgive(job);
	reported = atomic_load(&handler.written);
	err = conform_compare(&c, 0, c.pages, refused < 0 ? KEY : OTHER);
	fs_expect(job, "writes of the device that were refused or reported", refused < 0 ? (double)c.pages : reported, FS_EQ, (double)c.pages);
	return err;
}

#define CASE(case_name, more, text, promised, what, ...)                                                                                             \
	{                                                                                                                                            \
		.name = FS_CASE case_name, .summary = text, .promise = promised, .needs = FS_MOVE | FS_RESIDENCE | (more), .bytes = conform_bytes,   \
		.run = what, __VA_ARGS__                                                                                                             \
	}

const struct fs_bench conform_userfault[] = {
	CASE("userfault_waits", FS_FAULTS, "the device touches pages that a userfaultfd has to fill",
		"The device waits for the handler of a userfaultfd, and reads what it fills in.", waits,
		.expected_failure = "hmm_range_fault() cannot wait for a handler: it lets go of no lock, so the kernel answers with an error"),
	CASE("userfault_missing", FS_FAULTS, "the device touches pages that a userfaultfd has to fill, and may be refused",
		"The device never makes a page that a userfaultfd has to fill: it waits or is refused, and then all pages hold what was filled in.",
		never_invents),
	CASE("userfault_filled", 0, "pages that a userfaultfd filled go to the device",
		"Pages that the handler of a userfaultfd filled in go to the device and come back like others, without another event.",
		goes_after_fill),
	CASE("userfault_protected", 0, "pages that a userfaultfd protects from writes go to the device",
		"Pages that a userfaultfd protects from writes are protected still when they come back from the device.", stays_protected),
	CASE("userfault_device_writes", FS_FAULTS, "the device writes to pages that a userfaultfd protects",
		"A write by the device to pages that a userfaultfd protects is refused or reported.", device_writes_protected),
	{0},
};

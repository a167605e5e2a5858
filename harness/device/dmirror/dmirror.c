/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * dmirror - the kernel's own HMM test device: the real code of device-private memory (HMM) and of device-coherent
 * memory (CDM's successor), without an accelerator. The reference guest has it; distributions' kernels do not.
 *
 * Its units 0 and 1 are device-private, 2 and 3 device-coherent. The device accesses the process's memory through its
 * mirrored page table, by the ioctls READ and WRITE. So a launch reads the buffer into a shadow, computes there,
 * and writes it back. A device fault covers everything that is missing in the range; if the setup works on demand, pages
 * on the host are then migrated first, as a driver does that wants the data near. The CPU's touch of a page on
 * a private unit is a fault that the kernel serves by migrating the page back, one page per fault.
 *
 * MIGRATE_TO_DEV ends with a read-back of the whole range for verification, MIGRATE_TO_SYS does not: as they are, their times are not
 * comparable. The read-back does what READ does. So each migration to the device is followed by a READ of the same range, and both are
 * excluded from all times (excluded_ns): what remains is the migration, in both directions.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness/device/dmirror/dmirror.h"
#include "harness/machine/topology.h"

static const struct fs_param params[] = {
	{.name = "unit", .type = FS_PARAM_COUNT, .initial = "0", .min = 0, .max = 1, .help = "dmirror: which of the two devices of each kind"},
	{0},
};

/* ---- the kernel's device */

static void device_path(enum fs_memory_kind kind, unsigned unit, char path[32])
{
	snprintf(path, 32, "/dev/hmm_dmirror%u", unit + (kind == FS_MEMORY_COHERENT ? 2 : 0));
}

static bool is_there(enum fs_memory_kind kind)
{
	char path[32];

	device_path(kind, 0, path);
	return access(path, R_OK | W_OK) == 0;
}

static void probe(const struct fs_machine *machine, struct fs_probe *probe)
{
	static const char remedy[] = "fivestep guest run, or a kernel with CONFIG_TEST_HMM (test_hmm.spm_addr_dev0/1 for coherent units)";
	bool mirror = !machine->foreign && is_there(FS_MEMORY_MIRROR), coherent = !machine->foreign && is_there(FS_MEMORY_COHERENT);
	bool balanced = machine->numa_balancing > 0;

	/*
	 * Balancing invalidates the mirror of a page that is on a private unit; the kernel's device then maps the page itself instead
	 * of what backs it, and the next READ is an oops (lib/test_hmm.c, seen with 6.12).
	 */
	mirror = mirror && !balanced;
	coherent = coherent && !balanced;
	if (mirror || coherent)
		probe->caps = FS_CAP_COPY | FS_CAP_MIGRATE | FS_CAP_RESIDENCE | FS_CAP_PREFETCH;
	probe->caps |= (mirror ? FS_CAP_MIRROR : 0) | (coherent ? FS_CAP_COHERENT : 0);
	for (unsigned bit = 0; bit < FS_CAPS; bit++) {
		if ((probe->caps & (1u << bit)) == 0)
			fs_because(
				&probe->lacks[bit], 0, remedy, "no %s", (1u << bit) == FS_CAP_COHERENT ? "/dev/hmm_dmirror2" : "/dev/hmm_dmirror0");
	}
	if ((probe->caps & FS_CAP_COPY) != 0)
		fs_because(&probe->lacks[__builtin_ctz(FS_CAP_ATOMIC)], 0, "device=emu", "dmirror reaches memory by copies: no atomics with the CPU");
	if ((probe->caps & FS_CAP_COPY) != 0)
		fs_because(&probe->lacks[__builtin_ctz(FS_CAP_NODE)], 0, "device=emu",
			"device-coherent memory is no node: the kernel does not balance it");
	snprintf(probe->summary, sizeof(probe->summary), "the kernel's HMM test device:%s%s", mirror ? " private" : "", coherent ? " coherent" : "");
}

static size_t pages_of(const struct dmirror *dmirror, size_t bytes)
{
	return (bytes + dmirror->page_bytes - 1) / dmirror->page_bytes;
}

/* ---- open, close, memory */

static void *map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p != MAP_FAILED)
		madvise(p, bytes, MADV_NOHUGEPAGE);
	return p == MAP_FAILED ? NULL : p;
}

static void close_dmirror(void *dev)
{
	struct dmirror *dmirror = dev;

	if (dmirror->fd >= 0)
		close(dmirror->fd);
	if (dmirror->shadow != NULL)
		munmap(dmirror->shadow, dmirror->shadow_bytes);
	free(dmirror->places);
	free(dmirror);
}

static int open_unit(unsigned unit, enum fs_memory_kind kind, size_t bytes, struct fs_reason *why, void **dev)
{
	struct dmirror *dmirror = calloc(1, sizeof(*dmirror));
	char path[32];

	if (dmirror == NULL)
		return fs_no_memory(why);
	dmirror->fd = -1;
	dmirror->page_bytes = fs_page_bytes();
	dmirror->shadow_bytes = pages_of(dmirror, bytes > 0 ? bytes : 1) * dmirror->page_bytes;
	dmirror->shadow = map(dmirror->shadow_bytes);
	dmirror->places = calloc(dmirror->shadow_bytes / dmirror->page_bytes, 1);
	device_path(kind, unit, path);
	if (kind != FS_MEMORY_DEVICE)
		dmirror->fd = open(path, O_RDWR | O_CLOEXEC);
	if (dmirror->shadow == NULL || dmirror->places == NULL || (kind != FS_MEMORY_DEVICE && dmirror->fd < 0)) {
		int err = dmirror->shadow == NULL || dmirror->places == NULL ? -ENOMEM : -errno;

		close_dmirror(dmirror);
		return fs_because(why, err, "", "cannot open %s with %zu bytes: %s", path, bytes, strerror(-err));
	}
	/* The device's own memory is allocated before step 1. */
	memset(dmirror->shadow, 0, dmirror->shadow_bytes);
	*dev = dmirror;
	return 0;
}

static int open_dmirror(struct fs_job *job, enum fs_memory_kind kind, size_t bytes, void **dev)
{
	return open_unit((unsigned)fs_count(job, "unit"), kind, bytes, fs_why(job), dev);
}

/* It mirrors the whole process, so nothing is told of the memory. */
static int join(const struct fs_args *args, const struct fs_memory *memory, struct fs_reason *why, void **dev)
{
	if (!is_there(memory->kind))
		return fs_because(why, -ENODEV, "fivestep guest run -- conform, with a kernel of fivestep guest build",
			"there is no second device that reaches this memory: no unit of dmirror");
	return open_unit(args != NULL ? 1 - (unsigned)fs_arg_count(args, "unit") : 0, memory->kind, memory->bytes, why, dev);
}

static int migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to);

static int alloc(void *dev, enum fs_memory_kind kind, size_t bytes, enum fs_side side, struct fs_memory *memory)
{
	struct dmirror *dmirror = dev;
	int err = 0;

	*memory = (struct fs_memory){.kind = kind, .bytes = bytes, .device = dmirror->shadow};
	if (kind == FS_MEMORY_DEVICE)
		return bytes <= dmirror->shadow_bytes ? 0 : -ENOMEM;
	memory->cpu = map(pages_of(dmirror, bytes) * dmirror->page_bytes);
	memory->device = memory->cpu;
	if (memory->cpu == NULL)
		return -ENOMEM;
	/* Only existing pages can be moved there: so the driver touches them first. */
	if (kind == FS_MEMORY_COHERENT && side == FS_DEVICE) {
		memset(memory->cpu, 0, bytes);
		err = migrate(dev, memory, 0, bytes, FS_DEVICE);
	}
	return err;
}

static void free_memory(void *dev, struct fs_memory *memory)
{
	struct dmirror *dmirror = dev;

	if (memory->cpu != NULL)
		munmap(memory->cpu, pages_of(dmirror, memory->bytes) * dmirror->page_bytes);
}

/* ---- primitives; all of them are synchronous */

static int copy(void *dev, int stream, struct fs_memory *memory, size_t offset, void *host, size_t bytes, enum fs_side to)
{
	struct dmirror *dmirror = dev;

	(void)stream;
	if (memory->kind != FS_MEMORY_DEVICE || offset + bytes > dmirror->shadow_bytes)
		return -EINVAL;
	if (to == FS_DEVICE)
		memcpy(dmirror->shadow + offset, host, bytes);
	else
		memcpy(host, dmirror->shadow + offset, bytes);
	dmirror->copied_bytes[to] += bytes;
	return 0;
}

/*
 * Repeats the read-back by itself: pages were read back through the device's page table, so none of them may fault now, or it would not be the
 * same work. Its time is excluded twice: once for the ioctl's built-in read-back. So it is capped at the time of the ioctl
 * (migration_ns), in case the thread lost its CPU during the measurement.
 */
static int measure_read_back(struct dmirror *dmirror, unsigned char *address, size_t pages, const struct dmirror_cmd *moved, uint64_t migration_ns)
{
	struct dmirror_cmd read;
	uint64_t start_ns = fs_now(), read_ns;
	int err = dmirror_order_range(dmirror, DMIRROR_READ, address, dmirror->shadow, dmirror->page_bytes, pages, &read);

	read_ns = fs_now() - start_ns;
	dmirror->excluded_ns += read_ns + (read_ns < migration_ns ? read_ns : migration_ns);
	if (err == 0 && (read.faults != 0 || read.cpages != moved->cpages))
		err = fs_because(&dmirror->why, -EAGAIN, "", "dmirror: pages left the device's page table while they were migrated");
	return err;
}

/* Only the ioctl, so that nothing else is timed; residence() reports where the pages are. */
static int move(struct dmirror *dmirror, unsigned char *address, size_t pages, enum fs_side to)
{
	struct dmirror_cmd sum;
	uint64_t start_ns;
	int err;

	if (to == FS_HOST)
		return dmirror_order_range(dmirror, DMIRROR_MIGRATE_TO_SYS, address, dmirror->shadow, 0, pages, &sum);
	start_ns = fs_now();
	err = dmirror_order_range(dmirror, DMIRROR_MIGRATE_TO_DEV, address, dmirror->shadow, dmirror->page_bytes, pages, &sum);
	/* The read-back ended at a page that did not move, as one that KSM has merged with another: that is no error, residence tells. */
	if (err == -ENOENT)
		return 0;
	return err == 0 ? measure_read_back(dmirror, address, pages, &sum, fs_now() - start_ns) : err;
}

static int migrate(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, enum fs_side to)
{
	struct dmirror *dmirror = dev;
	size_t first = offset / dmirror->page_bytes, last = pages_of(dmirror, offset + bytes);

	if (memory->kind == FS_MEMORY_DEVICE)
		return -EINVAL;
	dmirror->prefetched[to] += last - first;
	return move(dmirror, (unsigned char *)memory->cpu + first * dmirror->page_bytes, last - first, to);
}

static bool is_on_device(uint8_t place)
{
	return (place & DMIRROR_PLACE_MASK) == DMIRROR_PRIVATE_LOCAL;
}

/*
 * How many pages from AT one request may cover. A fault covers all of its range from the first missing page on, and for a page on a
 * private unit the kernel's device then maps the page itself instead of what backs it: the next READ is an oops (dmirror_do_fault in
 * lib/test_hmm.c, seen with 6.1 and 6.12). So no request may cover both pages on the device and others.
 */
static size_t run_of(const struct dmirror *dmirror, size_t at, size_t pages)
{
	size_t n = 1;

	while (at + n < pages && is_on_device(dmirror->places[at + n]) == is_on_device(dmirror->places[at]))
		n++;
	return n;
}

/* A driver knows where pages are; this one has to ask, which is excluded from all times. */
static int look(struct dmirror *dmirror, const struct fs_memory *memory, size_t pages)
{
	struct dmirror_cmd sum;
	uint64_t start = fs_now();
	int err = dmirror_order_range(dmirror, DMIRROR_SNAPSHOT, memory->cpu, dmirror->places, 1, pages, &sum);

	dmirror->excluded_ns += fs_now() - start;
	return err;
}

/* READ or WRITE of the whole buffer; *faults: all device faults. */
static int reach(struct dmirror *dmirror, unsigned long request, const struct fs_memory *memory, uint64_t *faults)
{
	size_t pages = pages_of(dmirror, memory->bytes), n, page = dmirror->page_bytes;
	bool is_private = memory->kind == FS_MEMORY_MIRROR;
	struct dmirror_cmd sum;
	int err = is_private ? look(dmirror, memory, pages) : 0;

	*faults = 0;
	for (size_t at = 0; at < pages && err == 0; at += n) {
		n = is_private ? run_of(dmirror, at, pages) : pages;
		err = dmirror_order_range(dmirror, request, (unsigned char *)memory->cpu + at * page, dmirror->shadow + at * page, page, n, &sum);
		*faults += sum.faults;
		dmirror->reached_pages += sum.cpages;
	}
	dmirror->faults_to_device += *faults;
	return err;
}

/* Missing pages fault; under HMM the driver then migrates them to the device's memory. */
static int read_buffer(struct dmirror *dmirror, struct fs_memory *memory)
{
	uint64_t faults;
	int err = reach(dmirror, DMIRROR_READ, memory, &faults);

	if (err == 0 && memory->kind == FS_MEMORY_MIRROR && faults > 0)
		err = move(dmirror, memory->cpu, pages_of(dmirror, memory->bytes), FS_DEVICE);
	/* Of kinds of memory that the kernel migrates to no device (hugetlb) the driver leaves pages where they are, and reaches them there. */
	return err == -EINVAL ? 0 : err;
}

static int launch(void *dev, int stream, struct fs_memory *memory, const struct fs_launch *launch)
{
	struct dmirror *dmirror = dev;
	uint64_t faults;
	int err = memory->kind != FS_MEMORY_DEVICE ? read_buffer(dmirror, memory) : 0;

	(void)stream;
	if (err == 0)
		launch->body(dmirror->shadow, dmirror->out, launch->args, launch->first, launch->last, 1);
	if (err == 0 && memory->kind != FS_MEMORY_DEVICE && !launch->reads_only)
		err = reach(dmirror, DMIRROR_WRITE, memory, &faults);
	if (err < 0)
		fs_because(&dmirror->why, err, "", "dmirror: %s", strerror(-err));
	return err;
}

static int wait_dmirror(void *dev, int stream)
{
	(void)dev;
	(void)stream;
	return 0;
}

static int residence(void *dev, struct fs_memory *memory, size_t offset, size_t bytes, uint8_t *side)
{
	struct dmirror *dmirror = dev;
	size_t pages = bytes / dmirror->page_bytes;
	struct dmirror_cmd sum;
	int err = dmirror_order_range(dmirror, DMIRROR_SNAPSHOT, (unsigned char *)memory->cpu + offset, side, 1, pages, &sum);

	for (size_t i = 0; i < pages && err == 0; i++) {
		unsigned place = side[i] & DMIRROR_PLACE_MASK;

		side[i] = side[i] == 0 || side[i] == DMIRROR_ERROR		     ? FS_SIDES
			  : is_on_device(side[i]) || place == DMIRROR_COHERENT_LOCAL ? FS_DEVICE
										     : FS_HOST;
	}
	return err;
}

/* ---- counts */

static const struct fs_count_def counts[] = {
	{"faults_to_device", "faults", "faults of the device's page table; each covers all missing pages of up to 1024 consecutive ones",
		FS_TO(FS_DEVICE)},
	{"reached_pages", "pages", "pages that the device read or wrote through its page table, counted at each access", 0},
	{"prefetched_to_device", "pages", "pages migrated to the device on request; residence says whether they are there", 0},
	{"prefetched_to_host", "pages", "likewise, to the host; faults of the CPU are in rusage", 0},
	{"copied_to_device_bytes", "bytes", "copy: bytes of explicit transfers", FS_TO(FS_DEVICE)},
	{"copied_to_host_bytes", "bytes", "copy: bytes of explicit transfers", FS_TO(FS_HOST)},
	{"excluded_ns", "ns",
		"excluded from all times: the read-back built into migration to the device, the measurement of it, and residence queries", 0},
	{0},
};

static int count(void *dev, uint64_t *values)
{
	const struct dmirror *dmirror = dev;

	values[0] = dmirror->faults_to_device;
	values[1] = dmirror->reached_pages;
	values[2] = dmirror->prefetched[FS_DEVICE];
	values[3] = dmirror->prefetched[FS_HOST];
	values[4] = dmirror->copied_bytes[FS_DEVICE];
	values[5] = dmirror->copied_bytes[FS_HOST];
	values[6] = dmirror->excluded_ns;
	return 0;
}

static uint64_t excluded_ns(void *dev)
{
	return ((struct dmirror *)dev)->excluded_ns;
}

static ulong *out(void *dev)
{
	return ((struct dmirror *)dev)->out;
}

static struct fs_reason *why(void *dev)
{
	return &((struct dmirror *)dev)->why;
}

const struct fs_device device_dmirror = {
	.name = "dmirror",
	.coherent = "device-coherent memory",
	.summary = "the kernel's HMM test device: real device-private and device-coherent memory",
	.params = params,
	.emulated = true,
	.reads_shadow = true,
	/*
	 * dmirror_do_fault() in lib/test_hmm.c maps the device's page itself instead of what backs it: see run_of(). And hmm_range_fault() gives it a
	 * page of its own without the right to write, which it asked for and takes for an error (seen with 6.1 and 6.12).
	 */
	.is_frail = true,
	.ordinary = FS_UNDER(FS_MEMORY_MIRROR) | FS_UNDER(FS_MEMORY_COHERENT),
	.can = FS_CAP_COPY | FS_CAP_MIRROR | FS_CAP_MIGRATE | FS_CAP_COHERENT | FS_CAP_RESIDENCE | FS_CAP_PREFETCH,
	.probe = probe,
	.open = open_dmirror,
	.join = join,
	.seize = dmirror_seize,
	.seized = dmirror_seized,
	.close = close_dmirror,
	.alloc = alloc,
	.free = free_memory,
	.copy = copy,
	.launch = launch,
	.wait = wait_dmirror,
	.migrate = migrate,
	.residence = residence,
	.counts = counts,
	.count = count,
	.excluded_ns = excluded_ns,
	.out = out,
	.why = why,
};

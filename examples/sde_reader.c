/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sde_reader.c - a program that reads fivestep's counts through PAPI while a round runs, as any PAPI-based tool would.
 *
 * It is two examples in one. A tool: watch() knows nothing of fivestep except the events' names; it runs in its own thread, counts them
 * from the first line of the benchmark, and reads them once per millisecond. And a program with its own benchmark:
 * fivestep_main() makes it a fivestep with one more benchmark.
 *
 *     cc sde_reader.c $(pkg-config --cflags --libs --static fivestep) -lpapi -o sde_reader
 *     ./sde_reader run sde_reader --setup hmm -o RUN.jsonl
 *
 * The benchmark lets the device and the CPU touch every page alternately. Its evidence: PAPI's counts are those of the
 * device, and PAPI saw them grow while it happened.
 */
#include <harness/fivestep.h>
#include <papi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define TURNS  8
#define EVENTS 3

static const char *const events[EVENTS] = {"sde:::fivestep::faults_to_device", "sde:::fivestep::pages_to_device", "sde:::fivestep::bytes_to_host"};

/* ---- the tool */

struct watch {
	atomic_bool ready, stop;
	atomic_int err; /* PAPI's */
	atomic_uint readings;
	long long counted[EVENTS];
	unsigned grew; /* readings with more faults than the previous one */
};

static int start(int *set)
{
	int err = PAPI_library_init(PAPI_VER_CURRENT) == PAPI_VER_CURRENT ? PAPI_OK : PAPI_EMISC;

	*set = PAPI_NULL;
	if (err == PAPI_OK)
		err = PAPI_create_eventset(set);
	for (int i = 0; i < EVENTS && err == PAPI_OK; i++)
		err = PAPI_add_named_event(*set, events[i]);
	return err == PAPI_OK ? PAPI_start(*set) : err;
}

static void *watch(void *arg)
{
	struct watch *w = arg;
	long long before = 0;
	int set;

	w->err = start(&set);
	atomic_store(&w->ready, true);
	while (w->err == PAPI_OK && !atomic_load(&w->stop)) {
		usleep(1000);
		w->err = PAPI_read(set, w->counted);
		w->grew += w->counted[0] > before;
		before = w->counted[0];
		atomic_fetch_add(&w->readings, 1);
	}
	if (w->err == PAPI_OK)
		w->err = PAPI_stop(set, w->counted);
	return NULL;
}

/* ---- the benchmark */

/* u[0]: bytes of a page. The device increments one byte of each. */
FS_BODY(sde_reader)
{
	FS_UNUSED_BODY_ARGS();
	FS_FOR(i)
	buf[i * a.u[0]]++;
}

/* On a busy machine the tool may not have run for a while: the second reading from now certainly starts after now. */
static void wait_for_reading(struct watch *w)
{
	unsigned now = atomic_load(&w->readings);

	while (w->err == PAPI_OK && atomic_load(&w->readings) - now < 2)
		usleep(100);
}

static int take_turns(struct fs_job *job, struct fs_buffer *buf, size_t page, struct watch *w)
{
	struct fs_launch launch = {.name = "sde_reader", .body = sde_reader_body, .args = {.u = {page}}, .last = buf->bytes / page};
	volatile unsigned char *bytes = buf->cpu;
	int err = 0;

	for (int turn = 0; turn < TURNS && err == 0; turn++) {
		err = fs_device_compute(job, buf, &launch);
		if (err == 0)
			err = fs_cpu_begin(job, buf);
		for (size_t at = 0; at < buf->bytes && err == 0; at += page)
			bytes[at]++;
		wait_for_reading(w);
	}
	for (size_t at = 0; at < buf->bytes && err == 0; at += page) {
		if (bytes[at] != 2 * TURNS)
			err = fs_wrong(job, "the byte at %zu is %d, not %d", at, bytes[at], 2 * TURNS);
	}
	return err;
}

/* PAPI's count must equal the device's exactly. */
static void compare(struct fs_job *job, const struct watch *w)
{
	static const char *const counts[EVENTS] = {"faults_to_device", "pages_to_device", "bytes_to_host"};

	for (int i = 0; i < EVENTS; i++) {
		uint64_t value;

		if (fs_device_count(job, counts[i], &value))
			fs_expect(job, events[i], (double)w->counted[i], FS_EQ, (double)value);
	}
	fs_expect(job, "readings that grew", w->grew, FS_GE, TURNS);
	fs_sample(job, "faults", (double)w->counted[0]);
	fs_sample(job, "readings_that_grew", w->grew);
}

static int measure(struct fs_job *job, struct fs_buffer *buf)
{
	struct watch w = {.err = PAPI_OK};
	pthread_t thread;
	int err;

	memset(buf->cpu, 0, buf->bytes);
	if (pthread_create(&thread, NULL, watch, &w) != 0)
		return fs_error(job, -1, "cannot start the tool's thread");
	while (!atomic_load(&w.ready))
		usleep(100);
	err = take_turns(job, buf, fs_page_bytes(), &w);
	atomic_store(&w.stop, true);
	pthread_join(thread, NULL);
	if (err == 0 && w.err != PAPI_OK)
		return fs_skip(job, "install PAPI 7.0 with its component sde, and configure fivestep with it",
			"PAPI does not find fivestep's events: %s", PAPI_strerror(w.err));
	if (err == 0)
		compare(job, &w);
	return err;
}

static int run(struct fs_job *job)
{
	struct fs_buffer buf = {0};
	int err = fs_alloc(job, fs_size(job, "size"), &buf);

	if (err == 0)
		err = measure(job, &buf);
	fs_release(job, &buf);
	return err;
}

static const struct fs_param params[] = {
	{.name = "size", .type = FS_PARAM_SIZE, .initial = "4M", .min = 1, .max = 1 << 30, .help = "bytes of the buffer"},
	{0},
};

static const struct fs_metric metrics[] = {
	{.name = "faults", .unit = "faults", .better = FS_EXACT, .help = "faults of the device as counted by PAPI"},
	{.name = "readings_that_grew",
		.unit = "readings",
		.better = FS_HIGHER,
		.help = "readings in which PAPI saw more faults than in the previous one"},
	{0},
};

static const struct fs_bench bench_sde_reader = {
	.name = "sde_reader",
	.summary = "fivestep's counts read by PAPI while device and CPU touch a buffer in turn",
	.needs = FS_FAULTS,
	.params = params,
	.metrics = metrics,
	.run = run,
};

int main(int argc, char **argv)
{
	static const struct fs_bench *const benches[] = {&bench_sde_reader, NULL};

	return fivestep_main(argc, argv, &(struct fs_extension){.benches = benches});
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sde.c - registers counts with PAPI's libsde. Nothing is copied, and nothing runs unless a tool reads: the device is then queried in the tool's
 * thread.
 */
#include "config.h"

#include "harness/round/sde.h"

#ifdef HAVE_PAPI_SDE

#include <pthread.h>
#include <sde_lib.h>
#include <stdlib.h>
#include <sys/resource.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif
#ifdef SANITIZED
#include <sanitizer/lsan_interface.h>
#endif

#define LIBRARY "fivestep"

struct sde {
	struct sde *earlier;
	papi_handle_t handle;
	const struct fs_device *device;
	void *state;
	pthread_mutex_t lock; /* a tool's thread may read while the round ends */
	bool open;
	unsigned n;
	struct count {
		struct sde *sde;
		unsigned index;
		long long last; /* the value reported after the round's end */
	} count[FS_DEVICE_COUNTS];
};

static long long device_value(void *arg)
{
	struct count *count = arg;
	struct sde *sde = count->sde;
	uint64_t values[FS_DEVICE_COUNTS] = {0};
	long long value;

	pthread_mutex_lock(&sde->lock);
	if (sde->open && sde->device->count(sde->state, values) == 0)
		count->last = (long long)values[count->index];
	value = count->last;
	pthread_mutex_unlock(&sde->lock);
	return value;
}

static long long fault_value(void *arg)
{
	struct rusage usage;

	(void)arg;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/* libsde 1.0 leaks a copy of each name. */
static void forgive_leaks(bool begin)
{
#ifdef SANITIZED
	if (begin)
		__lsan_disable();
	else
		__lsan_enable();
#else
	(void)begin;
#endif
}

static void export_event(struct sde *sde, const char *name, const char *help, papi_sde_fptr_t value, void *arg)
{
	forgive_leaks(true);
	if (papi_sde_register_counter_cb(sde->handle, name, PAPI_SDE_RO | PAPI_SDE_DELTA, PAPI_SDE_long_long, value, arg) == SDE_OK)
		papi_sde_describe_counter(sde->handle, name, help);
	forgive_leaks(false);
}

static void export_counts(struct sde *sde)
{
	const struct fs_count_def *defs = sde->device != NULL && sde->device->count != NULL ? sde->device->counts : NULL;

	export_event(sde, "page_faults", "page faults of the round's process, all threads", fault_value, NULL);
	for (; defs != NULL && defs[sde->n].name != NULL && sde->n < FS_DEVICE_COUNTS; sde->n++) {
		struct count *count = &sde->count[sde->n];

		count->sde = sde;
		count->index = sde->n;
		export_event(sde, defs[sde->n].name, defs[sde->n].help, device_value, count);
	}
}

/* All that were opened: libsde keeps registered counters until the process ends, for tools that still count them. */
static struct sde *opened;

struct sde *sde_open(const struct fs_device *device, void *device_state)
{
	papi_handle_t handle = papi_sde_init(LIBRARY);
	struct sde *sde = handle != NULL ? calloc(1, sizeof(*sde)) : NULL;

	if (sde == NULL)
		return NULL;
	sde->handle = handle;
	sde->device = device;
	sde->state = device_state;
	sde->open = true;
	sde->earlier = opened;
	opened = sde;
	pthread_mutex_init(&sde->lock, NULL);
	export_counts(sde);
	return sde;
}

/* It stays registered, with its last values. */
void sde_close(struct sde *sde)
{
	if (sde == NULL)
		return;
	for (unsigned i = 0; i < sde->n; i++)
		device_value(&sde->count[i]);
	pthread_mutex_lock(&sde->lock);
	sde->open = false;
	pthread_mutex_unlock(&sde->lock);
}

#else

struct sde *sde_open(const struct fs_device *device, void *device_state)
{
	(void)device;
	(void)device_state;
	return NULL;
}

void sde_close(struct sde *sde)
{
	(void)sde;
}

#endif

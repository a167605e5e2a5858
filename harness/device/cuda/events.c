/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.c - the times of commands by the device's clock. They complement the host's times: the difference is the cost of submitting a command and of
 * noticing its completion.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/device/cuda/cuda.h"

#define FIRST_CAPACITY 64

static int events_grow(const struct cuda_api *cu, struct cuda_events *events)
{
	unsigned capacity = events->capacity != 0 ? 2 * events->capacity : FIRST_CAPACITY;
	struct cuda_event *pending = realloc(events->pending, capacity * sizeof(*pending));
	int status = CUDA_OK;

	if (pending == NULL)
		return CUDA_OUT_OF_MEMORY;
	events->pending = pending;
	for (; events->capacity < capacity && status == CUDA_OK; events->capacity += status == CUDA_OK) {
		struct cuda_event *event = &pending[events->capacity];

		status = cu->EventCreate(&event->start, CUDA_EVENT_DEFAULT);
		if (status != CUDA_OK)
			break;
		status = cu->EventCreate(&event->ended, CUDA_EVENT_DEFAULT);
		if (status != CUDA_OK)
			cu->EventDestroy_v2(event->start);
	}
	return status;
}

int cuda_events_open(const struct cuda_api *cu, struct cuda_events *events)
{
	return events_grow(cu, events);
}

struct cuda_event *cuda_events_begin(const struct cuda_api *cu, struct cuda_events *events, cuda_handle stream)
{
	struct cuda_event *event;

	if (events->n == events->capacity && events_grow(cu, events) != CUDA_OK && events->n == events->capacity)
		return NULL;
	event = &events->pending[events->n];
	return cu->EventRecord(event->start, stream) == CUDA_OK ? event : NULL;
}

void cuda_events_end(const struct cuda_api *cu, struct cuda_events *events, struct cuda_event *event, enum cuda_did did, cuda_handle stream)
{
	if (event == NULL || cu->EventRecord(event->ended, stream) != CUDA_OK) {
		events->lost++;
		return;
	}
	event->did = did;
	events->n++;
}

void cuda_events_read(const struct cuda_api *cu, struct cuda_events *events)
{
	for (unsigned i = 0; i < events->n; i++) {
		const struct cuda_event *event = &events->pending[i];
		float ms;

		if (cu->EventElapsedTime(&ms, event->start, event->ended) == CUDA_OK && ms >= 0)
			events->ns[event->did] += (uint64_t)((double)ms * 1e6);
		else
			events->lost++;
	}
	events->n = 0;
}

void cuda_events_free(const struct cuda_api *cu, struct cuda_events *events)
{
	for (unsigned i = 0; i < events->capacity; i++) {
		cu->EventDestroy_v2(events->pending[i].start);
		cu->EventDestroy_v2(events->pending[i].ended);
	}
	free(events->pending);
	*events = (struct cuda_events){0};
}

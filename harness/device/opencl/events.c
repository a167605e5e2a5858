/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.c - the times of commands by the device's clock. They complement the host's times: the difference is the cost of submitting a command and of
 * noticing its completion.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/device/opencl/opencl.h"

void opencl_events_add(const struct opencl_api *cl, struct opencl_events *events, enum opencl_did did, opencl_handle event)
{
	if (event == NULL)
		return;
	if (events->n == events->capacity) {
		unsigned capacity = events->capacity != 0 ? 2 * events->capacity : 1024;
		struct opencl_event *pending = realloc(events->pending, capacity * sizeof(*pending));

		if (pending == NULL) {
			events->lost++;
			cl->ReleaseEvent(event);
			return;
		}
		events->pending = pending;
		events->capacity = capacity;
	}
	events->pending[events->n++] = (struct opencl_event){event, did};
}

void opencl_events_read(const struct opencl_api *cl, struct opencl_events *events)
{
	for (unsigned i = 0; i < events->n; i++) {
		opencl_handle event = events->pending[i].event;
		enum opencl_did did = events->pending[i].did;
		uint64_t start, end;

		if (cl->GetEventProfilingInfo(event, OPENCL_PROFILING_COMMAND_START, sizeof(start), &start, NULL) == OPENCL_SUCCESS &&
			cl->GetEventProfilingInfo(event, OPENCL_PROFILING_COMMAND_END, sizeof(end), &end, NULL) == OPENCL_SUCCESS && end >= start)
			events->ns[did] += end - start;
		else
			events->lost++;
		cl->ReleaseEvent(event);
	}
	events->n = 0;
}

void opencl_events_free(const struct opencl_api *cl, struct opencl_events *events)
{
	for (unsigned i = 0; i < events->n; i++)
		cl->ReleaseEvent(events->pending[i].event);
	free(events->pending);
	*events = (struct opencl_events){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * events.c - the times of orders by the device's clock. They stand beside the host's times, not in their place: what is between
 * the two is the cost of giving the order.
 */
#include "config.h"

#include <stdlib.h>

#include "harness/device/opencl/opencl.h"

void opencl_events_add(const struct opencl_api *cl, struct opencl_events *events, enum opencl_did did, opencl_handle event)
{
	if (event == NULL)
		return;
	if (events->n == events->room) {
		unsigned room = events->room != 0 ? 2 * events->room : 1024;
		struct opencl_event *pending = realloc(events->pending, room * sizeof(*pending));

		if (pending == NULL) {
			events->lost++;
			cl->ReleaseEvent(event);
			return;
		}
		events->pending = pending;
		events->room = room;
	}
	events->pending[events->n++] = (struct opencl_event){event, did};
}

void opencl_events_read(const struct opencl_api *cl, struct opencl_events *events)
{
	for (unsigned i = 0; i < events->n; i++) {
		opencl_handle event = events->pending[i].event;
		enum opencl_did did = events->pending[i].did;
		uint64_t begun, end;

		if (cl->GetEventProfilingInfo(event, OPENCL_PROFILING_COMMAND_START, sizeof(begun), &begun, NULL) == OPENCL_SUCCESS &&
			cl->GetEventProfilingInfo(event, OPENCL_PROFILING_COMMAND_END, sizeof(end), &end, NULL) == OPENCL_SUCCESS && end >= begun)
			events->ns[did] += end - begun;
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

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.c - instantiates the tracepoints of trace.h.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

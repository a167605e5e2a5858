// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * trace.c - the one file in which the tracepoints of trace.h are made.
 */
#define CREATE_TRACE_POINTS
#include "trace.h"

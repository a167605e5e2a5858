/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schedule.h - which cell is visited when, and when a cell has had enough.
 *
 * Each round visits every cell that still goes on once, in an order drawn from the run's seed and the
 * round's number, so that drift hits every cell alike, an interrupted run is balanced, and a resumed one
 * goes on in the same order.
 */
#ifndef FIVESTEP_SCHEDULE_H
#define FIVESTEP_SCHEDULE_H

#include "harness/round/share.h"

/* Why a cell goes on no more; STOP_NOT while it does. */
enum stop { STOP_NOT, STOP_PRECISION, STOP_ROUNDS, STOP_TIME, STOP_SKIP, STOP_INVALID, STOP_INTERRUPTED, STOPS };
extern const char *const stop_names[STOPS];

struct cell_state {
	enum stop stop;
	unsigned rounds;   /* visited, whatever came of it */
	unsigned failures; /* rounds that were not ok */
	double *values;	   /* one a good round: of the cell's first metric that has any */
	unsigned nvalues, room;
	double wall_ms; /* sum over the rounds */
};

struct schedule {
	const struct plan *plan;
	uint64_t seed;
	struct cell_state *cells; /* by cell id */
	unsigned *order;	  /* of the present round */
	unsigned norder;
	unsigned round;
};

int schedule_init(struct schedule *schedule, const struct plan *plan, uint64_t seed);
void schedule_free(struct schedule *schedule);
/* Draws the next round's order among the cells that go on; false when none does. */
bool schedule_next_round(struct schedule *schedule);
/* The seed of one visit: follows from run, cell and round. */
uint64_t schedule_seed(const struct schedule *schedule, unsigned cell, unsigned round);
/* Takes a visit into account; value is NaN where the round gave none. -ENOMEM */
int schedule_visited(struct schedule *schedule, unsigned cell, enum verdict verdict, double value, double wall_ms);
/* Ends the cells that still go on. */
void schedule_stop(struct schedule *schedule, enum stop stop);
/* Visits that are likely still to come, and their time; limited by nothing but rounds_max. */
double schedule_left_s(const struct schedule *schedule);
/* Half width of the cell's interval in percent of its median; NaN without one. */
double schedule_precision_pct(const struct schedule *schedule, unsigned cell);

#endif

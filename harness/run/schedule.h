/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * schedule.h - the order in which cells are measured, and when a cell has enough rounds.
 *
 * Each round measures every active cell once, in an order drawn from the run's seed and the round's number, so that drift affects all cells
 * alike, an interrupted run is balanced, and a resumed one continues in the same order.
 */
#ifndef FIVESTEP_SCHEDULE_H
#define FIVESTEP_SCHEDULE_H

#include "harness/round/share.h"

/* Why a cell stopped; STOP_NOT while it is active. */
enum stop { STOP_NOT, STOP_PRECISION, STOP_ROUNDS, STOP_CELL_TIME, STOP_TIME, STOP_SKIP, STOP_INVALID, STOP_INTERRUPTED, STOPS };
extern const char *const stop_names[STOPS];

struct cell_state {
	enum stop stop;
	unsigned rounds;   /* number of rounds, whatever their verdict */
	unsigned failures; /* rounds that were not ok */
	double *values;	   /* one per good round: of the cell's first metric that has values */
	unsigned nvalues;
	double wall_ms; /* sum over the rounds */
};

struct schedule {
	const struct plan *plan;
	uint64_t seed;
	struct cell_state *cells; /* by cell id */
	unsigned *order;	  /* of the current round */
	unsigned norder;
	unsigned round;
};

int schedule_init(struct schedule *schedule, const struct plan *plan, uint64_t seed);
void schedule_free(struct schedule *schedule);
/* Draws the order of the next round among the active cells; false if there are none. */
bool schedule_next_round(struct schedule *schedule);
/* The seed of one round of a cell: derived from the run's seed, cell and round. */
uint64_t schedule_seed(const struct schedule *schedule, unsigned cell, unsigned round);
/* Takes a finished round into account; value is NaN if the round had none. -ENOMEM */
int schedule_visited(struct schedule *schedule, unsigned cell, enum verdict verdict, double value, double wall_ms);
/* Stops all active cells. */
void schedule_stop(struct schedule *schedule, enum stop stop);
/* Estimated time of the rounds still to come, limited by rounds_max and cell_time_s. */
double schedule_left_s(const struct schedule *schedule);
/* Half width of the cell's interval in percent of its median; NaN without one. */
double schedule_precision_pct(const struct schedule *schedule, unsigned cell);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_groups.h - a fleet of nodes of several kinds: those of one identity and clock are compared with each other, whatever their names are.
 */
#ifndef FIVESTEP_FLEET_GROUPS_H
#define FIVESTEP_FLEET_GROUPS_H

#include "analysis/many/fleet_build.h"

struct fleet_group {
	struct fleet_builder builder;
	struct fleet fleet;
};

struct fleet_groups {
	struct fleet_group *groups; /* once made: the largest first */
	size_t n;
};

/* As fleet_builder_add(), to the group of the run's machine. Call fleet_groups_free() in any case. */
int fleet_groups_add(struct fleet_groups *groups, const char *label, const struct runfile *run, const struct summary *summary);
int fleet_groups_make(struct fleet_groups *groups, double margin_pct);
void fleet_groups_free(struct fleet_groups *groups);

/* Groups that are too small to have outliers are listed by what differs from the largest group. 0 or negative errno. */
int fleet_groups_show(const struct fleet_groups *groups, bool all, FILE *out);
int fleet_groups_show_json(const struct fleet_groups *groups, FILE *out);
/* A page with a picture of all nodes for each metric that the table shows: FOLDER/index.html. 0 or -errno with the reason. */
int fleet_groups_page(const struct fleet_groups *groups, bool all, const char *folder, struct fs_reason *why);

/* The fleet as JSON; see fleet_show_json(). NULL without memory. */
json_t *fleet_json(const struct fleet *fleet);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_changes.h - what changed between two runs of each of many nodes: did last night's update change any?
 *
 * Each node is compared with itself by the rules of compare.h. Among ten thousand nodes, though, some would be found by chance: a change by a test
 * also has to pass at the false discovery rate over all tests of all nodes, or stand out among the changes of all nodes as an outlier stands out in
 * fleet.h. Otherwise it is SUSPECT.
 */
#ifndef FIVESTEP_FLEET_CHANGES_H
#define FIVESTEP_FLEET_CHANGES_H

#include <stdio.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/unlike.h"
#include "base/lookup.h"

#define FLEET_CHANGES_NODES   20 /* in the table; the others are counted */
#define FLEET_CHANGES_METRICS 10
#define FLEET_CHANGES_FACTORS 10

/* A metric of a node. In percent; NaN where there is no number. */
struct fleet_changes_row {
	double p;
	float change, lo, hi;
	unsigned metric, node;
	enum compare_verdict verdict;
};

struct fleet_changes_metric {
	char *name; /* CELL/METRIC */
	double margin_pct;
	double median, mad;		   /* of the changes of all nodes, in percent */
	size_t nodes;			   /* with a change */
	size_t verdicts[COMPARE_VERDICTS]; /* nodes */
};

/* A difference between the two runs of a node, such as another kernel. */
struct fleet_changes_factor {
	char *name, *from, *to;
	size_t nodes, changed; /* that differ in it, and those of them that are SLOWER, FASTER or CHANGED */
};

struct fleet_changes_node {
	char *name;
	char *unlike; /* why it was not compared; NULL: it was */
	bool bad;     /* one of its runs has failed or invalid rounds */
	size_t *factors;
	size_t n_factors;
	size_t verdicts[COMPARE_VERDICTS]; /* metrics */
	enum compare_verdict verdict;
	const struct fleet_changes_row *worst; /* the largest change of that verdict; NULL: none */
};

struct fleet_changes {
	struct fleet_changes_node *nodes;
	size_t n;
	struct fleet_changes_metric *metrics;
	size_t n_metrics;
	struct lookup lookup; /* of metrics */
	struct fleet_changes_row *rows;
	size_t n_rows;
	struct fleet_changes_factor *factors;
	size_t n_factors;
	size_t compared, unlike, bad;
	size_t verdicts[COMPARE_VERDICTS]; /* nodes */
	char **only[2];			   /* names of nodes with a run in the first or in the second only */
	size_t n_only[2];
};

/* Compares two runs of a node, which may be freed afterwards. 0 or -ENOMEM. margin_pct as of compare_make(). fleet_changes_free() in any case. */
int fleet_changes_add(struct fleet_changes *changes, const char *node, const struct summary *base, const struct summary *new,
	const struct runfile *runs[2], double margin_pct);
/* A node with a run in the first only, or in the second. 0 or -ENOMEM. */
int fleet_changes_only(struct fleet_changes *changes, const char *node, bool second);
/* Once all are added: verdicts of metrics, nodes and the whole. The nodes are then sorted: the most changed first. */
int fleet_changes_judge(struct fleet_changes *changes);
void fleet_changes_free(struct fleet_changes *changes);

/* all: every node and metric that changed, not only the first. 0 or negative errno. */
int fleet_changes_show(const struct fleet_changes *changes, bool all, FILE *out);
/*
 * {nodes: [{node, verdict, metrics: {VERDICT: N}, worst: {metric, change_pct, ci_pct: [lo, hi]}, why, bad}], metrics: [{metric, nodes, median_pct,
 * mad_pct, verdicts: {VERDICT: N}}], differs: [{name, from, to, nodes, changed}], compared, not_comparable, bad, only: [first, second],
 * missing: [node], new: [node], verdicts: {VERDICT: N}}: nodes and metrics that are not SAME. verdict is null and why a text of a node that was not
 * compared.
 */
int fleet_changes_show_json(const struct fleet_changes *changes, FILE *out);

#endif

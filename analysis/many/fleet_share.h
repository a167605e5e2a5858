/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fleet_share.h - JSON values that are equal, kept once: the records of ten thousand machines of one model differ in little.
 */
#ifndef FIVESTEP_FLEET_SHARE_H
#define FIVESTEP_FLEET_SHARE_H

#include <jansson.h>

#include "base/lookup.h"

/* Starts as {0}. */
struct fleet_share {
	struct lookup lookup;
	json_t **values;
	size_t n;
};

/*
 * A new reference to a value that is equal, with all its members shared as well; NULL without memory. Nobody may change it. It lasts as long as its
 * references do, also beyond fleet_share_free().
 */
json_t *fleet_share_value(struct fleet_share *share, json_t *value);
void fleet_share_free(struct fleet_share *share);

#endif

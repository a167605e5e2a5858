/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * non_negative.h - least squares whose unknowns cannot be negative, as times cannot (Lawson and Hanson), on the normal equations; and how well the
 * equations determine the unknowns.
 */
#ifndef FIVESTEP_NON_NEGATIVE_H
#define FIVESTEP_NON_NEGATIVE_H

#include <stdbool.h>

#include <gsl/gsl_matrix.h>

/*
 * Minimizes |rows x - right| over x >= 0. Columns that are 0 get x = 0. What the rows cannot tell apart is shared out evenly, by a tiny ridge.
 * 0, or -ENOMEM.
 */
int non_negative_solve(const gsl_matrix *rows, const gsl_vector *right, gsl_vector *x);

/*
 * condition: the ratio of the largest singular value of the rows, columns scaled to length 1, to the smallest; infinite if that is 0. doubtful: a
 * flag for each column that has a part in a combination that the rows do not determine (singular values below DETERMINED of the largest), or that is
 * 0.
 */
#define DETERMINED 1e-4
int non_negative_rank(const gsl_matrix *rows, double *condition, bool *doubtful);

#endif

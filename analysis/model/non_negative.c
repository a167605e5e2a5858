/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * non_negative.c - see non_negative.h.
 */
#include "config.h"

#include "analysis/model/non_negative.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_blas.h>
#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>

#define RIDGE	  1e-10 /* of columns that are scaled to length 1 */
#define TOLERANCE 1e-12

/* gram x = right on the passive unknowns; the others are 0. */
struct normal {
	size_t n;
	gsl_matrix *gram, *part;
	gsl_vector *right, *scale, *x, *trial, *part_right, *gradient;
	bool *passive;
};

static void normal_free(struct normal *e)
{
	gsl_matrix_free(e->gram);
	gsl_matrix_free(e->part);
	gsl_vector_free(e->right);
	gsl_vector_free(e->scale);
	gsl_vector_free(e->x);
	gsl_vector_free(e->trial);
	gsl_vector_free(e->part_right);
	gsl_vector_free(e->gradient);
	free(e->passive);
}

static int normal_make(struct normal *e, const gsl_matrix *rows, const gsl_vector *right)
{
	size_t n = rows->size2;

	*e = (struct normal){.n = n,
		.gram = gsl_matrix_calloc(n, n),
		.part = gsl_matrix_calloc(n, n),
		.right = gsl_vector_calloc(n),
		.scale = gsl_vector_calloc(n),
		.x = gsl_vector_calloc(n),
		.trial = gsl_vector_calloc(n),
		.part_right = gsl_vector_calloc(n),
		.gradient = gsl_vector_calloc(n),
		.passive = calloc(n, sizeof(bool))};
	if (e->gram == NULL || e->part == NULL || e->right == NULL || e->scale == NULL || e->x == NULL || e->trial == NULL || e->part_right == NULL ||
		e->gradient == NULL || e->passive == NULL)
		return -ENOMEM;
	gsl_blas_dgemm(CblasTrans, CblasNoTrans, 1, rows, rows, 0, e->gram);
	if (right != NULL)
		gsl_blas_dgemv(CblasTrans, 1, rows, right, 0, e->right);
	for (size_t i = 0; i < n; i++) {
		double square = gsl_matrix_get(e->gram, i, i);

		gsl_vector_set(e->scale, i, square > 0 ? 1 / sqrt(square) : 0);
	}
	for (size_t i = 0; i < n; i++) {
		*gsl_vector_ptr(e->right, i) *= gsl_vector_get(e->scale, i);
		for (size_t j = 0; j < n; j++)
			*gsl_matrix_ptr(e->gram, i, j) *= gsl_vector_get(e->scale, i) * gsl_vector_get(e->scale, j);
	}
	return 0;
}

/* The least squares on the passive unknowns alone, into trial. A Cholesky factorization: with the ridge it is positive definite. */
static void solve_passive(struct normal *e)
{
	gsl_matrix_set_identity(e->part);
	gsl_vector_set_zero(e->part_right);
	for (size_t i = 0; i < e->n; i++) {
		for (size_t j = 0; j < e->n && e->passive[i]; j++) {
			if (e->passive[j])
				gsl_matrix_set(e->part, i, j, gsl_matrix_get(e->gram, i, j) + (i == j ? RIDGE : 0));
		}
		if (e->passive[i])
			gsl_vector_set(e->part_right, i, gsl_vector_get(e->right, i));
	}
	gsl_linalg_cholesky_decomp1(e->part);
	gsl_linalg_cholesky_solve(e->part, e->part_right, e->trial);
}

/* Goes from x towards trial as far as nothing becomes negative; what becomes 0 is no longer passive. True if it got there. */
static bool step_towards_trial(struct normal *e)
{
	double part = 1;
	bool arrives = true;

	for (size_t i = 0; i < e->n; i++) {
		double x = gsl_vector_get(e->x, i), t = gsl_vector_get(e->trial, i);

		if (e->passive[i] && t <= 0 && x / (x - t) < part)
			part = x / (x - t);
		arrives = arrives && (!e->passive[i] || t > 0);
	}
	for (size_t i = 0; i < e->n; i++) {
		double *x = gsl_vector_ptr(e->x, i), t = gsl_vector_get(e->trial, i);

		if (!e->passive[i])
			continue;
		*x += (arrives ? 1 : part) * (t - *x);
		if (!arrives && t <= 0 && *x <= TOLERANCE) {
			*x = 0;
			e->passive[i] = false;
		}
	}
	return arrives;
}

/* The unknown outside of the passive ones that reduces the error most; n if none does. */
static size_t steepest(struct normal *e)
{
	size_t best = e->n;
	double most = TOLERANCE;

	gsl_vector_memcpy(e->gradient, e->right);
	gsl_blas_dgemv(CblasNoTrans, -1, e->gram, e->x, 1, e->gradient);
	for (size_t i = 0; i < e->n; i++) {
		if (!e->passive[i] && gsl_vector_get(e->scale, i) > 0 && gsl_vector_get(e->gradient, i) > most) {
			best = i;
			most = gsl_vector_get(e->gradient, i);
		}
	}
	return best;
}

int non_negative_solve(const gsl_matrix *rows, const gsl_vector *right, gsl_vector *x)
{
	struct normal e;
	int err = normal_make(&e, rows, right);

	/* Rounding could let an unknown come and go for ever: the bound is far above what is needed otherwise. */
	for (size_t rounds = 0; rounds < 10 * e.n && err == 0; rounds++) {
		size_t next = steepest(&e);

		if (next == e.n)
			break;
		e.passive[next] = true;
		for (size_t i = 0; i <= e.n; i++) {
			solve_passive(&e);
			if (step_towards_trial(&e))
				break;
		}
	}
	for (size_t i = 0; i < e.n && err == 0; i++)
		gsl_vector_set(x, i, gsl_vector_get(e.x, i) * gsl_vector_get(e.scale, i));
	normal_free(&e);
	return err;
}

int non_negative_rank(const gsl_matrix *rows, double *condition, bool *doubtful)
{
	size_t n = rows->size2;
	gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(n);
	gsl_matrix *vectors = gsl_matrix_calloc(n, n);
	gsl_vector *values = gsl_vector_calloc(n);
	struct normal e;
	int err = normal_make(&e, rows, NULL);
	double largest = 0, smallest = INFINITY;

	if (work == NULL || vectors == NULL || values == NULL)
		err = -ENOMEM;
	if (err == 0)
		gsl_eigen_symmv(e.gram, values, vectors, work);
	for (size_t i = 0; i < n && err == 0; i++)
		largest = fmax(largest, gsl_vector_get(values, i));
	for (size_t i = 0; i < n && err == 0; i++) {
		/* Of the normal equations: the square of a singular value. */
		double value = gsl_vector_get(values, i), least = DETERMINED * DETERMINED * largest;

		smallest = fmin(smallest, fmax(value, 0));
		for (size_t k = 0; k < n; k++)
			doubtful[k] = (i > 0 && doubtful[k]) || (value < least && fabs(gsl_matrix_get(vectors, k, i)) > 0.1);
	}
	*condition = smallest > 0 ? sqrt(largest / smallest) : INFINITY;
	gsl_eigen_symmv_free(work);
	gsl_matrix_free(vectors);
	gsl_vector_free(values);
	normal_free(&e);
	return err;
}

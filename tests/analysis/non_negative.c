/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * non_negative.c - least squares without negative unknowns, against systems whose solution is known; and what the rows do not determine.
 */
#include "config.h"

#include <math.h>

#include "analysis/model/non_negative.h"
#include "tests/tap.h"

#define COLUMNS 4
#define ROWS	6

struct system {
	gsl_matrix *rows;
	gsl_vector *right, *x;
};

static struct system system_of(const double rows[ROWS][COLUMNS], const double right[ROWS])
{
	struct system s = {gsl_matrix_calloc(ROWS, COLUMNS), gsl_vector_calloc(ROWS), gsl_vector_calloc(COLUMNS)};

	for (size_t i = 0; i < ROWS; i++) {
		gsl_vector_set(s.right, i, right[i]);
		for (size_t k = 0; k < COLUMNS; k++)
			gsl_matrix_set(s.rows, i, k, rows[i][k]);
	}
	return s;
}

static void system_free(struct system *s)
{
	gsl_matrix_free(s->rows);
	gsl_vector_free(s->right);
	gsl_vector_free(s->x);
}

/* The unknowns 3, 0.001, 50000 and 7, in columns of very different lengths. */
static void test_exact(void)
{
	static const double rows[ROWS][COLUMNS] = {
		{1, 0, 0, 0}, {2, 1000, 0, 1}, {0, 500, 1e-4, 0}, {1, 0, 1e-4, 2}, {0, 4000, 0, 3}, {5, 1, 1e-5, 0}};
	static const double expected[COLUMNS] = {3, 0.001, 50000, 7};
	double right[ROWS] = {0}, condition;
	bool doubtful[COLUMNS];
	struct system s;

	for (size_t i = 0; i < ROWS; i++)
		for (size_t k = 0; k < COLUMNS; k++)
			right[i] += rows[i][k] * expected[k];
	s = system_of(rows, right);
	is_int(non_negative_solve(s.rows, s.right, s.x), 0, "a system that has a solution");
	for (size_t k = 0; k < COLUMNS; k++)
		is_near(gsl_vector_get(s.x, k) / expected[k], 1, 1e-6, "unknown %zu is found", k);
	is_int(non_negative_rank(s.rows, &condition, doubtful), 0, "its rank");
	ok(condition >= 1 && condition < 100, "the condition does not depend on units: %g", condition);
	for (size_t k = 0; k < COLUMNS; k++)
		ok(!doubtful[k], "unknown %zu is determined", k);
	system_free(&s);
}

/* Without the bound the second unknown would be -1. */
static void test_bound(void)
{
	static const double rows[ROWS][COLUMNS] = {{1, 1, 0, 0}, {1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}};
	static const double right[ROWS] = {1, 2, -1, 4, 5};
	struct system s = system_of(rows, right);

	is_int(non_negative_solve(s.rows, s.right, s.x), 0, "a system whose solution is negative");
	is_near(gsl_vector_get(s.x, 0), 1.5, 1e-6, "what is left is fitted without it");
	is_near(gsl_vector_get(s.x, 1), 0, 1e-12, "an unknown is 0 instead of negative");
	is_near(gsl_vector_get(s.x, 2), 4, 1e-6, "unknowns that have no part in it are as they were");
	system_free(&s);
}

/* Columns 0 and 1 are always together, column 3 is never there. */
static void test_rank(void)
{
	static const double rows[ROWS][COLUMNS] = {{1, 2, 0, 0}, {2, 4, 1, 0}, {3, 6, 2, 0}, {4, 8, 0, 0}, {5, 10, 7, 0}, {6, 12, 1, 0}};
	static const double right[ROWS] = {5, 13, 21, 20, 46, 33};
	double condition;
	bool doubtful[COLUMNS];
	struct system s = system_of(rows, right);

	is_int(non_negative_solve(s.rows, s.right, s.x), 0, "a system with more than one solution");
	is_near(gsl_vector_get(s.x, 0) + 2 * gsl_vector_get(s.x, 1), 5, 1e-6, "what is determined is found");
	is_near(gsl_vector_get(s.x, 2), 3, 1e-6, "so is the unknown beside it");
	is_near(gsl_vector_get(s.x, 3), 0, 1e-12, "an unknown that is never there is 0");
	is_int(non_negative_rank(s.rows, &condition, doubtful), 0, "the rank of that system");
	ok(condition > 1e4, "its condition says that it does not determine all: %g", condition);
	ok(doubtful[0] && doubtful[1], "the two unknowns that are always together are named");
	ok(!doubtful[2], "the one that stands alone is not");
	ok(doubtful[3], "the one that is never there is named");
	system_free(&s);
}

int main(void)
{
	test_exact();
	test_bound();
	test_rank();
	done_testing();
	return exit_status();
}

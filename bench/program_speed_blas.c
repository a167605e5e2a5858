/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program_speed_blas.c - gemm's product by OpenBLAS on one thread, if the user asks for it and it is installed: nothing is built with it. See
 * program_speed.c.
 */
#include "config.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "bench/program_speed.h"

/* Fortran's: all by address, matrices column by column. */
typedef void (*dgemm_fn)(const char *, const char *, const int *, const int *, const int *, const double *, const double *, const int *,
	const double *, const int *, const double *, double *, const int *);

static void *library;
static dgemm_fn dgemm;

int speed_blas_open(struct fs_job *job)
{
	static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};

	if (fs_is(job, "blas", "none"))
		return 0;
	/* Read by the library when it is loaded: its threads would take turns with ours. */
	if (setenv("OPENBLAS_NUM_THREADS", "1", 1) != 0)
		return fs_error_memory(job);
	for (size_t i = 0; i < FS_ARRAY_SIZE(names) && library == NULL; i++)
		library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
	if (library != NULL)
		*(void **)&dgemm = dlsym(library, "dgemm_");
	if (dgemm == NULL)
		return fs_skip(job, "libopenblas0 (apt), openblas (dnf, zypper), or blas=none", "OpenBLAS is not here: %s", dlerror());
	return 0;
}

bool speed_blas_is_there(void)
{
	return dgemm != NULL;
}

void speed_blas_product(unsigned char *buf, ulong n)
{
	int rows = (int)n;
	double one = 1, zero = 0, *x = (double *)buf, *y = x + n * n;

	/* Row by row the product is z' = y' x'. */
	dgemm("N", "N", &rows, &rows, &rows, &one, y, &rows, x, &rows, &zero, y + n * n, &rows);
}

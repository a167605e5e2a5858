/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * param.h - parameters, declared by benchmarks, kernels, setups and devices. Included by fivestep.h.
 */
#ifndef FIVESTEP_CONTRACT_PARAM_H
#define FIVESTEP_CONTRACT_PARAM_H

#include "harness/fivestep/common.h"

enum fs_param_type {
	FS_PARAM_SIZE,	 /* bytes; 4K means 4096, base and huge the machine's page sizes */
	FS_PARAM_COUNT,	 /* a whole number */
	FS_PARAM_REAL,	 /* a decimal number */
	FS_PARAM_CHOICE, /* one of choices */
	FS_PARAM_INPUT,	 /* one of choices, or the name of an input (input.h) */
};

/*
 * Further constraints on a SIZE. A value that is not a power of two is a usage error; the others depend on the machine's pages: a skip, with a value
 * that works.
 */
enum fs_param_form {
	FS_FORM_ANY,
	FS_FORM_PAGES,	 /* whole base pages */
	FS_FORM_GRANULE, /* a power of two, at least one base page */
	FS_FORM_PAGE,	 /* a page size available to any process: base or huge */
};

/* Declared by benchmarks, kernels, setups and devices in arrays that end with a zero entry. */
struct fs_param {
	const char *name;
	enum fs_param_type type;
	enum fs_param_form form; /* of SIZE */
	const char *initial;	 /* default value, spelled as in a plan */
	double min, max;	 /* limits of SIZE, COUNT and REAL, inclusive */
	unsigned min_pages;	 /* of SIZE: fewer base pages than this is a skip */
	const char *choices;	 /* of CHOICE and INPUT: "none|pin|throttle" */
	const char *help;
	bool test_only; /* for the project's own tests: accepted and recorded, but not listed */
	/*
	 * Where it acts. A cell in which it would change nothing does not have it, so that a sweep over it measures that cell once; where no
	 * cell of a line has it, the line is an error. Whoever reads its value asks for the same first.
	 */
	unsigned memory;  /* of a device: FS_UNDER() of the kinds of memory under which it acts; 0: all */
	const char *when; /* "thrash=pin|throttle": only with one of these values of another parameter of the same part; NULL: always */
};
#define FS_UNDER(kind) (1u << (kind)) /* of enum fs_memory_kind */

/* Values of the round's parameters. A name that its part did not declare is a programming error (abort). */
uint64_t fs_size(const struct fs_job *job, const char *param);		     /* SIZE */
uint64_t fs_count(const struct fs_job *job, const char *param);		     /* COUNT */
double fs_real(const struct fs_job *job, const char *param);		     /* REAL */
bool fs_is(const struct fs_job *job, const char *param, const char *choice); /* CHOICE, INPUT */
const char *fs_choice(const struct fs_job *job, const char *param);	     /* CHOICE, INPUT: as text */
/* All values of the cell's parameters. */
const struct fs_args *fs_args(const struct fs_job *job);
uint64_t fs_arg_size(const struct fs_args *args, const char *param);
uint64_t fs_arg_count(const struct fs_args *args, const char *param);
double fs_arg_real(const struct fs_args *args, const char *param);
bool fs_arg_is(const struct fs_args *args, const char *param, const char *choice);
const char *fs_arg_choice(const struct fs_args *args, const char *param);
const char *fs_name(const struct fs_job *job);		       /* of the benchmark or kernel; its body has the same */
const struct fs_machine *fs_machine(const struct fs_job *job); /* topology.h, for devices and counter sources */
uint64_t fs_seed(const struct fs_job *job);		       /* differs by cell and round, derived from the run's seed */

#endif

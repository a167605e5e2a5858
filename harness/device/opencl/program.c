/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.c - compiles a body's source, and the kernel around it, for a unit.
 *
 * Indices are distributed as suits the unit: on a GPU neighbouring work items get neighbouring indices, on a CPU each gets a contiguous
 * range. The device's answer must equal the CPU's reference bit for bit: floating-point contraction is off.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/device/bodies.h"
#include "harness/device/opencl/opencl.h"

#define HEAD                                                                                                                                         \
	"#pragma OPENCL FP_CONTRACT OFF\n"                                                                                                           \
	"#ifdef cl_khr_fp64\n"                                                                                                                       \
	"#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n"                                                                                            \
	"#endif\n"                                                                                                                                   \
	"#ifdef cl_khr_int64_base_atomics\n"                                                                                                         \
	"#pragma OPENCL EXTENSION cl_khr_int64_base_atomics : enable\n"                                                                              \
	"#endif\n"

/* The body's name is inserted once. `where` reports the address at which the device sees the buffer. */
#define TAIL                                                                                                                                         \
	"#line 1 \"the kernel around the body\"\n"                                                                                                   \
	"__kernel void compute(__global uchar *buf, __global ulong *out, const struct fs_body_args a, ulong first, ulong last)\n"                    \
	"{\n"                                                                                                                                        \
	"	ulong id = get_global_id(0), items = get_global_size(0);\n"                                                                                \
	"#ifdef FIVESTEP_RUNS\n"                                                                                                                     \
	"	ulong part = (last - first) / items, rest = (last - first) - part * items;\n"                                                              \
	"	ulong begin = first + part * id + min(id, rest), end = begin + part + (id < rest ? 1 : 0), stride = 1;\n"                                  \
	"#else\n"                                                                                                                                    \
	"	ulong begin = first + id, end = last, stride = items;\n"                                                                                   \
	"#endif\n"                                                                                                                                   \
	"	if (begin < end)\n"                                                                                                                        \
	"		%s_body(buf, out, a, begin, end, stride);\n"                                                                                              \
	"}\n"                                                                                                                                        \
	"__kernel void where(__global uchar *buf, __global ulong *spot)\n"                                                                           \
	"{\n"                                                                                                                                        \
	"	*spot = (ulong)buf;\n"                                                                                                                     \
	"}\n"

#define LOG_BYTES 16384

/* The complete source in one text; NULL if out of memory. */
static char *whole_source(const char *body, const char *flaw)
{
	char *text = NULL, *source = bodies_source(body);
	size_t bytes = 0;
	FILE *to = source != NULL ? open_memstream(&text, &bytes) : NULL;

	if (to != NULL) {
		fputs(HEAD, to);
		fputs(source, to);
		if (strcmp(flaw, "source") == 0)
			fputs("#line 1 \"flaw\"\nthis is no source\n", to);
		fprintf(to, TAIL, body);
		if (fclose(to) != 0) {
			free(text);
			text = NULL;
		}
	}
	free(source);
	return text;
}

/* The reason has the first line that names an error; the round prints the whole log, and its record keeps it. */
static void report_log(const struct opencl_api *cl, const struct opencl_unit *unit, opencl_handle program, const char *body, struct fs_reason *why)
{
	char *log = calloc(1, LOG_BYTES), *error;

	if (log == NULL || cl->GetProgramBuildInfo(program, unit->device, OPENCL_PROGRAM_BUILD_LOG, LOG_BYTES - 1, log, NULL) != OPENCL_SUCCESS)
		snprintf(why->what + strlen(why->what), sizeof(why->what) - strlen(why->what), ", and there is no build log");
	else {
		fprintf(stderr, "fivestep: opencl: build log of %s for %s:\n%s\n", body, unit->name, log);
		error = strstr(log, "error:");
		error = error != NULL ? error : log;
		snprintf(why->what + strlen(why->what), sizeof(why->what) - strlen(why->what), ": %.*s", (int)strcspn(error, "\n"), error);
	}
	free(log);
}

static int build(const struct opencl_api *cl, const struct opencl_unit *unit, opencl_handle program, const char *body, struct fs_reason *why)
{
	char options[128];
	int32_t status;

	snprintf(options, sizeof(options), "-cl-std=CL%s%s%s",
		unit->version >= 30   ? "3.0"
		: unit->version >= 20 ? "2.0"
				      : "1.2",
		opencl_unit_is_cpu(unit) ? " -DFIVESTEP_RUNS" : "",
		unit->exact_floats ? " -cl-fp32-correctly-rounded-divide-sqrt" : " -DFIVESTEP_FLOATS_BY_DOUBLE");
	status = cl->BuildProgram(program, 1, &unit->device, options, NULL, NULL);
	if (status == OPENCL_SUCCESS)
		return 0;
	if (status != OPENCL_BUILD_PROGRAM_FAILURE)
		return opencl_because(why, status, "clBuildProgram");
	if (unit->int64_atomics)
		fs_because(why, -EIO, "see the build log: log, in the round's record", "opencl: %s does not compile", body);
	else
		fs_because(why, -ENOTSUP, "another unit", "%s does not compile; the device has no 64-bit atomics", body);
	report_log(cl, unit, program, body, why);
	return unit->int64_atomics ? -EIO : -ENOTSUP;
}

int opencl_program_build(const struct opencl_api *cl, const struct opencl_unit *unit, opencl_handle context, const char *body, const char *flaw,
	struct opencl_program *program, struct fs_reason *why)
{
	char *source = bodies_have(body) ? whole_source(body, flaw) : NULL;
	int32_t status = OPENCL_SUCCESS;
	int err = 0;

	opencl_program_release(cl, program);
	if (source == NULL)
		return fs_because(
			why, -ENOTSUP, "device=emu, or a build of fivestep with the body in body_files", "there is no source of the body %s", body);
	program->program = cl->CreateProgramWithSource(context, 1, (const char **)&source, NULL, &status);
	if (program->program == NULL)
		err = opencl_because(why, status, "clCreateProgramWithSource");
	if (err == 0)
		err = build(cl, unit, program->program, body, why);
	if (err == 0) {
		program->kernel = cl->CreateKernel(program->program, strcmp(flaw, "kernel") == 0 ? "nonsense" : "compute", &status);
		if (program->kernel == NULL)
			err = opencl_because(why, status, "clCreateKernel");
	}
	if (err < 0)
		opencl_program_release(cl, program);
	else
		snprintf(program->name, sizeof(program->name), "%s", body);
	free(source);
	return err;
}

void opencl_program_release(const struct opencl_api *cl, struct opencl_program *program)
{
	if (program->kernel != NULL)
		cl->ReleaseKernel(program->kernel);
	if (program->program != NULL)
		cl->ReleaseProgram(program->program);
	*program = (struct opencl_program){0};
}

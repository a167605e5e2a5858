/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.c - the bodies as the GPU runs them: PTX that was compiled when fivestep was built (build-aux/ptx.sh), one module of all. The driver makes
 * machine code of it, before step 1, and keeps that for the next time.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness/device/cuda/cuda.h"

#include "harness/device/cuda/ptx.inc"

bool cuda_program_is_there(void)
{
	return ptx[0] != '\0';
}

static int load(const struct cuda_api *cu, const char *flaw, struct cuda_program *program, struct fs_reason *why)
{
	int status;

	if (program->module != NULL)
		return 0;
	if (!cuda_program_is_there())
		return fs_because(why, -ENOTSUP, "build fivestep where nvcc or clang is, or from a release, which has them",
			"this build has no bodies for CUDA: there was no compiler for them");
	status = cu->ModuleLoadData(&program->module, strcmp(flaw, "ptx") == 0 ? "this is no PTX" : ptx);
	if (status == CUDA_OK)
		return 0;
	program->module = NULL;
	return cuda_because(cu, why, status, "cuModuleLoadData");
}

int cuda_program_find(const struct cuda_api *cu, const char *body, const char *flaw, struct cuda_program *program, struct fs_reason *why)
{
	char entry[64];
	int err = load(cu, flaw, program, why), status;

	if (err < 0)
		return err;
	program->name[0] = '\0';
	snprintf(entry, sizeof(entry), "%s_kernel", body);
	status = cu->ModuleGetFunction(&program->function, program->module, entry);
	if (status == CUDA_NOT_FOUND)
		return fs_because(why, -ENOTSUP, "device=emu, or a build of fivestep with the body in body_files",
			"this build has no body %.60s for CUDA", body);
	if (status != CUDA_OK)
		return cuda_because(cu, why, status, "cuModuleGetFunction");
	snprintf(program->name, sizeof(program->name), "%s", body);
	return 0;
}

void cuda_program_release(const struct cuda_api *cu, struct cuda_program *program)
{
	if (program->module != NULL)
		cu->ModuleUnload(program->module);
	*program = (struct cuda_program){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * program.c - the GPU code of the bodies, all in one module, compiled when fivestep was built (build-aux/ptx.sh): machine code (cubins) for some
 * architectures, and PTX, which the driver compiles for any architecture before step 1 and caches.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "harness/device/cuda/cuda.h"

#include "harness/device/cuda/ptx.inc"

bool cuda_program_is_there(void)
{
	return ptx[0] != '\0';
}

/* Machine code runs on its own architecture and on later ones of the same generation. */
static const struct cubin *cubin_for(unsigned arch)
{
	const struct cubin *best = NULL;

	for (const struct cubin *cubin = cubins; cubin->arch != 0; cubin++) {
		if (cubin->arch / 10 == arch / 10 && cubin->arch <= arch && (best == NULL || cubin->arch > best->arch))
			best = cubin;
	}
	return best;
}

/* Whether the machine code was loaded; if not, program->image says why PTX runs instead. */
static bool load_cubin(const struct cuda_api *cu, const struct cubin *cubin, const char *flaw, struct cuda_program *program)
{
	struct fs_reason why = {0};
	int status = cu->ModuleLoadData(&program->module, strcmp(flaw, "cubin") == 0 ? (const void *)"no cubin" : cubin->code);

	if (status == CUDA_OK) {
		snprintf(program->image, sizeof(program->image), "cubin sm_%u", cubin->arch);
		return true;
	}
	program->module = NULL;
	cuda_because(cu, &why, status, "refused");
	text_fit(program->image, sizeof(program->image), "ptx; cubin sm_%u was %s", cubin->arch, why.what + strlen("cuda: "));
	return false;
}

int cuda_program_load(const struct cuda_api *cu, unsigned arch, const char *flaw, struct cuda_program *program, struct fs_reason *why)
{
	const struct cubin *cubin = strcmp(flaw, "ptx") != 0 ? cubin_for(arch) : NULL;
	int status;

	if (!cuda_program_is_there())
		return fs_because(why, -ENOTSUP, "build fivestep where nvcc or clang is, or from a release, which has them",
			"this build has no bodies for CUDA: there was no compiler for them");
	snprintf(program->image, sizeof(program->image), "ptx");
	if (cubin != NULL && load_cubin(cu, cubin, flaw, program))
		return 0;
	/* A fault that is not in the image occurs here again and is reported. */
	status = cu->ModuleLoadData(&program->module, strcmp(flaw, "ptx") == 0 ? "this is no PTX" : ptx);
	if (status == CUDA_OK)
		return 0;
	program->module = NULL;
	return cuda_because(cu, why, status, "cuModuleLoadData");
}

int cuda_program_find(const struct cuda_api *cu, const char *body, struct cuda_program *program, struct fs_reason *why)
{
	char entry[64];
	int status;

	program->name[0] = '\0';
	snprintf(entry, sizeof(entry), "%s_kernel", body);
	status = cu->ModuleGetFunction(&program->function, program->module, entry);
	if (status == CUDA_NOT_FOUND)
		return fs_because(
			why, -ENOTSUP, "device=emu, or a build of fivestep with the body in body_files", "this build has no body %s for CUDA", body);
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

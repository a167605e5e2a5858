/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * kernels.c - every kernel that is built in, through its five steps with a fake device: with links as pointers and as
 * offsets, its indices dealt out in many ways to threads, its slices one by one. What a kernel promises about its buffer
 * (regions, flags, the seed) is looked at too. tests/round/oracles.c sees to it that `check` can fail.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/machine/body_form.h"
#include "tests/round/kernel_ways.h"

/* All that follows from the seed, and nothing else: links are pointers, so that the buffers are compared as marshalled. */
static unsigned char *image_of(const struct fs_kernel *kernel, uint64_t seed, bool blocks, size_t *bytes)
{
	struct fake_steps steps = {.workers = 2, .seed = seed, .blocks = blocks};
	struct fake_job fake;
	unsigned char *image = NULL;

	if (fake_job_open(&fake, kernel, NULL, "size=16*base") != 0 || fake_steps_run(&steps, &fake) != 0)
		goto out;
	*bytes = steps.work.bytes;
	image = malloc(*bytes);
	if (image == NULL)
		goto out;
	memcpy(image, steps.work.cpu, *bytes);
	for (unsigned i = 0; i < FS_REGIONS && steps.work.regions[i].bytes != 0; i++) {
		if (steps.work.regions[i].flags & FS_POINTERS)
			kernel->marshal(&steps.work, &steps.work.regions[i], image + steps.work.regions[i].offset);
	}
out:
	end(&steps, &fake);
	return image;
}

/* A body is compiled for several vector units, and for neighbouring indices besides: all of them give the same bytes. */
static void test_forms(const struct fs_kernel *kernel)
{
	enum fs_body_form widest = fs_body_form();
	size_t bytes = 0;
	unsigned char *base;

	body_form_choose(FS_BODY_BASE);
	base = image_of(kernel, 1, false, &bytes);
	for (int form = FS_BODY_BASE; form < FS_BODY_FORMS; form++) {
		for (int blocks = 0; blocks < 2; blocks++) {
			unsigned char *image = NULL;

			if (!body_form_available((enum fs_body_form)form)) {
				skip("this processor or this build has no such form of bodies", 1);
				continue;
			}
			body_form_choose((enum fs_body_form)form);
			image = image_of(kernel, 1, blocks != 0, &bytes);
			ok(base != NULL && image != NULL && memcmp(base, image, bytes) == 0, "%s: %s, indices %s: the same bytes", kernel->name,
				fs_body_form_name((enum fs_body_form)form), blocks != 0 ? "in blocks" : "in turns");
			free(image);
		}
	}
	body_form_choose(widest);
	free(base);
}

static void test_seed(const struct fs_kernel *kernel)
{
	size_t bytes = 0;
	unsigned char *one = image_of(kernel, 1, false, &bytes), *again = image_of(kernel, 1, false, &bytes),
		      *other = image_of(kernel, 2, false, &bytes);

	ok(one != NULL && again != NULL && memcmp(one, again, bytes) == 0, "%s: the same seed gives the same bytes", kernel->name);
	ok(one != NULL && other != NULL && memcmp(one, other, bytes) != 0, "another seed gives others");
	free(one);
	free(again);
	free(other);
}

static bool has_elements(const struct fs_kernel *kernel)
{
	const struct fs_param *param = kernel->params;

	while (param->name != NULL && strcmp(param->name, "element") != 0)
		param++;
	return param->name != NULL;
}

static void test_floats(const struct fs_kernel *kernel)
{
	test_ways(kernel, "element=f32");
	test_layout(kernel, "size=16*base element=f32");
	test_layout(kernel, "size=12345678 element=f32");
	test_profile(kernel, "element=f32");
}

int main(void)
{
	for (unsigned i = 0; registry_kernels[i] != NULL; i++) {
		test_ways(registry_kernels[i], "");
		test_layout(registry_kernels[i], "size=16*base");
		test_layout(registry_kernels[i], "size=12345678");
		test_seed(registry_kernels[i]);
		test_forms(registry_kernels[i]);
		test_profile(registry_kernels[i], "");
		if (has_elements(registry_kernels[i]))
			test_floats(registry_kernels[i]);
	}
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body_form.c - the widest compiled form of the bodies that this processor can run; see body.h.
 */
#include "config.h"

#include "harness/machine/body_form.h"

/* Determined once; several threads may race to do so, and all get the same answer. */
#define UNKNOWN (-1)
static _Atomic int chosen = UNKNOWN;

bool body_form_available(enum fs_body_form form)
{
	if (form == FS_BODY_BASE)
		return true;
#if defined(__x86_64__) && !defined(FIVESTEP_NO_BODY_FORMS)
	__builtin_cpu_init();
	if (form == FS_BODY_AVX2)
		return __builtin_cpu_supports("avx2");
	if (form == FS_BODY_AVX512)
		return __builtin_cpu_supports("avx512f");
#endif
	return false;
}

void body_form_choose(enum fs_body_form form)
{
	chosen = (int)form;
}

enum fs_body_form fs_body_form(void)
{
	int form = chosen;

	if (form == UNKNOWN) {
		for (form = FS_BODY_FORMS - 1; !body_form_available((enum fs_body_form)form); form--)
			;
		chosen = form;
	}
	return (enum fs_body_form)form;
}

const char *fs_body_form_name(enum fs_body_form form)
{
	/* The base form is what every processor of the architecture has: SSE2 on x86-64, NEON on arm64. */
	static const char *const names[FS_BODY_FORMS] = {"base", "avx2", "avx512"};

	return names[form];
}

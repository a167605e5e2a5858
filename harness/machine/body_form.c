/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body_form.c - the widest form of the bodies that this processor has; see body.h.
 */
#include "config.h"

#include "harness/machine/body_form.h"

/* Found out once; several threads may, and find the same. */
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
	/* The base is what the architecture has in any case: SSE2 on x86-64, NEON on arm64. */
	static const char *const names[FS_BODY_FORMS] = {"base", "avx2", "avx512"};

	return names[form];
}

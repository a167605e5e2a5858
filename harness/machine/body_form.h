/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * body_form.h - which form of the bodies runs: they are compiled for several vector units (body.h).
 */
#ifndef FIVESTEP_BODY_FORM_H
#define FIVESTEP_BODY_FORM_H

#include <stdbool.h>

#include "harness/body.h"

/* Whether the build has the form and this processor can run it. */
bool body_form_available(enum fs_body_form form);
/* For tests that compare the forms: selects the form that runs from now on; it must be available. */
void body_form_choose(enum fs_body_form form);

#endif

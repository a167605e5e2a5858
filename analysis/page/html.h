/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * html.h - prints HTML and XML in which no text can be markup: the format is the markup, and each %s is escaped.
 */
#ifndef FIVESTEP_HTML_H
#define FIVESTEP_HTML_H

#include <stdio.h>

#include "base/reason.h"

/*
 * As fprintf(), except that texts are escaped for elements and for attributes in double quotes. Takes %s %c %d %u %zu %f %g %e and %%, with flags,
 * width and precision, but no '*'; a precision of %s counts bytes.
 */
void html_print(FILE *out, const char *fmt, ...) FS_PRINTF(2, 3);

#endif

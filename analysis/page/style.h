/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * style.h - the style sheet that all pages share: the report's and those of a history site.
 */
#ifndef FIVESTEP_STYLE_H
#define FIVESTEP_STYLE_H

extern const char page_style[];

#endif

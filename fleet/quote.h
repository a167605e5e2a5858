/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * quote.h - a word as a shell reads it back, whatever is in it.
 *
 * fivestep itself starts Slurm's commands without a shell. This is only for texts that a person may paste into one.
 */
#ifndef FIVESTEP_FLEET_QUOTE_H
#define FIVESTEP_FLEET_QUOTE_H

#include "base/text.h"

/* Adds the word: as it is if it has only letters, digits and _-./=:,@%+, else in single quotes, in which a shell expands nothing. */
void quote_word(struct text *text, const char *word);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * model_pages.h - whether programs can be replayed here for the machine of a model.
 */
#ifndef FIVESTEP_COMMAND_MODEL_PAGES_H
#define FIVESTEP_COMMAND_MODEL_PAGES_H

#include "analysis/model/model.h"
#include "base/text.h"
#include "command/command.h"
#include "results/runfile.h"

/* EXIT_FINE; EXIT_NOT_COMPARABLE, said with the difference, if its base pages have another size: the events would be others. */
enum exit_status model_pages_check(const char *command, const struct runfile *model);
/* Likewise if figures of a machine are times and the model counts instructions. */
enum exit_status model_clock_check(const char *command, const struct runfile *model, const struct what_if *what_if);
/*
 * Likewise if the model is of another machine or clock than the run: unit costs of one say nothing about the other. With how, the differences are
 * added to it as sentences, and nothing is said.
 */
enum exit_status model_machine_check(const char *command, const struct runfile *model, const struct runfile *run, struct text *how);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * task.h - what a task of the array runs on its node.
 */
#ifndef FIVESTEP_FLEET_TASK_H
#define FIVESTEP_FLEET_TASK_H

/*
 * A shell script, the same for every fleet: nothing is ever inserted into it. It starts in the fleet's folder; its arguments are the program, the
 * bundle or
 * "-", the plan, a list of runs to continue or "-", with a line "TASK FILE" for each, and the number of tasks to wait for before it measures, or "-".
 */
extern const char task_script[];

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * task.h - what a task of the array runs on its node.
 */
#ifndef FIVESTEP_FLEET_TASK_H
#define FIVESTEP_FLEET_TASK_H

/*
 * A shell script, the same for every fleet: nothing is ever inserted into it. It starts in the fleet's folder; its arguments are the program, the
 * bundle or "-", the plan, the run in runs/ to continue or "-", and the folder in which the tasks that start together note that they have begun or
 * "-", with their number.
 */
extern const char task_script[];

#endif

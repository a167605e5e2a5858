/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * main.c - the program: fivestep without an extension.
 */
#include "config.h"

#include <stddef.h>

#include "harness/fivestep.h"

int main(int argc, char **argv)
{
	return fivestep_main(argc, argv, NULL);
}

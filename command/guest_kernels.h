/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * guest_kernels.h - fivestep guest kernels --draw and --where: runs of several kernels side by side. guest/kernels.sh measures them.
 */
#ifndef FIVESTEP_GUEST_KERNELS_H
#define FIVESTEP_GUEST_KERNELS_H

/* argv[0] is "kernels". Returns an exit status. */
int guest_kernels_show(int argc, char **argv);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * floor_server.h - the two memories of the floor's faults, and the process that serves them. floor_fault.c measures with them.
 */
#ifndef FIVESTEP_BENCH_FLOOR_SERVER_H
#define FIVESTEP_BENCH_FLOOR_SERVER_H

#include <sys/types.h>

#include "bench/order.h"

/* How a fault is served: the page is there already, or what its granule holds is moved first. */
enum floor_way { FLOOR_RAW, FLOOR_MOVING };

/* What parent and child share. */
struct floor_orders {
	uint64_t served; /* faults, by the child */
	uint32_t way, prepared;
};

struct floor_server {
	int memory[FS_SIDES], uffd; /* the parent touches the device's memory, the child has the host's */
	size_t granule, bytes;
	ulong granules;
	int server_uffd; /* of the server's own view, where nothing faults */
	unsigned char *alias[FS_SIDES], *view[FS_SIDES];
	struct floor_orders *orders;
	pid_t pid;
	struct bitmask *allowed; /* the CPUs that this process had; NULL */
};

/* Sets up the memories: `granules` of `granule` bytes each. 0 or -errno; floor_server_close() in either case. */
int floor_server_open(struct floor_server *server, size_t granule, ulong granules);
void floor_server_close(struct floor_server *server);

/* A descriptor for the faults of this process's view of that memory, or -errno where the kernel does not allow it. */
int floor_server_register(const struct floor_server *server, enum fs_side side);

/* Starts the process that serves the faults of server->uffd, which this process gives up. 0 or -errno. */
int floor_server_start(struct floor_server *server);

/*
 * In a process that has no server: maps the host's view, and moves a granule from there to the device's view (drop, copy, continue; 0 or -errno).
 */
void floor_server_touch(const struct floor_server *server);
int floor_server_move(const struct floor_server *server, size_t offset);

/* Writes the first word of each granule of a memory: order_word(granule, pass). */
void floor_server_fill(const struct floor_server *server, enum fs_side side, ulong pass);

#endif

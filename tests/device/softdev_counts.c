/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * softdev_counts.c - what the driver counts is exact, under each policy.
 */
#include "config.h"

#include "tests/device/softdev_part.h"
#include "tests/tap.h"

#define PAGES 4096

static uint64_t to_device(const struct softdev_counts *c)
{
	return c->pages[SOFTDEV_DEVICE_FAULT] + c->pages[SOFTDEV_MOVE_TO_DEVICE];
}

static uint64_t to_host(const struct softdev_counts *c)
{
	return c->pages[SOFTDEV_HOST_FAULT] + c->pages[SOFTDEV_MOVE_TO_HOST] + c->pages[SOFTDEV_EVICTION];
}

/* Stages of a cause are all there is of its time, to 1 %. */
static bool stages_add_up(const struct softdev_counts *c, enum softdev_cause cause)
{
	uint64_t sum = 0, whole = c->time[cause][SOFTDEV_WHOLE];

	for (int stage = 0; stage < SOFTDEV_WHOLE; stage++)
		sum += c->time[cause][stage];
	diag("%d: %llu of %llu", cause, (unsigned long long)sum, (unsigned long long)whole);
	return sum <= whole && sum * 100 >= whole * 99;
}

static void on_demand(unsigned granule)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = granule});
	struct softdev_counts c;

	is_int(part_on_device(&part), 0, "granule %u: nothing is on the device before it is touched", granule);
	is_int(part_device(&part, part_add), 0, "granule %u: a device process touches each page once", granule);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], PAGES / granule, "granule %u: one device fault a granule", granule);
	is_int((long long)c.pages[SOFTDEV_DEVICE_FAULT], PAGES, "granule %u: every page moves", granule);
	is_int((long long)c.bytes[SOFTDEV_DEVICE_FAULT], (long long)part.bytes, "granule %u: with its bytes", granule);
	is_int((long long)c.idle_faults[SOFTDEV_DEVICE], 0, "granule %u: no device fault moves nothing", granule);
	is_int(part_on_device(&part), PAGES, "granule %u: the page tables say that all are there", granule);
	is_int((long long)c.resident_pages, PAGES, "granule %u: and so does the driver", granule);
	part_host_add(&part);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_HOST_FAULT], PAGES, "granule %u: touched back, one CPU fault a page", granule);
	is_int((long long)c.pages[SOFTDEV_HOST_FAULT], PAGES, "granule %u: every page comes back", granule);
	is_int((long long)c.idle_faults[SOFTDEV_HOST], 0, "granule %u: no CPU fault moves nothing", granule);
	is_int(part_on_device(&part), 0, "granule %u: none is left there", granule);
	is_int(part_wrong(&part, 2), 0, "granule %u: the data are right", granule);
	ok(stages_add_up(&c, SOFTDEV_DEVICE_FAULT), "granule %u: the stages of device faults add up", granule);
	part_free(&part);
}

static void remote(void)
{
	struct part part = part_make(PAGES, &(struct part_options){.granule = 1, .policy = SOFTDEV_REMOTE});
	struct softdev_counts c;

	is_int(part_device(&part, part_add), 0, "remote: a device process touches each page once");
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], PAGES, "remote: one device fault a page");
	is_int((long long)to_device(&c), 0, "remote: no page moves");
	is_int((long long)c.mapped_host_pages, PAGES, "remote: each is mapped where it is");
	part_host_add(&part);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_HOST_FAULT], 0, "remote: the CPU does not fault");
	is_int(part_wrong(&part, 2), 0, "remote: the data are right");
	part_free(&part);
}

static void holes(void)
{
	struct part part = part_make(256, &(struct part_options){.granule = 16, .untouched = true});
	struct softdev_counts c;

	is_int(part_device(&part, part_add), 0, "the device's process touches untouched pages");
	c = part_counts(&part);
	is_int((long long)c.made_pages, 256, "its pages are made on the device");
	is_int((long long)c.bytes[SOFTDEV_DEVICE_FAULT], 0, "and nothing is copied");
	is_int((long long)part.buf[7 * part.page / 8], 1, "they begin as zeros");
	part_free(&part);
}

static void after_faults(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .after = 3});

	part_device(&part, part_add);
	part_device(&part, part_add);
	is_int(part_on_device(&part), 0, "migrate after 3: two device faults a page move none");
	part_device(&part, part_add);
	is_int(part_on_device(&part), 64, "migrate after 3: the third moves each");
	is_int(part_wrong(&part, 3), 0, "migrate after 3: the data are right");
	part_free(&part);
}

static void pinned(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .pin = 2});

	for (int i = 0; i < 3; i++) {
		part_device(&part, part_add);
		part_host_add(&part);
	}
	is_int((long long)part_counts(&part).pinned_granules, 64, "pin after 2: two CPU faults pin a granule");
	is_int((long long)part_counts(&part).pages[SOFTDEV_DEVICE_FAULT], 128, "pin after 2: it moves twice and then stays");
	is_int(part_wrong(&part, 6), 0, "pin after 2: the data are right");
	part_free(&part);
}

static void read_first(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1, .flags = SOFTDEV_READ_ONLY_FIRST});
	struct softdev_counts c;

	part_device(&part, part_add);
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], 128, "read-only first: a read and then a write are two faults");
	is_int((long long)c.write_faults, 64, "read-only first: one of them a write");
	is_int((long long)c.pages[SOFTDEV_DEVICE_FAULT], 64, "read-only first: the page moves once");
	is_int(part_wrong(&part, 1), 0, "read-only first: the data are right");
	part_free(&part);
}

static void capacity(void)
{
	struct part part = part_make(1024, &(struct part_options){.granule = 16, .capacity = 512});
	struct softdev_counts c;

	is_int(part_device(&part, part_add), 0, "capacity of half: a device process touches all");
	c = part_counts(&part);
	is_int((long long)c.pages[SOFTDEV_EVICTION], 512, "capacity of half: the other half is evicted");
	is_int((long long)c.resident_pages, 512, "capacity of half: half is there");
	is_int((long long)part_on_device(&part), 512, "capacity of half: the page tables say so");
	is_int(part_wrong(&part, 1), 0, "capacity of half: the data are right");
	part_free(&part);
}

static void ahead(struct part *part)
{
	part->shared[0] = part_moved(part, true);
	part_read(part);
}

static void requests(void)
{
	struct part part = part_make(1024, &(struct part_options){.granule = 1});
	struct softdev_counts c;

	is_int(part_device(&part, ahead), 0, "a device process asks for all of it");
	is_int((long long)part.shared[0], 1024, "and gets all of it");
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_DEVICE_FAULT], 0, "it then touches it without a fault");
	is_int((long long)c.pages[SOFTDEV_MOVE_TO_DEVICE], 1024, "the pages are counted");
	ok(stages_add_up(&c, SOFTDEV_MOVE_TO_DEVICE), "the stages of a request add up");
	is_int((long long)part_moved(&part, false), 1024, "and back by request");
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_HOST_FAULT], 0, "the CPU does not fault on them");
	is_int(part_wrong(&part, 0), 0, "requested: the data are right");
	is_int((long long)(to_device(&c) - to_host(&c)), 0, "what went there is what came back");
	part_free(&part);
}

static void read_half(struct part *part)
{
	struct part half = *part;

	half.pages /= 2;
	part_read(&half);
}

/* Room is made for what moves, not for what is there already. */
static void request_again(void)
{
	struct part part = part_make(256, &(struct part_options){.granule = 1});
	struct softdev_counts c;

	is_int(part_device(&part, read_half), 0, "a device process touches half of what all fits");
	is_int((long long)part_moved(&part, true), 128, "a request for all of it moves the other half");
	c = part_counts(&part);
	is_int((long long)c.events[SOFTDEV_EVICTION], 0, "and evicts nothing");
	is_int((long long)part_on_device(&part), 256, "so that all of it is there");
	is_int((long long)part_moved(&part, true), 0, "asked for again, nothing moves");
	is_int((long long)part_counts(&part).events[SOFTDEV_EVICTION], 0, "in either direction");
	part_free(&part);
}

static void failures(void)
{
	struct part part = part_make(64, &(struct part_options){.granule = 1});

	part_inject(&part, SOFTDEV_FAIL_DEVICE_PAGE, 5);
	part_device(&part, part_add);
	is_int(part_on_device(&part), 59, "without 5 device pages as many stay on the host");
	is_int((long long)part_counts(&part).refused[SOFTDEV_DEVICE_FAULT], 5, "they are counted");
	part_inject(&part, SOFTDEV_FAIL_COPY, 3);
	part_host_add(&part);
	is_int((long long)part_counts(&part).idle_faults[SOFTDEV_HOST], 3, "three copies back fail: the CPU faults again");
	part_inject(&part, SOFTDEV_FAIL_COPY, 3);
	part_device(&part, part_add);
	is_int(part_on_device(&part), 61, "three copies there fail: as many stay on the host");
	part_inject(&part, SOFTDEV_FAIL_HOST_PAGE, 3);
	is_int((long long)part_moved(&part, false), 58, "without 3 host pages as many stay on the device");
	is_int(part_wrong(&part, 3), 0, "after failures the data are right");
	part_free(&part);
}

void softdev_counts_cases(void)
{
	on_demand(1);
	on_demand(16);
	on_demand(512);
	remote();
	holes();
	after_faults();
	pinned();
	read_first();
	capacity();
	requests();
	request_again();
	failures();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * unlike.c - which fields two machines differ in where their records are of two versions of identity: what the first version did not know is unknown,
 * and lists of hardware have no order.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/compare/unlike.h"
#include "tests/tap.h"

static struct runfile base, new;
static struct unlike unlike;

/* The name of the field that differs, "" without one, "several" where there are more. */
static const char *field(const char *before, const char *after)
{
	static char name[64];

	base.header = json_loads(before, 0, NULL);
	new.header = json_loads(after, 0, NULL);
	base.clock = new.clock = "monotonic";
	if (base.header == NULL || new.header == NULL || unlike_find(&base, &new, &unlike) != 0)
		exit(99);
	snprintf(name, sizeof(name), "%s", unlike.n == 0 ? "" : unlike.n > 1 ? "several" : unlike.fields[0].name);
	unlike_free(&unlike);
	json_decref(base.header);
	json_decref(new.header);
	return name;
}

#define IDENTITY(version, fields) "{\"machine\":{\"identity_version\":" version ",\"identity\":{" fields "}}}"
#define FIRST(fields)		  "{\"machine\":{\"identity\":{" fields "}}}"

static void test_versions(void)
{
	is_str(field(FIRST("\"cpus\":2"), IDENTITY("2", "\"cpus\":2")), "", "a field that both versions have alike");
	is_str(field(FIRST("\"cpus\":2"), IDENTITY("2", "\"cpus\":4")), "cpus", "or not alike");
	is_str(field(IDENTITY("2", "\"cpus\":4"), FIRST("\"cpus\":2")), "cpus", "whichever is first");
	is_str(field(FIRST("\"cpus\":2"), IDENTITY("2", "\"cpus\":2,\"caches\":\"x\"")), "", "one that only the second version has");
	is_str(field(IDENTITY("2", "\"cpus\":2"), IDENTITY("2", "\"cpus\":2,\"caches\":\"x\"")), "caches",
		"is a difference between two of one version");
	is_str(field(FIRST("\"cpus\":2"), FIRST("\"cpus\":2.0")), "", "a number may be written as a real one");
}

static void test_unknown(void)
{
	is_str(field(FIRST("\"guest\":false"), IDENTITY("2", "\"guest\":true")), "", "a guest that the first version did not recognise");
	is_str(field(FIRST("\"guest\":true"), IDENTITY("2", "\"guest\":false")), "guest", "one that it did is one");
	is_str(field(IDENTITY("1", "\"guest\":false"), IDENTITY("1", "\"guest\":true")), "guest", "of one version it counts");
	is_str(field(FIRST("\"hypervisor\":\"\""), IDENTITY("2", "\"hypervisor\":\"KVM\"")), "", "a hypervisor without a name is unknown");
	is_str(field(FIRST("\"hypervisor\":\"Xen\""), IDENTITY("2", "\"hypervisor\":\"KVM\"")), "hypervisor", "one with another name is another");
	is_str(field(FIRST("\"emulated\":false"), IDENTITY("2", "\"emulated\":true")), "", "as is emulation that it did not see");
}

static void test_lists(void)
{
	is_str(field(FIRST("\"gpus\":[\"a\",\"b\",\"c\"]"), IDENTITY("2", "\"gpus\":[\"c\",\"a\",\"b\"]")), "", "the same devices in another order");
	is_str(field(FIRST("\"gpus\":[\"a\",\"b\",\"b\"]"), IDENTITY("2", "\"gpus\":[\"b\",\"a\",\"a\"]")), "gpus", "not as often each");
	is_str(field(FIRST("\"gpus\":[\"a\",\"b\"]"), IDENTITY("2", "\"gpus\":[\"a\",\"b\",\"c\"]")), "gpus", "one more");
	is_str(field(FIRST("\"gpus\":[\"a\",\"b\"]"), IDENTITY("2", "\"gpus\":[\"b\",\"d\"]")), "gpus", "another one");
	is_str(field(FIRST("\"gpus\":[]"), IDENTITY("2", "\"gpus\":[]")), "", "none at all");
	is_str(field(IDENTITY("2", "\"gpus\":[\"a\",\"b\"]"), IDENTITY("2", "\"gpus\":[\"b\",\"a\"]")), "gpus", "in one version the order is kept");
	is_str(field(FIRST("\"gpus\":[1,2]"), IDENTITY("2", "\"gpus\":[2,1]")), "gpus", "lists of other things have an order");
}

#define FACTORS(fields) "{\"machine\":{\"identity\":{},\"factors\":{" fields "}}}"

static void layout_is(const char *before, const char *after, const char *clock, const char *wanted, const char *name)
{
	struct text text = {0};

	base.header = json_loads(before, 0, NULL);
	new.header = json_loads(after, 0, NULL);
	base.clock = new.clock = clock;
	if (base.header == NULL || new.header == NULL || unlike_find(&base, &new, &unlike) != 0)
		exit(99);
	unlike_layout(&unlike, &base, &text);
	is_str(text_string(&text), wanted, "%s", name);
	text_clear(&text);
	unlike_free(&unlike);
	json_decref(base.header);
	json_decref(new.header);
}

/* Where instructions are counted, another image of the guest lays memory out differently. */
static void test_layout(void)
{
	static const char before[] = FACTORS("\"guest_a\":\"1\",\"guest_image\":\"1\",\"kernel\":\"6.1\"");

	layout_is(before, before, "instructions", "", "the same image");
	layout_is(before, FACTORS("\"guest_a\":\"1\",\"guest_image\":\"1\",\"kernel\":\"6.2\""), "instructions", "", "another kernel is no image");
	layout_is(before, FACTORS("\"guest_a\":\"2\",\"guest_image\":\"1\",\"kernel\":\"6.1\""), "instructions",
		"the guest's image differs (a): counts may differ slightly because its kernel's memory is laid out differently",
		"another image is said, however short the name of what differs");
	layout_is(before, FACTORS("\"guest_a\":\"2\",\"guest_image\":\"2\",\"kernel\":\"6.2\""), "instructions",
		"the guest's image differs (a, image): counts may differ slightly because its kernel's memory is laid out differently",
		"all that differs of it is named, and nothing else");
	layout_is(before, FACTORS("\"guest_a\":\"2\",\"guest_image\":\"2\",\"kernel\":\"6.1\""), "monotonic", "", "times do not depend on it");
}

int main(void)
{
	test_versions();
	test_unknown();
	test_lists();
	test_layout();
	done_testing();
	return exit_status();
}

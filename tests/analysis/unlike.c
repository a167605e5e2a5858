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

/* ---- all that differs, in its order: kind, name, values */

static void open_both(const char *before, const char *after)
{
	base.header = json_loads(before, 0, NULL);
	new.header = json_loads(after, 0, NULL);
	base.clock = new.clock = "monotonic";
	if (base.header == NULL || new.header == NULL || unlike_find(&base, &new, &unlike) != 0)
		exit(99);
}

static void close_both(void)
{
	unlike_free(&unlike);
	json_decref(base.header);
	json_decref(new.header);
}

static void differs_in(const char *before, const char *after, const char *wanted, const char *name)
{
	static const char kinds[] = "ifs";
	struct text text = {0};

	open_both(before, after);
	for (size_t i = 0; i < unlike.n; i++)
		text_add(&text, "%s%c %s %s>%s%s", i > 0 ? "; " : "", kinds[unlike.fields[i].kind], unlike.fields[i].name, unlike.fields[i].base,
			unlike.fields[i].new, unlike.fields[i].unread ? " unread" : "");
	is_str(text_string(&text), wanted, "%s", name);
	text_clear(&text);
	close_both();
}

static void test_parts(void)
{
	differs_in("{\"machine\":{\"identity\":{\"b\":1,\"a\":\"x\",\"same\":3},\"factors\":{\"kernel\":\"6\"},\"state\":{\"thp\":\"always\","
		   "\"load\":\"1\"}},"
		   "\"build\":{\"commit\":\"c\"},\"inputs\":{\"graph\":\"1\"},\"lies\":{\"copy.none\":true}}",
		"{\"machine\":{\"identity\":{\"b\":[2],\"same\":3.0},\"factors\":{\"kernel\":\"7\"},\"state\":{\"thp\":\"never\",\"load\":\"2\"}},"
		"\"build\":{\"commit\":\"d\",\"compiler\":\"gcc\"},\"injected\":{\"ns\":5}}",
		"i a x>-; i b 1>[2]; f build.commit c>d; f build.compiler ->gcc; f injected.ns ->5; f input.graph 1>-; f kernel 6>7; f "
		"lies.copy.none true>-; s thp "
		"always>never",
		"each part of a record, sorted by what it means and by name; what always differs is left out");
}

#define UNREAD(fields, entries) "{\"machine\":{\"identity\":{" fields "},\"unread\":[" entries "]}}"

static void test_unread(void)
{
	static const char known[] = UNREAD("\"cpus\":2,\"nodes\":1", ""),
			  some[] = UNREAD(
				  "\"cpus\":2", "{\"fields\":\"nodes,cpus\",\"what\":\"FILE: no\"},{\"fields\":\"caches\",\"what\":\"OTHER\"}");
	struct text text = {0};

	differs_in(known, some, "i caches ->unread (OTHER) unread; i cpus ->unread (FILE: no) unread; i nodes 1>unread (FILE: no) unread",
		"what could not be read of the new run's machine: each field, with the file");
	differs_in(some, known, "i caches unread (OTHER)>- unread; i cpus unread (FILE: no)>- unread; i nodes unread (FILE: no)>1 unread",
		"or of the base's");
	open_both(known, some);
	unlike_unread(&base, &text);
	is_str(text_string(&text), "", "all of the base was read");
	unlike_unread(&new, &text);
	is_str(text_string(&text), "nodes,cpus (FILE: no)", "the first that was not is told of the new run");
	text_clear(&text);
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 3, "three fields are not known to be the same");
	ok(unlike_allow(&unlike, &base, &new, "cpus"), "one of them may be allowed to differ");
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 2, "and counts no more");
	is_int((long long)unlike_count(&unlike, UNLIKE_FACTOR), 0, "none is a factor");
	ok(!unlike_allow(&unlike, &base, &new, "colour"), "what no machine has cannot be allowed");
	ok(unlike_allow(&unlike, &new, &base, "nodes") && unlike_allow(&unlike, &base, &new, "nodes"), "what one of them has can");
	close_both();
	open_both(UNREAD("\"cpus\":2", ""), UNREAD("\"cpus\":2,\"gpus\":1", ""));
	ok(unlike_allow(&unlike, &base, &new, "cpus"), "as can what is the same in both");
	is_int((long long)unlike_count(&unlike, UNLIKE_IDENTITY), 1, "which changes nothing");
	close_both();
}

#define DEVICES(units)	       "{\"devices\":[{\"name\":\"none\"},{\"name\":\"cuda\",\"units\":[" units "]}]}"
#define UNIT(n, name, members) "{\"unit\":" n ",\"name\":\"" name "\"" members "}"

static void test_units(void)
{
	static const char h100[] =
		DEVICES(UNIT("0", "H100", ",\"driver\":\"1\",\"identity\":{\"bytes\":80},\"factors\":{\"vbios\":\"a\"},\"state\":{\"mig\":\"off\"}"));

	differs_in(h100, h100, "", "one unit");
	differs_in(h100,
		DEVICES(UNIT("0", "H200", ",\"driver\":\"2\",\"identity\":{\"bytes\":141},\"factors\":{\"vbios\":\"b\"},\"state\":{\"mig\":\"on\"}")),
		"i cuda.unit0 H100>H200; i cuda.unit0.bytes 80>141; f cuda.unit0.driver 1>2; f cuda.unit0.vbios a>b; s cuda.unit0.mig off>on",
		"another one, by all that is known of it");
	differs_in(h100, DEVICES(UNIT("0", "H100", ",\"driver\":\"1\",\"identity\":{\"cores\":1}")), "",
		"what only one library reports is no difference");
	differs_in(h100, DEVICES(UNIT("1", "H200", "")), "", "units of other numbers are not compared");
	differs_in(DEVICES(UNIT("0", "A", "") "," UNIT("1", "B", "")), DEVICES(UNIT("1", "C", "") "," UNIT("0", "A", "")), "i cuda.unit1 B>C",
		"units are matched by their numbers");
	differs_in(h100, "{\"devices\":[{\"name\":\"opencl\",\"units\":[" UNIT("0", "X", "") "]}]}", "", "and devices by their names");
}

int main(void)
{
	test_parts();
	test_unread();
	test_units();
	test_versions();
	test_unknown();
	test_lists();
	test_layout();
	done_testing();
	return exit_status();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - texts that others wrote: what is no UTF-8 or cannot be shown is made visible, no text ends within a character, and each format escapes
 * its own marks.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "harness/fivestep.h"
#include "tests/tap.h"

static void test_visible(void)
{
	static const struct {
		const char *text, *visible;
	} cases[] = {
		{"", ""},
		{"plain text: 3 % of \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80", "plain text: 3 % of \xc3\xbc \xe2\x82\xac \xf0\x9f\x98\x80"},
		{"a\x1b[2Jb\x07\r\n\t\x7f", "a\\x1b[2Jb\\x07\\x0d\\x0a\\x09\\x7f"},
		{"\xc2\x85 \xe2\x80\xae \xef\xbf\xbe \xef\xbb\xbf \xf3\xa0\x80\x81", "\\u{85} \\u{202e} \\u{fffe} \\u{feff} \\u{e0001}"},
		{"\xff \x80 \xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82 x",
			"\\xff \\x80 \\xc0\\x80 \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82 x"},
		{"cut \xe2\x82", "cut "},
		{"cut \xf0\x9f\x98", "cut "},
		{"cut \xc3", "cut "},
	};

	for (size_t i = 0; i < FS_ARRAY_SIZE(cases); i++) {
		char *visible = text_visible(cases[i].text, false), room[128];

		is_str(visible, cases[i].visible, "made visible, text %zu", i);
		is_int(text_is_plain(cases[i].text, false), !strcmp(cases[i].text, cases[i].visible), "and only that is not plain");
		snprintf(room, sizeof(room), "%s", cases[i].text);
		text_make_visible(room, sizeof(room));
		is_str(room, cases[i].visible, "in place");
		free(visible);
	}
	is_int(text_bad_byte("abc\xc3\xbc"), -1, "UTF-8 has no bad byte");
	is_int(text_bad_byte("abc\xfcxyz"), 3, "Latin 1 has one");
	is_int(text_bad_byte("abc\xc3"), 3, "as has what was cut");
}

static void test_fit(void)
{
	char text[9];

	ok(text_fit(text, sizeof(text), "%d%s", 12, "345678"), "a text that fits is whole");
	is_str(text, "12345678", "with all its characters");
	ok(!text_fit(text, sizeof(text), "%s", "123456789"), "one character more does not fit");
	is_str(text, "12345...", "and shows that it was cut");
	ok(!text_fit(text, sizeof(text),
		   "1234\xc3\xbc"
		   "89abc"),
		"one that would be cut within a character");
	is_str(text, "1234...", "ends before that character");
	ok(!text_fit(text, 3, "%s", "123456789"), "hardly any room");
	is_str(text, "..", "is marked, too");
}

/* Only what shows nothing of its own is escaped: a backslash that was there already is a character as any other. */
static void test_escapes_kept(void)
{
	char text[32];

	snprintf(text, sizeof(text), "\\u{zzzzzzzzzzzz \x1b");
	text_make_visible(text, 21);
	is_str(text, "\\u{zzzzzzzzzzzz \\x1b", "a backslash of the text's own does not end it early");
	snprintf(text, sizeof(text), "\\xyz\x1b");
	text_make_visible(text, 9);
	is_str(text, "\\xyz\\x1b", "an escape that just fits is there");
	snprintf(text, sizeof(text), "\\xyz\x1b");
	text_make_visible(text, 8);
	is_str(text, "\\xyz", "one that does not is left out whole");
	snprintf(text, sizeof(text), "\\xay\x1b");
	text_make_visible(text, 4);
	is_str(text, "\\xa", "of what only looks like an escape a part may stay");
	ok(!text_is_plain("a\nb", false) && text_is_plain("a\nb\t", true), "line ends and tabs are plain where lines are");
	ok(!text_is_plain("a\rb", true) && !text_is_plain("\x7f", true), "other controls never are");
}

/* However little room there is, no part of a character and no part of an escape is left. */
static void test_room(void)
{
	static const char text[] = "x\xe2\x82\xac\x1b\xc3\xbc", visible[] = "x\xe2\x82\xac\\x1b\xc3\xbc";

	for (size_t room = 1; room <= sizeof(visible); room++) {
		char kept[32];

		snprintf(kept, sizeof(kept), "%s", text);
		text_make_visible(kept, room);
		ok(strlen(kept) < room && !strncmp(kept, visible, strlen(kept)) && text_is_plain(kept, false), "room for %zu bytes: \"%s\"", room,
			kept);
	}
}

static void test_formats(void)
{
	static const char text[] = "=a<b>&\"c'd|`*[x](http://y)#\\\n\x1b\xc3\xbc\xe2";
	static const char *const wanted[TEXT_FORMATS] = {
		[TEXT_HTML] = "=a&lt;b&gt;&amp;&quot;c'd|`*[x](http://y)#\\&#10;\\x1b\xc3\xbc",
		[TEXT_MARKDOWN] = "\\=a\\<b\\>\\&\"c'd\\|\\`\\*\\[x\\](http\\://y)\\#\\\\ \\\\x1b\xc3\xbc",
		[TEXT_CSV] = "\"'=a<b>&\"\"c'd|`*[x](http://y)#\\\n\\x1b\xc3\xbc\"",
		[TEXT_METRICS] = "=a<b>&\\\"c'd|`*[x](http://y)#\\\\\\n\\\\x1b\xc3\xbc",
		[TEXT_GNUPLOT] = "'=a<b>&\"c''d|`*[x](http://y)#\\ \\x1b\xc3\xbc'",
		[TEXT_DATA] = "\"=a<b>&\xe2\x80\x99"
			      "c\xe2\x80\x99"
			      "d|`*[x](http://y)#/ /x1b\xc3\xbc\"",
		[TEXT_TAP] = "=a<b>&\"c'd|`*[x](http://y)\\#\\ \\x1b\xc3\xbc",
		[TEXT_YAML] = "'=a<b>&\"c''d|`*[x](http://y)#\\ \\x1b\xc3\xbc'",
	};

	for (int f = 0; f < TEXT_FORMATS; f++) {
		size_t bytes = 0;
		char *put = NULL;
		FILE *out = open_memstream(&put, &bytes);

		text_put(out, f, text);
		fclose(out);
		is_str(put, wanted[f], "format %d", f);
		free(put);
	}
}

static void test_json(void)
{
	json_t *json = json_loads("{\"a\\u001b\":[\"x\\ny\",{\"text\":\"x\\ny\",\"log\":\"\\u0007\"}],\"b\":1,\"c\":\"\\u00fc\"}", 0, NULL);
	char *text;

	is_int(text_clean_json(json), 3, "texts and keys are made visible");
	text = json_dumps(json, JSON_COMPACT);
	is_str(text, "{\"a\\\\x1b\":[\"x\\\\x0ay\",{\"text\":\"x\\ny\",\"log\":\"\\\\x07\"}],\"b\":1,\"c\":\"\xc3\xbc\"}",
		"in their order; texts of several lines keep them");
	is_int(text_clean_json(json), 0, "once is enough");
	free(text);
	json_decref(json);
}

static void test_reason(void)
{
	struct fs_reason why;
	char longer[600];

	fs_because(&why, -1, "do \x1b[1m", "no\xff \xe2\x80\xae\n%s", "x");
	is_str(why.what, "no\\xff \\u{202e}\\x0ax", "a reason quotes nothing that is obeyed");
	is_str(why.remedy, "do \\x1b[1m", "nor does a remedy");
	memset(longer, 0, sizeof(longer));
	for (size_t i = 0; i + 2 < sizeof(longer); i += 2)
		memcpy(longer + i, "\xc3\xbc", 2);
	fs_because(&why, -1, "", "%s", longer);
	ok(text_is_plain(why.what, false) && strlen(why.what) + 4 >= sizeof(why.what) - 1, "a reason that is too long is cut between characters");
}

static void test_shorten(void)
{
	struct fs_reason why;
	char name[5001], text[300];

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	name[0] = 'A';
	name[sizeof(name) - 2] = 'Z';
	fs_because(&why, -1, name, "the path %s:%u: expected a number, not %s", name, 7, name);
	ok(strncmp(why.what, "the path An", 11) == 0, "a reason with two names of 5000 characters begins as it was written: %.20s", why.what);
	ok(strstr(why.what, "nZ:7: expected a number, not An") != NULL, "its sentence is whole: %s", why.what);
	ok(strcmp(why.what + strlen(why.what) - 2, "nZ") == 0, "and so is its end");
	ok(strstr(why.what, "n...n") != NULL && strlen(why.what) < sizeof(why.what), "each name has a mark where it was cut");
	ok(strstr(why.remedy, "n...n") != NULL, "a remedy as well");

	snprintf(text, sizeof(text), "short words only, each of them shorter than any that could lose its middle");
	text_shorten(text, 21);
	is_str(text, "short words only,...", "where all words are short, the end is cut with a mark");
	text_shorten(text, 21);
	is_str(text, "short words only,...", "a text that fits remains");
	fs_because(&why, fs_because(&why, -1, "", "%s", "inner"), "", "outer: %s", why.what);
	is_str(why.what, "outer: inner", "a reason may quote itself");
}

static void test_grow(void)
{
	struct text text = {0};
	char *taken;
	size_t len;

	is_str(text_string(&text), "", "a growing text begins empty");
	for (unsigned i = 0; i < 2000; i++)
		text_add(&text, "%s%04u", i != 0 ? " " : "", i);
	is_int(text.len, 2000 * 5 - 1, "it grows as it is written");
	ok(strncmp(text_string(&text), "0000 0001 ", 10) == 0 && strcmp(text_string(&text) + text.len - 4, "1999") == 0,
		"from its first word to its last");
	len = text.len;
	taken = text_take(&text);
	ok(taken != NULL && strlen(taken) == len && text.len == 0, "what was written can be taken");
	free(taken);
	taken = text_take(&text);
	is_str(taken, "", "an empty text can be taken");
	free(taken);
	text.lost = true;
	text_add(&text, "more");
	is_str(text_string(&text), "out of memory", "a text without memory says so");
	ok(text_take(&text) == NULL && !text.lost, "and cannot be taken");
	text_clear(&text);
	taken = text_format("%s-%d", "a", 1);
	is_str(taken, "a-1", "a text can be formatted at once");
	free(taken);
}

int main(void)
{
	test_visible();
	test_room();
	test_fit();
	test_escapes_kept();
	test_formats();
	test_json();
	test_reason();
	test_shorten();
	test_grow();
	done_testing();
	return exit_status();
}

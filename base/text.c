/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text.c - texts that others wrote; see text.h. How formats write them is in text_put.c.
 */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/text_char.h"

/* ---- characters */

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

unsigned text_char(const char *text, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *c = (const unsigned char *)text;
	unsigned bytes = c[0] < 0x80 ? 1 : c[0] < 0xc2 ? 0 : c[0] < 0xe0 ? 2 : c[0] < 0xf0 ? 3 : c[0] < 0xf5 ? 4 : 0, i = 1;
	uint32_t value = bytes < 2 ? c[0] : c[0] & (0x7fu >> bytes);

	*code = TEXT_BAD;
	while (i < bytes && is_tail(c[i]))
		value = value << 6 | (c[i++] & 0x3fu);
	if (bytes > 1 && i < bytes && c[i] == '\0') {
		*code = TEXT_CUT;
		return i;
	}
	if (bytes == 0 || i < bytes || value < least[bytes] || value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
		return 1;
	*code = value;
	return bytes;
}

bool text_is_shown(uint32_t code)
{
	static const struct {
		uint32_t from, to;
	} hidden[] = {
		{0x00, 0x1f},	    /* control characters */
		{0x7f, 0x9f},	    /* and those of the upper half */
		{0xad, 0xad},	    /* soft hyphen */
		{0x61c, 0x61c},	    /* Arabic letter mark */
		{0x200b, 0x200f},   /* of no width, marks of direction */
		{0x2028, 0x202e},   /* line and paragraph separators, embeddings and overrides of direction */
		{0x2060, 0x206f},   /* word joiner, invisible operators, isolates of direction */
		{0xfdd0, 0xfdef},   /* noncharacters */
		{0xfeff, 0xfeff},   /* byte order mark */
		{0xfff9, 0xfffb},   /* annotations */
		{0xe0000, 0xe0fff}, /* tags */
	};
	bool shown = (code & 0xfffe) != 0xfffe;

	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden) && shown; i++)
		shown = code < hidden[i].from || code > hidden[i].to;
	return shown;
}

unsigned text_show(const char *text, bool lines, char shown[TEXT_SHOWN])
{
	uint32_t code;
	unsigned bytes = text_char(text, &code);

	if (code == TEXT_CUT)
		*shown = '\0';
	else if (code == TEXT_BAD || (code < 0x80 && !text_is_shown(code) && !(lines && (code == '\n' || code == '\t'))))
		snprintf(shown, TEXT_SHOWN, "\\x%02x", (unsigned char)*text);
	else if (code >= 0x80 && !text_is_shown(code))
		snprintf(shown, TEXT_SHOWN, "\\u{%x}", (unsigned)code);
	else
		snprintf(shown, TEXT_SHOWN, "%.*s", (int)bytes, text);
	return bytes;
}

/* ---- texts */

long text_bad_byte(const char *text)
{
	uint32_t code;

	for (const char *c = text; *c; c += text_char(c, &code)) {
		text_char(c, &code);
		if (code == TEXT_BAD || code == TEXT_CUT)
			return c - text;
	}
	return -1;
}

bool text_is_plain(const char *text, bool lines)
{
	uint32_t code = 0;

	for (const char *c = text; *c;) {
		/* most texts are of these alone */
		if (*c >= ' ' && *c < 0x7f) {
			c++;
			continue;
		}
		c += text_char(c, &code);
		if (code == TEXT_BAD || code == TEXT_CUT || (!text_is_shown(code) && !(lines && (code == '\n' || code == '\t'))))
			return false;
	}
	return true;
}

char *text_visible(const char *text, bool lines)
{
	char *visible = malloc(strlen(text) * (TEXT_SHOWN - 1) + 1), shown[TEXT_SHOWN];
	size_t used = 0;

	if (visible == NULL)
		return NULL;
	while (*text) {
		text += text_show(text, lines, shown);
		memcpy(visible + used, shown, strlen(shown));
		used += strlen(shown);
	}
	visible[used] = '\0';
	return visible;
}

/* Of \x1b or \u{202e}; 1 where it is a backslash of the text's own. */
static size_t escape_bytes(const char *text)
{
	size_t len = text[1] == 'u' && text[2] == '{' ? strcspn(text, "}") : 0;

	if (text[1] == 'x' && isxdigit((unsigned char)text[2]) && isxdigit((unsigned char)text[3]))
		return 4;
	return len > 0 && len < TEXT_SHOWN && text[len] == '}' ? len + 1 : 1;
}

/* Without memory: what is no plain ASCII becomes a question mark. */
static void make_plain(char *text)
{
	for (char *c = text; *c; c++)
		if (*c < ' ' || *c >= 0x7f)
			*c = '?';
}

void text_make_visible(char *text, size_t bytes)
{
	char *visible, shown[TEXT_SHOWN];
	size_t used = 0, step;

	if (text_is_plain(text, false))
		return;
	visible = text_visible(text, false);
	if (visible == NULL) {
		make_plain(text);
		return;
	}
	for (const char *c = visible; *c; c += step) {
		step = text_show(c, false, shown);
		/* an escape goes whole, too */
		if (*c == '\\')
			step = escape_bytes(c);
		if (used + step >= bytes)
			break;
		memcpy(text + used, c, step);
		used += step;
	}
	text[used] = '\0';
	free(visible);
}

bool text_fit_va(char *to, size_t bytes, const char *fmt, va_list args)
{
	static const char mark[] = "...";
	size_t kept = bytes > sizeof(mark) ? bytes - sizeof(mark) : 0;
	int len = vsnprintf(to, bytes, fmt, args);

	if (len >= 0 && (size_t)len < bytes)
		return true;
	/* No text ends within a character. */
	while (kept > 0 && ((unsigned char)to[kept] & 0xc0) == 0x80)
		kept--;
	snprintf(to + kept, bytes - kept, "%s", mark);
	return false;
}

bool text_fit(char *to, size_t bytes, const char *fmt, ...)
{
	va_list args;
	bool fits;

	va_start(args, fmt);
	fits = text_fit_va(to, bytes, fmt, args);
	va_end(args);
	return fits;
}

/* ---- JSON */

static bool has_lines(const char *key)
{
	return key != NULL && (strcmp(key, "text") == 0 || strcmp(key, "about") == 0 || strcmp(key, "log") == 0);
}

static long clean_text(json_t *json, const char *key)
{
	const char *text = json_string_value(json);
	char *visible;
	int err;

	if (strlen(text) == json_string_length(json) && text_is_plain(text, has_lines(key)))
		return 0;
	visible = text_visible(text, has_lines(key));
	err = visible != NULL ? json_string_set(json, visible) : -1;
	free(visible);
	return err != 0 ? -ENOMEM : 1;
}

static bool keys_are_plain(json_t *object)
{
	const char *key;
	json_t *member;

	json_object_foreach(object, key, member)
	{
		if (!text_is_plain(key, false))
			return false;
	}
	return true;
}

/* In the order in which they were; of two that look the same the last one stays. */
static long clean_keys(json_t *object)
{
	json_t *clean = keys_are_plain(object) ? NULL : json_object(), *member;
	const char *key;
	long n = 0;

	if (clean == NULL)
		return 0;
	json_object_foreach(object, key, member)
	{
		char *visible = text_visible(key, false);

		n += !text_is_plain(key, false);
		if (visible == NULL || json_object_set(clean, visible, member))
			n = -ENOMEM;
		free(visible);
		if (n < 0)
			break;
	}
	if (n >= 0) {
		json_object_clear(object);
		if (json_object_update(object, clean))
			n = -ENOMEM;
	}
	json_decref(clean);
	return n;
}

static long clean(json_t *json, const char *key)
{
	long n = json_is_string(json) ? clean_text(json, key) : json_is_object(json) ? clean_keys(json) : 0, got;
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_object(json)) {
		json_object_foreach(json, name, member)
		{
			got = clean(member, name);
			n = n < 0 || got < 0 ? -ENOMEM : n + got;
		}
	} else if (json_is_array(json)) {
		json_array_foreach(json, i, member)
		{
			got = clean(member, NULL);
			n = n < 0 || got < 0 ? -ENOMEM : n + got;
		}
	}
	return n;
}

long text_clean_json(json_t *json)
{
	return clean(json, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * base/jsonwrite: what it writes is JSON, whatever the values are, wherever the caller
 * stops and however little room there is; and it says so when something is missing.
 */
#include <errno.h>
#include <math.h>

#include "base/err.h"
#include "base/jsonread.h"
#include "base/jsonwrite.h"
#include "base/out.h"
#include "t.h"

static const struct {
	const char *row, *value, *wanted;
} strings[] = {
	{ "plain", "init", "\"init\"\n" },
	{ "empty", "", "\"\"\n" },
	{ "quotes and strokes", "a\"b\\c", "\"a\\\"b\\\\c\"\n" },
	{ "what a terminal obeys", "\x1b[2J\n\x7f", "\"\\u001b[2J\\u000a\\u007f\"\n" },
	{ "two bytes of UTF-8", "\xc3\xa4.", "\"\\u00e4.\"\n" },
	{ "a control character of two bytes", "\xc2\x9b", "\"\\u009b\"\n" },
	{ "three bytes", "\xe2\x82\xac", "\"\\u20ac\"\n" },
	{ "four bytes", "\xf0\x9f\x92\xa5", "\"\\ud83d\\udca5\"\n" },
	{ "the last character there is", "\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\"\n" },
	{ "behind the last", "\xf4\x90\x80\x80", "\"????\"\n" },
	{ "half a pair", "\xed\xa0\x80", "\"???\"\n" },
	{ "longer than it need be", "\xc0\xaf\xe0\x80\xaf", "\"?????\"\n" },
	{ "a byte that continues nothing", "a\x80", "\"a?\"\n" },
	{ "a character that is cut off", "\xe2\x82", "\"??\"\n" },
	{ "and one behind it", "\xe2\x82z", "\"??z\"\n" },
	{ "Latin-1", "h\xe4tte", "\"h?tte\"\n" },
	{ "bytes that never are", "\xfe\xff", "\"??\"\n" },
};

static void test_strings(void)
{
	for (size_t i = 0; i < T_SIZE(strings); i++) {
		char text[64];
		struct json j;
		struct err e;

		json_init(&j, text, sizeof(text));
		json_string(&j, NULL, strings[i].value);
		T_CHECK(strings[i].row, json_end(&j, &e));
		T_TEXT(strings[i].row, strings[i].wanted, text);
		T_EQUAL(strings[i].row, strlen(text), j.len);
	}
}

/* All there is, once. */
static void put_everything(struct json *j)
{
	json_open(j, NULL, '{');
	json_string(j, "text", "a\"\x01");
	json_number(j, "largest", UINT64_MAX);
	json_signed(j, "least", INT64_MIN);
	json_hex(j, "address", 0xffffffff81000000);
	json_hex(j, "null address", 0);
	json_real(j, "seconds", 1.23456);
	json_real(j, "no number", NAN);
	json_real(j, "endless", INFINITY);
	json_real(j, "minus endless", -INFINITY);
	json_open(j, "list", '[');
	json_bool(j, NULL, true);
	json_null(j, "a list has no keys");
	json_open(j, NULL, '{');
	json_close(j);
	json_open(j, NULL, '[');
	json_close(j);
	json_close(j);
	json_bool(j, "last", false);
	json_close(j);
}

static const char everything[] =
	"{\n"
	"  \"text\": \"a\\\"\\u0001\",\n"
	"  \"largest\": 18446744073709551615,\n"
	"  \"least\": -9223372036854775808,\n"
	"  \"address\": \"0xffffffff81000000\",\n"
	"  \"null address\": \"0x0\",\n"
	"  \"seconds\": 1.235,\n"
	"  \"no number\": null,\n"
	"  \"endless\": null,\n"
	"  \"minus endless\": null,\n"
	"  \"list\": [\n"
	"    true,\n"
	"    null,\n"
	"    {},\n"
	"    []\n"
	"  ],\n"
	"  \"last\": false\n"
	"}\n";

/* Rooms to write in are tried from the least to one that is too large. */
#define ROOMY (sizeof(everything) + 8)

static const char nothing[ROOMY];

static bool is_json(const char *text, size_t len)
{
	struct json_value v;
	struct err e;

	return json_read(&v, text, len, &e);
}

/* In any room it is JSON, and tells whether it is all of it. */
static void test_room(void)
{
	for (size_t size = JSONWRITE_LEAST; size < ROOMY; size++) {
		char *text = t_guard(nothing, size);
		struct json j;
		struct err e = { .code = 0 };
		bool is_whole;
		char row[32];

		snprintf(row, sizeof(row), "%zu bytes", size);
		json_init(&j, text, size);
		put_everything(&j);
		is_whole = json_end(&j, &e);
		T_CHECK(row, j.len < size && text[j.len] == '\0');
		T_CHECK(row, is_json(text, j.len));
		T_EQUAL(row, is_whole, !strcmp(text, everything));
		T_EQUAL(row, is_whole ? 0 : ENOSPC, e.code);
		t_unguard(text, size);
	}
}

/* A caller may stop after any call, or close what it never opened. */
static void test_misuse(void)
{
	char text[4096];
	struct json_value v, inner;
	struct json j;
	struct err e;

	json_init(&j, text, sizeof(text));
	T_CHECK("nothing at all", json_end(&j, &e));
	T_TEXT("nothing at all", "null\n", text);

	json_init(&j, text, sizeof(text));
	json_open(&j, NULL, '{');
	json_open(&j, "a", '[');
	json_open(&j, NULL, '{');
	json_string(&j, NULL, "no key");
	T_CHECK("stopped in the middle", json_end(&j, &e) && is_json(text, j.len));

	json_init(&j, text, sizeof(text));
	json_close(&j);
	json_number(&j, "a key", 1);
	json_number(&j, NULL, 2);
	json_close(&j);
	T_CHECK("two values", json_end(&j, &e));
	T_TEXT("two values", "1\n", text);

	json_init(&j, text, sizeof(text));
	for (int i = 0; i < 100; i++)
		json_open(&j, NULL, '[');
	json_number(&j, NULL, 1);
	for (int i = 0; i < 99; i++)
		json_close(&j);
	json_string(&j, NULL, "behind");
	json_close(&j);
	T_CHECK("too deep", json_end(&j, &e) && json_read(&v, text, j.len, &e));
	T_CHECK("what is behind it is there",
		json_element(&v, 1, &inner) && inner.kind == JSON_STRING);
}

/* ---- into a file ---------------------------------------------------------------- */

struct file {
	struct out out;
	char bytes[2 * sizeof(everything)];
	size_t room, len, n_writes;
};

static bool write_file(struct out *o, uint64_t off, const void *buf, size_t len,
		       struct err *e)
{
	struct file *f = (struct file *)o;

	f->n_writes++;
	if (off != f->len)
		return fail(e, EINVAL, "not from front to back");
	if (len > f->room - off)
		return fail(e, EDQUOT, "no space");
	memcpy(f->bytes + off, buf, len);
	f->len += len;
	return true;
}

static const struct out_ops file_ops = { .write_at = write_file };

static void test_file(void)
{
	for (size_t size = 1; size < ROOMY; size++) {
		struct file f = { .out = { .ops = &file_ops, .name = "report" },
				  .room = sizeof(f.bytes) };
		char *text = t_guard(nothing, size);
		struct json j;
		struct err e;

		json_init_out(&j, &f.out, text, size);
		put_everything(&j);
		T_CHECK("a file", json_end(&j, &e));
		T_TEXT("a file", everything, f.bytes);
		T_EQUAL("its length", f.len, j.off + j.len);
		T_EQUAL("writes", (f.len + size - 1) / size, f.n_writes);
		t_unguard(text, size);
	}
}

static void test_full_file(void)
{
	struct file f = { .out = { .ops = &file_ops, .name = "report" }, .room = 100 };
	char text[16];
	struct json j;
	struct err e;

	json_init_out(&j, &f.out, text, sizeof(text));
	put_everything(&j);
	T_CHECK("a full disk", !json_end(&j, &e));
	T_EQUAL("a full disk", EDQUOT, e.code);
	T_TEXT("a full disk", "report: no space", e.text);
	T_EQUAL("it is not asked again", 7, f.n_writes);
}

int main(void)
{
	test_strings();
	test_room();
	test_misuse();
	test_file();
	test_full_file();
	return t_done();
}

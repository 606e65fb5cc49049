/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/jsonread: what is JSON and what is not, and values by their paths. */
#include "base/err.h"
#include "base/jsonread.h"
#include "t.h"

static const struct {
	const char *text;
	bool good;
} grammar[] = {
	{ "{}", true }, { " [ ] ", true }, { "1", true }, { "\"a\"", true }, { "null", true },
	{ "{\"a\": [1, {\"b\": true}], \"c\": -1.5e+3}", true },
	{ "\"\\u00e9\\n\\\"\"", true }, { "[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]", true },
	{ "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", false },
	{ "", false }, { "{", false }, { "[1,]", false }, { "{\"a\"}", false },
	{ "{\"a\":}", false }, { "{a: 1}", false }, { "{\"a\": 1,}", false },
	{ "[1 2]", false }, { "\"a", false }, { "\"a\\\"", false }, { "\"\\u12g4\"", false },
	{ "\"\\x\"", false }, { "\"a\nb\"", false }, { "{} {}", false }, { "truth", false },
	{ "nul", false }, { ".5", false }, { "+1", false }, { "[1}", false },
	{ "\"\\u00", false }, { "{\"a\":1", false }, { "]", false },
};

static const char facts[] =
	"{ \"valid\": {\"value\": true, \"reasons\": []},"
	" \"host\": \"we\\\"b\\u001b[2J\\u00e9\\n\","
	" \"bytes\": {\"dump\": 1234567890123, \"neg\": -1, \"real\": 1.5,"
	" \"huge\": 123456789012345678901234567890},"
	" \"list\": [\"one\", {\"two\": 2}, [3]], \"dump\": \"no\", \"empty\": \"\" }";

static void test_grammar(void)
{
	for (size_t i = 0; i < T_SIZE(grammar); i++) {
		size_t len = strlen(grammar[i].text);
		char *text = malloc(len + 1);	/* nothing behind it may be read */
		struct json_value v;
		struct err e;

		memcpy(text, grammar[i].text, len);
		T_EQUAL(grammar[i].text, grammar[i].good, json_read(&v, text, len, &e));
		free(text);
	}
}

static void test_values(void)
{
	struct json_value v, list, element;
	char text[64];
	struct err e;

	T_CHECK("facts", json_read(&v, facts, sizeof(facts) - 1, &e));
	T_CHECK("true", json_is_true(&v, "valid.value"));
	T_CHECK("a string is not true", !json_is_true(&v, "host"));
	T_CHECK("not there", !json_is_true(&v, "complete.value"));
	T_EQUAL("a number", 1234567890123, json_count(&v, "bytes.dump"));
	T_EQUAL("a negative one", 0, json_count(&v, "bytes.neg"));
	T_EQUAL("a real one", 0, json_count(&v, "bytes.real"));
	T_EQUAL("thousandths of a real one", 1500, json_millis(&v, "bytes.real"));
	T_EQUAL("of a whole one", 1234567890123000, json_millis(&v, "bytes.dump"));
	T_EQUAL("of a negative one", 0, json_millis(&v, "bytes.neg"));
	T_EQUAL("of one too long", 0, json_millis(&v, "bytes.huge"));
	T_EQUAL("one too long", 0, json_count(&v, "bytes.huge"));
	T_EQUAL("a member of a string", 0, json_count(&v, "host.dump"));
	json_text(&v, "host", text, sizeof(text));
	T_TEXT("nothing for a terminal to obey", "we\"b?[2J??", text);
	json_text(&v, "host", text, 4);
	T_TEXT("cut to fit", "we\"", text);
	json_text(&v, "bytes", text, sizeof(text));
	T_TEXT("an object is no text", "", text);
	json_text(&v, "dump", text, sizeof(text));
	T_TEXT("behind a member of the same name", "no", text);
	T_CHECK("a list", json_find(&v, "list", &list) && list.kind == JSON_LIST);
	T_CHECK("an element", json_element(&list, 1, &element));
	T_EQUAL("an element", 2, json_count(&element, "two"));
	T_CHECK("the last", json_element(&list, 2, &element) && element.kind == JSON_LIST);
	T_CHECK("behind the last", !json_element(&list, 3, &element));
	T_CHECK("of an empty list", json_find(&v, "valid.reasons", &list) &&
				    !json_element(&list, 0, &element));
}

int main(void)
{
	test_grammar();
	test_values();
	return t_done();
}

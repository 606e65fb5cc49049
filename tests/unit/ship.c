/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ship/: what is said to curl and what is made of its answers, records of crashes that a power
 * cut may have torn, addresses that lead to this machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/shipping.h"
#include "ship/crash_record.h"
#include "ship/curl.h"
#include "ship/tell.h"
#include "t.h"

static void test_saying(void)
{
	static const struct curl_way way = { .is_secure = true };
	static const struct { const char *row, *value, *said; } rows[] = {
		{ "a plain value", "a b", "x = \"a b\"\n" },
		{ "no value", "", "x\n" },
		{ "quotes and backslashes", "a\"b\\c", "x = \"a\\\"b\\\\c\"\n" },
		{ "a line break is another option", "a\noutput = \"/etc/passwd\"", NULL },
		{ "a return is one to some", "a\rb", NULL },
	};
	struct curl_request r;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		r.len = r.is_broken = 0;
		curl_say(&r, "x", "%s", rows[i].value);
		T_EQUAL(rows[i].row, !rows[i].said, r.is_broken);
		if (rows[i].said)
			T_TEXT(rows[i].row, rows[i].said, r.config);
	}
	curl_begin(&r, &way);
	T_CHECK("nothing but https", strstr(r.config, "proto = \"=https\"\n"));
	for (unsigned i = 0; i < 2000; i++)
		curl_say(&r, "header", "%s", "0123456789");
	T_CHECK("too much", r.is_broken && strlen(r.config) < sizeof(r.config));
}

static void test_answers(void)
{
	static struct curl_answer a;
	char text[32];

	strcpy(a.text, "HTTP/1.1 200 OK\r\nETag: \"0123\"\r\nX-ETag: 9\r\nLong: "
	       "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nlast: x\033[2J\r\n\r");
	a.headers = a.text;
	a.body = "<E><Code>No\001Such<x></Code><Code>2</Code><Open>never closed";
	curl_header(&a, "etag", text, sizeof(text));
	T_TEXT("a header in other letters, without quotes", "0123", text);
	curl_header(&a, "tag", text, sizeof(text));
	T_TEXT("the end of a name is none", "", text);
	curl_header(&a, "long", text, sizeof(text));
	T_EQUAL("a long value is cut", sizeof(text) - 1, strlen(text));
	curl_header(&a, "last", text, sizeof(text));
	T_TEXT("a value ends where it is not plain", "x", text);
	curl_element(&a, "Code", text, sizeof(text));
	T_TEXT("an element, up to the next one", "No?Such", text);
	curl_element(&a, "Open", text, sizeof(text));
	T_TEXT("one that is not closed", "never closed", text);
	curl_element(&a, "None", text, sizeof(text));
	T_TEXT("none", "", text);
}

static void test_escapes(void)
{
	char text[16];

	T_CHECK("a name of a folder", curl_escape("h-1:2/%", "", text, sizeof(text)));
	T_TEXT("a name of a folder", "h-1%3A2%2F%25", text);
	T_CHECK("a slash that may stand", curl_escape("a/b", "/", text, sizeof(text)));
	T_TEXT("a slash that may stand", "a/b", text);
	T_CHECK("no room", !curl_escape("::::::", "", text, sizeof(text)));
}

static void test_records(struct arena *a)
{
	char root[] = "/tmp/crashbox-unit-XXXXXX", line[RECORD_LINE], path[128];
	struct crash_record r;
	struct err e;
	int lock, fd;

	T_CHECK("a root", mkdtemp(root));
	snprintf(path, sizeof(path), "%s/var", root);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/var/lib", root);
	mkdir(path, 0700);
	lock = crash_records_lock(root, &e);
	T_CHECK("the only one", lock >= 0);
	T_CHECK("a second one", crash_records_lock(root, &e) < 0 && e.code == EAGAIN);
	T_CHECK("none yet", crash_record_load(&r, root, "c", 256, a, &e) && !r.len);
	T_CHECK("a line", crash_record_add(&r, "sent 1 vmcore 5 aa", &e));
	T_CHECK("another", crash_record_add(&r, "sent 1 vmcore 5 bb", &e));
	T_CHECK("a line break in one", !crash_record_add(&r, "a\nb", &e));
	fd = open(r.path, O_WRONLY | O_APPEND);
	T_EQUAL("a torn line", 9, write(fd, "sent 1 vm", 9));
	close(fd);
	T_CHECK("again", crash_record_load(&r, root, "c", 256, a, &e));
	T_CHECK("a whole line", crash_record_has(&r, "sent 1 vmcore 5 bb"));
	T_CHECK("a torn line was never said", !crash_record_has(&r, "sent 1 vm"));
	T_CHECK("the second", crash_record_line(&r, "sent ", 1, line));
	T_TEXT("the second", "sent 1 vmcore 5 bb", line);
	T_CHECK("no third", !crash_record_line(&r, "sent ", 2, line));
	T_CHECK("in place of the torn one", crash_record_add(&r, "done 1", &e));
	T_CHECK("once more", crash_record_load(&r, root, "c", 256, a, &e));
	T_CHECK("in place of the torn one", crash_record_line(&r, "done", 0, line));
	T_TEXT("in place of the torn one", "done 1", line);
	crash_record_be_of(&r, "crash aa bb");
	T_CHECK("nobody said whose that was", !crash_record_has(&r, "done 1"));
	T_CHECK("the first of its crash", crash_record_add(&r, "sent 2", &e));
	T_CHECK("its own", crash_record_load(&r, root, "c", 256, a, &e) && r.len == 19);
	crash_record_be_of(&r, "crash cc bb");
	T_CHECK("the same log, elsewhere", crash_record_has(&r, "sent 2"));
	crash_record_be_of(&r, "crash - cc");
	T_CHECK("another crash", !crash_record_has(&r, "sent 2") &&
		crash_record_add(&r, "sent 3", &e));
	T_CHECK("the other's", crash_record_load(&r, root, "c", 256, a, &e) &&
		!strcmp(r.text, "crash - cc\nsent 3\n"));
	crash_record_be_of(&r, "crash - dd");
	T_CHECK("two without a manifest", !r.len);
	T_CHECK("too long for its room", !crash_record_load(&r, root, "c", 8, a, &e));
	T_CHECK("forgotten", crash_record_load(&r, root, "c", 256, a, &e) &&
		crash_record_remove(&r, &e) && access(r.path, F_OK));
	close(lock);
	snprintf(path, sizeof(path), "rm -r %s", root);
	T_EQUAL("nothing is left", 0, system(path));
}

static void test_places(void)
{
	static const struct { const char *url; bool here; } rows[] = {
		{ "http://localhost/x", true },
		{ "http://127.0.0.1:8080/x", true },
		{ "http://[::1]", true },
		{ "http://localhost.example.com/x", false },
		{ "http://localhost:80@example.com/x", false },
		{ "http://127.0.0.10/x", false },
		{ "http://user@localhost/x", false },
		{ "localhost", false },
	};
	static const struct { const char *row, *to, *host, *bucket, *prefix; } stores[] = {
		{ "no prefix", "s3:https://h/b", "h", "b", "" },
		{ "an end", "s3:https://h/b/", "h", "b", "" },
		{ "a prefix", "s3:https://h:1/b/a/c", "h:1", "b", "a/c/" },
		{ "a prefix that ends", "s3:https://h:1/b/a/", "h:1", "b", "a/" },
	};

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_EQUAL(rows[i].url, rows[i].here, shipping_is_here(rows[i].url));
	for (size_t i = 0; i < T_SIZE(stores); i++) {
		struct s3_place s3;
		struct err e;

		T_CHECK(stores[i].row, shipping_parse_s3(&s3, stores[i].to, &e));
		T_TEXT(stores[i].row, stores[i].host, s3.host);
		T_TEXT(stores[i].row, stores[i].bucket, s3.bucket);
		T_TEXT(stores[i].row, stores[i].prefix, s3.prefix);
	}
}

static void test_counting(void)
{
	static struct tell_totals t;
	struct tell_crash c = { .time = "then", .panic = "why" };

	for (unsigned i = 0; i < 300; i++) {
		snprintf(c.signature, sizeof(c.signature), "%u", i % 150);
		tell_count(&t, &c, i);
	}
	T_EQUAL("faults that are told apart", TELL_FAULTS, t.n_faults);
	T_EQUAL("the first", 2, t.faults[0].n);
	T_TEXT("all others", "others", t.faults[TELL_FAULTS - 1].signature);
	T_EQUAL("all others", 102, t.faults[TELL_FAULTS - 1].n);
	T_EQUAL("all", 300, t.n_crashes);
	T_EQUAL("the last", 299, t.last);
}

int main(void)
{
	struct arena a;
	struct err e;

	T_CHECK("memory", arena_init(&a, 1 << 20, &e));
	test_saying();
	test_answers();
	test_escapes();
	test_records(&a);
	test_places();
	test_counting();
	return t_done();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vm/channel, vm/qmp, vm/disk_files: what a guest tells and writes, what QEMU answers. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "t.h"
#include "vm/channel.h"
#include "vm/disk_files.h"
#include "vm/qmp.h"
#include "vm/watch.h"

/* ---- the channel ------------------------------------------------------------ */

static const struct {
	const char *row, *text;
	bool is_armed, has_ended;
	int status;
	const char *unarmed, *failed;
} told[] = {
	{ "nothing", "", false, false, 0, "", "" },
	{ "a success", "up\n.\narmed\nruns\n.\nexit 0\n", true, true, 0, "", "" },
	{ "lines as a terminal ends them", "armed\r\nexit 7\r\n", true, true, 7, "", "" },
	{ "a signal", "signal 11\n", false, true, -11, "", "" },
	{ "the first end is the end", "exit 1\nexit 0\n", false, true, 1, "", "" },
	{ "an end that is cut", "runs\nexit 0", false, false, 0, "", "" },
	{ "an end that is no number", "exit \nexit x\nexit -1\nexit 256\nsignal 0\n", false,
	  false, 0, "", "" },
	{ "an end in the middle of a line", "no exit 0\n.exit 0\n", false, false, 0, "", "" },
	{ "why it is not armed", "unarmed no memory\x1b[2J\n", false, false, 0,
	  "no memory?[2J", "" },
	{ "why it does not run", "failed no such file\n", false, false, 0, "",
	  "no such file" },
	{ "armed cut by a heartbeat", "arm.\ned\n", false, false, 0, "", "" },
};

static void test_channel(void)
{
	for (size_t i = 0; i < T_SIZE(told); i++)
		for (size_t piece = 1; piece < 9; piece += 7) {
			struct channel c = { .len = 0 };
			size_t len = strlen(told[i].text);

			for (size_t at = 0; at < len; at += piece)
				channel_take(&c, told[i].text + at,
					     len - at < piece ? len - at : piece);
			T_EQUAL(told[i].row, told[i].is_armed, c.is_armed);
			T_EQUAL(told[i].row, told[i].has_ended, c.has_ended);
			T_EQUAL(told[i].row, told[i].status, c.status);
			T_TEXT(told[i].row, told[i].unarmed, c.unarmed);
			T_TEXT(told[i].row, told[i].failed, c.failed);
		}
}

/* A line that never ends takes no more than its place, and the next one counts again. */
static void test_long_line(void)
{
	struct channel c = { .len = 0 };

	for (unsigned i = 0; i < 100 * CHANNEL_TEXT; i++)
		channel_take(&c, "x", 1);
	channel_take(&c, "\narmed\n", 7);
	T_CHECK("behind a long line", c.is_armed);
}

/* ---- the console ------------------------------------------------------------ */

static const struct {
	const char *line;
	bool is_panic;
} console_lines[] = {
	{ "Kernel panic - not syncing: sysrq", true },
	{ "[    5.123456] Kernel panic - not syncing: sysrq", true },
	{ "<0>[    5.123456] Kernel panic - not syncing: sysrq", true },
	{ "[12345.123456][   T12] Kernel panic - not syncing: sysrq", true },
	{ "[12345.123456][    C0] Kernel panic - not syncing: sysrq", true },
	{ "test 7 ... [    5.123456] Kernel panic - not syncing: sysrq", true },
	{ "[a] [    5.123456] Kernel panic - not syncing: sysrq", true },
	{ "looking for Kernel panic - not syncing", false },
	{ "[ok] Kernel panic - not syncing", false },
	{ "[] Kernel panic - not syncing", false },
	{ "[    5.1", false }, { "[", false }, { "<0", false }, { "<0>", false }, { "", false },
	{ "[    5.123456] ---[ end Kernel panic - not syncing: sysrq ]---", false },
	{ " Kernel panic - not syncing", false },
};

static void test_console(void)
{
	for (size_t i = 0; i < T_SIZE(console_lines); i++) {
		const char *at = watch_find_panic(console_lines[i].line);

		T_EQUAL(console_lines[i].line, console_lines[i].is_panic, at != NULL);
		if (at)
			T_EQUAL(console_lines[i].line, 0, strncmp(at, "Kernel panic - ", 15));
	}
}

/* ---- its disk --------------------------------------------------------------- */

static const struct {
	const char *line;
	bool good, is_folder;
	const char *name;
	uint64_t len;
} disk_lines[] = {
	{ "/13/100644/0/0/manifest.json/6/", true, false, "manifest.json", 6 },
	{ "/12/040755/0/0/(none)-2026-11-30-12:58:47//", true, true,
	  "(none)-2026-11-30-12:58:47", 0 },
	{ "/14/100600/0/0/vmcore/18446744073709551615/", true, false, "vmcore", UINT64_MAX },
	{ "/2/040755/0/0/.//", false, false, "", 0 },
	{ "/2/040755/0/0/..//", false, false, "", 0 },
	{ "/15/100644/0/0/../../etc/passwd/6/", false, false, "", 0 },
	{ "/15/100644/0/0/a/../../b/6/", true, false, "a", 0 },
	{ "/15/100644/0/0/a\"b/6/", false, false, "", 0 },
	{ "/15/100644/0/0/a b/6/", false, false, "", 0 },
	{ "/15/100644/0/0/-rf/6/", false, false, "", 0 },
	{ "/15/120777/0/0/link/6/", false, false, "", 0 },
	{ "/15/020644/0/0/device//", false, false, "", 0 },
	{ "/15/100644/0/0/cut", false, false, "", 0 },
	{ "/15/100644", false, false, "", 0 }, { "/", false, false, "", 0 },
	{ "", false, false, "", 0 }, { "debugfs 1.47.0 (5-Feb-2023)", false, false, "", 0 },
};

static void test_disk_lines(void)
{
	for (size_t i = 0; i < T_SIZE(disk_lines); i++) {
		struct disk_file f = { .len = 0 };
		bool good = disk_file_parse(&f, disk_lines[i].line);

		T_EQUAL(disk_lines[i].line, disk_lines[i].good, good);
		if (!good)
			continue;
		T_EQUAL(disk_lines[i].line, disk_lines[i].is_folder, f.is_folder);
		T_TEXT(disk_lines[i].line, disk_lines[i].name, f.name);
		T_EQUAL(disk_lines[i].line, disk_lines[i].len, f.len);
	}
}

/* ---- QEMU ------------------------------------------------------------------- */

#define GREETING "{\"QMP\": {\"version\": {}, \"capabilities\": []}}\r\n{\"return\": {}}\r\n"

static const struct {
	const char *row, *says;	/* to the command, behind the greeting */
	bool good;
	const char *status, *shutdown, *why;
} answers[] = {
	{ "an answer", "{\"return\": {\"status\": \"running\"}}\r\n", true, "running", "", "" },
	{ "events before it",
	  "{\"event\": \"RESUME\"}\r\n{\"event\": \"SHUTDOWN\", \"data\": {\"guest\": true, "
	  "\"reason\": \"guest-reset\"}}\r\n{\"return\": {\"status\": \"shutdown\"}}\r\n",
	  true, "shutdown", "guest-reset", "" },
	{ "a refusal", "{\"error\": {\"class\": \"X\", \"desc\": \"no such thing\"}}\n", false,
	  "", "", "query-status: QEMU says: no such thing" },
	{ "an answer that is cut", "{\"return\": {\"sta", false, "", "",
	  "query-status: QEMU has hung up" },
	{ "no JSON", "what?\n", false, "", "", NULL },
	{ "nothing", "", false, "", "", "query-status: QEMU has hung up" },
};

/* The other end has written all of its answers before it is asked. */
static bool connected(struct qmp *q, int *other, const char *says, struct err *e)
{
	int ends[2];

	T_EQUAL("a socket", 0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	*other = ends[1];
	T_EQUAL("says", strlen(says), write(ends[1], says, strlen(says)));
	shutdown(ends[1], SHUT_WR);
	return qmp_greet(q, ends[0], e);
}

static void test_answers(void)
{
	for (size_t i = 0; i < T_SIZE(answers); i++) {
		struct qmp q = QMP_NONE;
		struct json_value v;
		char text[1024], status[32] = "";
		struct err e;
		int other;
		bool ok;

		snprintf(text, sizeof(text), "%s%s", GREETING, answers[i].says);
		T_CHECK(answers[i].row, connected(&q, &other, text, &e));
		ok = qmp_do(&q, "query-status", NULL, 5.0, &v, &e);
		T_EQUAL(answers[i].row, answers[i].good, ok);
		if (ok)
			json_text(&v, "status", status, sizeof(status));
		T_TEXT(answers[i].row, answers[i].status, status);
		T_TEXT(answers[i].row, answers[i].shutdown, q.shutdown);
		if (!ok && answers[i].why)
			T_TEXT(answers[i].row, answers[i].why, e.text);
		qmp_close(&q);
		close(other);
	}
}

static void test_nobody(void)
{
	struct qmp q = QMP_NONE;
	struct err e;
	int other;

	T_CHECK("no greeting", !connected(&q, &other, "{\"return\": {}}\n", &e));
	T_TEXT("no greeting", "this is not QEMU", e.text);
	close(other);
	T_CHECK("not connected", !qmp_do(&q, "stop", NULL, 1.0, NULL, &e));
	T_EQUAL("not connected", ENOTCONN, e.code);
	T_CHECK("no socket", !qmp_open(&q, "/nowhere/qmp", &e));
	T_EQUAL("no socket", ENOENT, e.code);
}

/* A QEMU that says nothing, and one that never ends a line. */
static void test_silence(void)
{
	static const char many[4096] = { ' ' };
	struct qmp q = QMP_NONE;
	struct err e;
	int ends[2];

	T_EQUAL("a socket", 0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	T_EQUAL("greets", sizeof(GREETING) - 1, write(ends[1], GREETING, sizeof(GREETING) - 1));
	T_CHECK("greets", qmp_greet(&q, ends[0], &e));
	T_CHECK("silence", !qmp_do(&q, "stop", NULL, 0.2, NULL, &e));
	T_EQUAL("silence", ETIMEDOUT, e.code);
	for (unsigned i = 0; i < 2 * QMP_LINE / sizeof(many); i++)
		T_EQUAL("a long line", sizeof(many), write(ends[1], many, sizeof(many)));
	T_CHECK("a long line", !qmp_do(&q, "stop", NULL, 5.0, NULL, &e));
	T_EQUAL("a long line", EPROTO, e.code);
	qmp_close(&q);
	close(ends[1]);
}

int main(void)
{
	test_channel();
	test_long_line();
	test_console();
	test_disk_lines();
	test_answers();
	test_nobody();
	test_silence();
	return t_done();
}

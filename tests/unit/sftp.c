/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * targets/sftp and what stands on it, against a server of our own that can do what no real
 * one does: answer late, in reverse, in pieces, twice, too much, nothing, nonsense. Each
 * row of hostile answers must end in an error that says so, soon, and not in a sanitizer.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "t.h"
#include "targets/sftp.h"
#include "targets/sftp_ask.h"
#include "targets/sink.h"
#include "targets/sink_sftp.h"

#define STALL_S 1.5
#define FILE_MAX (4u << 20)

enum { INIT = 1, OPEN = 3, CLOSE = 4, READ = 5, WRITE = 6, LSTAT = 7, FSTAT = 8 };
enum { VERSION = 2, STATUS = 101, HANDLE = 102, DATA = 103, ATTRS = 105, EXTENDED = 200 };

/* ---- the server ------------------------------------------------------------- */

enum way {
	HONEST, LATE, REVERSE, PIECES, ONE_BYTE, WRONG_ID, TWICE, TOO_MUCH, NO_DATA, OK_DATA,
	LONG_HANDLE, EMPTY_HANDLE, SHORT_PACKET, LONG_PACKET, CUT, SILENT, BAD_WRITE, BAD_SYNC,
	OTHER_TYPE, HUGE_STRING, DRIP
};

struct request {
	uint8_t bytes[SFTP_PACKET_MAX];
	uint32_t len;
};

static uint8_t file[FILE_MAX];
static uint64_t file_len;
static struct request held[SFTP_WINDOW];

static uint32_t be32(const uint8_t *at)
{
	return __builtin_bswap32(get_u32(at));
}

static void send_packet(int fd, uint8_t type, uint32_t id, const void *body, uint32_t len)
{
	static uint8_t out[SFTP_PACKET_MAX * 2];
	uint32_t total = __builtin_bswap32(5 + len), be_id = __builtin_bswap32(id);
	struct err e;

	memcpy(out, &total, 4);
	out[4] = type;
	memcpy(out + 5, &be_id, 4);
	memcpy(out + 9, body, len);
	if (!write_all(fd, out, 9 + len, "client", &e))
		_exit(0);
}

static void send_status(int fd, uint32_t id, uint32_t status)
{
	uint8_t body[12] = { 0 };

	put_u32(body, __builtin_bswap32(status));
	send_packet(fd, STATUS, id, body, sizeof(body));
}

static void send_data(int fd, uint32_t id, const uint8_t *data, uint32_t len, uint32_t told)
{
	static uint8_t body[SFTP_PACKET_MAX + 4096];

	put_u32(body, __builtin_bswap32(told));
	memcpy(body + 4, data, len);
	send_packet(fd, DATA, id, body, len + 4);
}

static void answer_read(int fd, enum way way, uint32_t id, uint64_t off, uint32_t len)
{
	uint32_t most = len;

	if (off >= file_len) {
		send_status(fd, id, 1);
		return;
	}
	most = min_u64(len, file_len - off);
	if (way == PIECES)
		most = most > 3 ? most / 3 : most;
	if (way == ONE_BYTE)
		most = 1;
	if (way == NO_DATA)
		send_data(fd, id, file, 0, 0);
	else if (way == OK_DATA)
		send_status(fd, id, 0);
	else if (way == TOO_MUCH)
		send_data(fd, id, file, len + 1, len + 1);
	else if (way == HUGE_STRING)
		send_data(fd, id, file, 8, 0xfffffff0);
	else
		send_data(fd, id, file + off, most, most);
}

/* A handle is "h" and four bytes, so what follows it in a request stands at 5 + 4 + 5. */
static void answer(int fd, enum way way, const struct request *r)
{
	static uint8_t handle[4 + 1024] = { 0, 0, 0, 5, 'h' };
	static const uint8_t attrs[4 + 8] = { 0, 0, 0, 1 };
	uint8_t body[12];
	uint32_t id = be32(r->bytes + 1) + (way == WRONG_ID), len;
	uint64_t off;

	switch (r->bytes[0]) {
	case OPEN:
		file_len = 0;
		len = way == LONG_HANDLE ? 257 : way == EMPTY_HANDLE ? 0 : 5;
		put_u32(handle, __builtin_bswap32(len));
		send_packet(fd, way == OTHER_TYPE ? ATTRS : HANDLE, id, handle, 4 + len);
		break;
	case WRITE:
		off = (uint64_t)be32(r->bytes + 14) << 32 | be32(r->bytes + 18);
		len = be32(r->bytes + 22);
		if (off + len > FILE_MAX || r->len != 26 + len)
			_exit(3);
		memcpy(file + off, r->bytes + 26, len);
		file_len = max_u64(file_len, off + len);
		send_status(fd, id, way == BAD_WRITE && off ? 4 : 0);
		break;
	case READ:
		off = (uint64_t)be32(r->bytes + 14) << 32 | be32(r->bytes + 18);
		answer_read(fd, way, id, off, be32(r->bytes + 22));
		break;
	case FSTAT:
		memcpy(body, attrs, 4);
		put_u64(body + 4, __builtin_bswap64(file_len));
		send_packet(fd, ATTRS, id, body, 12);
		break;
	case LSTAT:
		send_status(fd, id, 2);
		break;
	case EXTENDED:
		send_status(fd, id, way == BAD_SYNC ? 4 : 0);
		break;
	default:
		send_status(fd, id, 0);
	}
	if (way == TWICE)
		send_status(fd, id, 0);
}

static bool take_request(int fd, struct request *r)
{
	uint8_t head[4];
	size_t at = 0;
	ssize_t n;

	for (; at < 4; at += n)
		if ((n = read(fd, head + at, 4 - at)) <= 0)
			return false;
	r->len = be32(head);
	if (r->len > sizeof(r->bytes))
		_exit(4);
	for (at = 0; at < r->len; at += n)
		if ((n = read(fd, r->bytes + at, r->len - at)) <= 0)
			return false;
	return true;
}

/* Holds answers back until the window is full or nothing comes any more. */
static unsigned take_many(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	unsigned n = 0;

	while (n < SFTP_WINDOW && (n == 0 || poll(&p, 1, 100) > 0) &&
	       take_request(fd, &held[n]))
		n++;
	return n;
}

static void greet(int fd)
{
	static const uint8_t body[] = "\0\0\0\21fsync@openssh.com\0\0\0\1" "1"
				      "\0\0\0\30posix-rename@openssh.com\0\0\0\1" "1";

	take_request(fd, &held[0]);
	if (held[0].len != 5 || held[0].bytes[0] != INIT || be32(held[0].bytes + 1) != 3)
		_exit(5);
	send_packet(fd, VERSION, 3, body, sizeof(body) - 1);
}

static void misbehave(int fd, enum way way)
{
	static const char words[] = { 0, 0, 0, 9, STATUS, 0, 0, 0 };
	uint32_t len = way == SHORT_PACKET ? 4 : way == LONG_PACKET ? 40000000 : 9;
	uint32_t be = __builtin_bswap32(len);
	struct err e;

	if (way == DRIP)
		for (size_t i = 0; i < sizeof(words); i++, usleep(200000))
			write_all(fd, words + i, 1, "client", &e);
	if (way == SILENT || way == DRIP)
		pause();
	write_all(fd, &be, 4, "client", &e);
	write_all(fd, words + 4, 4, "client", &e);
	shutdown(fd, SHUT_WR);
	while (take_request(fd, held))
		;
	_exit(0);
}

static void serve(int fd, enum way way)
{
	unsigned n;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	greet(fd);
	if (way == SILENT || way == SHORT_PACKET || way == LONG_PACKET || way == CUT ||
	    way == DRIP)
		misbehave(fd, way);
	while ((n = way == LATE || way == REVERSE ? take_many(fd) : take_request(fd, held)))
		for (unsigned i = 0; i < n; i++)
			answer(fd, way, &held[way == REVERSE ? n - 1 - i : i]);
	_exit(0);
}

static pid_t start(enum way way, int *fd_ret)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		abort();
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		serve(ends[1], way);
	}
	close(ends[1]);
	*fd_ret = ends[0];
	return pid;
}

/* Its exit status: above 0 when the client sent what no server could take. */
static int stop(pid_t pid, int fd)
{
	int status;

	close(fd);
	kill(pid, SIGUSR1);	/* those who pause */
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 0;
}

/* ---- what is tried ---------------------------------------------------------- */

static uint8_t sent[3 * 1000 * 1000 + 17], back[sizeof(sent)];

/* A file of 3 MB with small writes among the large ones, read back at once. */
static bool whole_file(struct sftp *c, enum way way, struct err *e)
{
	struct sftp_file *f = sftp_open(c, "/x", SFTP_O_READ | SFTP_O_WRITE | SFTP_O_CREATE, e);
	uint64_t len;

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = i * 2654435761u >> 24;
	memset(back, 0, sizeof(back));
	if (!f || !sftp_write(f, 1000, sent + 1000, sizeof(sent) - 1000, e) ||
	    !sftp_write(f, 0, sent, 1000, e) || !sftp_start_sync(f, e) ||
	    /* Only what does not overlap may be done in another order. */
	    (way == REVERSE && !sftp_drain(f, e)) ||
	    !sftp_read(f, 0, back, sizeof(back), e) || !sftp_drain(f, e) ||
	    !sftp_len(f, &len, e) || !sftp_close(f, e))
		return false;
	if (len != sizeof(sent) || memcmp(sent, back, sizeof(sent)))
		return fail(e, 0, "other bytes came back");
	return true;
}

static const struct {
	const char *row;
	enum way way;
	int code;		/* 0: it must go well */
	const char *said;
} rows[] = {
	{ "an honest server", HONEST, 0, NULL },
	{ "answers when the window is full", LATE, 0, NULL },
	{ "answers in reverse", REVERSE, 0, NULL },
	{ "reads answered in thirds", PIECES, 0, NULL },
	{ "the next request's number", WRONG_ID, EPROTO, "nothing that was asked" },
	{ "an answer twice", TWICE, EPROTO, "nothing that was asked" },
	{ "more than was asked for", TOO_MUCH, EPROTO, "another number of bytes" },
	{ "a read of nothing", NO_DATA, EPROTO, "another number of bytes" },
	{ "a read that went well, without data", OK_DATA, EPROTO, "without data" },
	{ "a string past the packet", HUGE_STRING, EPROTO, "another number of bytes" },
	{ "a handle of 257 bytes", LONG_HANDLE, EPROTO, "makes no sense" },
	{ "a handle of none", EMPTY_HANDLE, EPROTO, "makes no sense" },
	{ "an answer to another question", OTHER_TYPE, EPROTO, "makes no sense" },
	{ "a packet too short for a number", SHORT_PACKET, EPROTO, "not SFTP" },
	{ "a packet of 40 MB", LONG_PACKET, EPROTO, "not SFTP" },
	{ "the end in the middle of a packet", CUT, ECONNRESET, "ended without a word" },
	{ "silence", SILENT, ETIMEDOUT, "no answer for" },
	{ "one byte now and then", DRIP, ETIMEDOUT, "no answer for" },
	{ "a write that fails", BAD_WRITE, EIO, "cannot write at offset" },
	{ "a sync that fails", BAD_SYNC, EIO, "not all of it reached the disk" },
};

static void test_rows(void)
{
	static struct sftp c;

	for (size_t i = 0; i < T_SIZE(rows); i++) {
		const char *row = rows[i].row;
		struct err e = { .text = "" };
		uint64_t durable = 0;
		double began = monotonic_seconds();
		bool ok;
		int fd;
		pid_t pid = start(rows[i].way, &fd);

		sftp_init(&c, &(struct sftp_carrier){ fd, fd, -1, "test" }, STALL_S, &durable);
		ok = sftp_hello(&c, &e) && whole_file(&c, rows[i].way, &e);
		T_EQUAL(row, rows[i].code, ok ? 0 : e.code ? e.code : -1);
		if (!ok && rows[i].said && !T_CHECK(row, strstr(e.text, rows[i].said)))
			printf("%s\n", e.text);
		if (ok)
			T_EQUAL(row, sizeof(sent), durable);
		T_CHECK(row, monotonic_seconds() - began < STALL_S + 20);
		/* What is dead stays dead, and says so without waiting. */
		if (c.dead) {
			began = monotonic_seconds();
			T_CHECK(row, !sftp_mkdir(&c, "/y", &e) && strstr(e.text, rows[i].said));
			T_CHECK(row, monotonic_seconds() - began < STALL_S / 2);
		}
		T_EQUAL(row, 0, stop(pid, fd));
	}
}

/* Through the interface that a capture uses; a failed write is never forgotten. */
static void test_sink(enum way way, bool good)
{
	static struct sftp c;
	static struct sftp_ahead ahead = { .sftp = &c };
	uint64_t durable = 0;
	struct sink_file f;
	struct sink s;
	struct err e = { .text = "" };
	char text[16];
	int fd;
	pid_t pid = start(way, &fd);
	char made[SINK_WHERE_MAX];

	sftp_init(&c, &(struct sftp_carrier){ fd, fd, -1, "test" }, STALL_S, &durable);
	T_CHECK("hello", sftp_hello(&c, &e) &&
			 sink_sftp_new(&s, &ahead, "/a/b", "host", made, &e));
	T_TEXT("a folder of its own", "/a/b/host", s.where);
	T_TEXT("told to who comes after us", "/a/b/host", made);
	T_CHECK("create", sink_create(&s, "vmcore", &f, &e));
	f.out.ops->write_at(&f.out, 0, "hello", 5, &e);
	f.out.ops->write_at(&f.out, 5, "world", 5, &e);
	T_EQUAL("sync", good, f.out.ops->sync(&f.out, &e));
	if (good) {
		T_CHECK("read back", f.out.ops->read_at(&f.out, 2, text, 6, &e));
		T_CHECK("read back", !memcmp(text, "llowor", 6));
		f.out.ops->write_at(&f.out, 3, "LO", 2, &e);
		f.out.ops->write_at(&f.out, 10, "!", 1, &e);
		T_CHECK("read back again", f.out.ops->read_at(&f.out, 1, text, 10, &e));
		T_CHECK("what is new is seen", !memcmp(text, "elLOworld!", 10));
		T_CHECK("no more than there is", !f.out.ops->read_at(&f.out, 6, text, 6, &e));
		/* A read past the end is a mistake of ours, and the file's end. */
		T_CHECK("it is remembered", !f.out.ops->sync(&f.out, &e));
		s.ops->abandon(&f, false);
		T_CHECK("create", sink_create(&s, "vmcore", &f, &e));
		T_CHECK("write", f.out.ops->write_at(&f.out, 0, "0123456789", 10, &e));
		T_CHECK("another file's bytes", f.out.ops->read_at(&f.out, 1, text, 3, &e));
		T_CHECK("another file's bytes", !memcmp(text, "123", 3));
		T_CHECK("a little space is taken by filling it",
			f.out.ops->reserve(&f.out, 10, 90, &e));
		T_EQUAL("a little space is taken by filling it", 0, f.out.owed);
		T_CHECK("more is owed", f.out.ops->reserve(&f.out, 100, 1 << 20, &e));
		T_EQUAL("more is owed", 1 << 20, f.out.owed);
		T_CHECK("at its end", f.out.ops->write_at(&f.out, 99 + (1 << 20), "x", 1, &e));
		T_CHECK("commit", s.ops->commit(&f, &e));
		T_CHECK("a small file", sink_put(&s, "manifest.json", "{}", 2, &e));
	} else {
		T_CHECK("says which file", strstr(e.text, "vmcore-incomplete: "));
		T_CHECK("and again", !f.out.ops->sync(&f.out, &e) && e.code == EIO);
		T_CHECK("no later write", !f.out.ops->write_at(&f.out, 0, "x", 1, &e));
		T_CHECK("no commit", !s.ops->commit(&f, &e));
		s.ops->abandon(&f, true);
		T_CHECK("the connection goes on", !c.dead);
	}
	s.ops->close(&s);
	T_EQUAL("the server is content", 0, stop(pid, fd));
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_rows();
	test_sink(HONEST, true);
	test_sink(BAD_WRITE, false);
	return t_done();
}

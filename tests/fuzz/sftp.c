/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an SFTP server says: the input is all of it, from the greeting to the end. The
 * client asks for what a capture asks for; its questions go nowhere.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "memory_file.h"
#include "targets/sftp.h"
#include "targets/sftp_ask.h"
#include "targets/sink.h"
#include "targets/sink_sftp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void capture(struct sftp *c)
{
	static char bytes[3 * SFTP_CHUNK];
	static struct sftp_ahead ahead;
	struct sink s;
	struct sink_file f;
	char made[SINK_WHERE_MAX];
	uint64_t free_len;
	struct err e;

	ahead = (struct sftp_ahead){ .sftp = c };
	if (!sink_sftp_new(&s, &ahead, "/a", "b", made, &e) ||
	    !sink_create(&s, "vmcore", &f, &e))
		return;
	f.out.ops->reserve(&f.out, 0, 1 << 20, &e);
	f.out.ops->write_at(&f.out, 0, bytes, sizeof(bytes), &e);
	f.out.ops->read_at(&f.out, 5, bytes, 200, &e);
	s.ops->space(&s, &free_len, &e);
	if (!s.ops->commit(&f, &e))
		s.ops->abandon(&f, false);
	s.ops->close(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sftp c;
	static struct memory_file from;	/* opened once, as the other is */
	static int to = -1;
	struct err e = { .text = "" };

	if (to < 0)
		to = open("/dev/null", O_WRONLY);
	memory_file_of(&from, data, size);
	if (to < 0 || lseek(from.fd, 0, SEEK_SET))
		abort();
	sftp_init(&c, &(struct sftp_carrier){ to, from.fd, -1, "fuzz" }, 1, NULL);
	if (sftp_hello(&c, &e))
		capture(&c);
	if (c.dead && (!c.why.code || !c.why.text[0]))
		abort();	/* an error that says nothing */
	return 0;
}

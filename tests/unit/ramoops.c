/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine/ramoops: which records are written to, in a file that stands for /dev/mem, and what
 * is in them byte for byte; kexec/ramoops_zones: where they are said to lie.
 */
#include "machine/ramoops.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/io.h"
#include "folder.h"
#include "kexec/ramoops_zones.h"
#include "machine/log_end.h"
#include "t.h"

#define SECOND 1764500001
#define TIME_LINE "====1764500001.000000-D\n"
#define AT 0x1400u		/* not where a page begins */
#define ZONE 1024u
#define N 5u

static char text[LOG_END_MAX];
static uint32_t memory[(AT + N * ZONE) / 4 + 64];
static const struct ramoops_zones zones = { AT, ZONE, N };

static uint32_t *zone(unsigned i)
{
	return memory + (AT + i * ZONE) / 4;
}

/* As ramoops leaves records that are free, and nothing around them. */
static void fresh(void)
{
	memset(memory, 0xa5, sizeof(memory));
	for (unsigned i = 0; i < N; i++) {
		zone(i)[0] = RAMOOPS_MARK;
		zone(i)[1] = zone(i)[2] = 0;
	}
}

static bool write_log(size_t len, double seconds, struct log_end_kept *kept, struct err *e)
{
	uint64_t alive = 0;
	const struct log_end log = { text, len, SECOND, monotonic_seconds() + seconds, &alive };
	int fd = open(at("mem"), O_RDWR | O_CREAT | O_TRUNC, 0600);
	bool ok;

	if (fd < 0 || write(fd, memory, sizeof(memory)) != sizeof(memory))
		abort();
	ok = ramoops_write(at("mem"), &zones, &log, kept, e);
	T_EQUAL("each piece is a sign of life", kept->n, alive);
	if (pread(fd, memory, sizeof(memory), 0) != sizeof(memory))
		abort();
	close(fd);
	return ok;
}

/* Is it a record of that part, with the log up to `until`? Returns where its text begins. */
static size_t is_part(unsigned i, unsigned part, size_t until)
{
	char head[80];
	int head_len = snprintf(head, sizeof(head), TIME_LINE "Panic#1 Part%u\n", part);
	const char *data = (char *)(zone(i) + 3);
	size_t len = zone(i)[2], n = len - head_len;

	T_EQUAL("the mark stays", RAMOOPS_MARK, zone(i)[0]);
	T_EQUAL("from its beginning on", 0, zone(i)[1]);
	T_CHECK("no longer than a record",
		len > (size_t)head_len && len <= ZONE - RAMOOPS_HEAD);
	T_CHECK("its head", !memcmp(data, head, head_len));
	T_CHECK("its text", n <= until && !memcmp(data + head_len, text + until - n, n));
	return until - n;
}

static bool is_untouched(void)
{
	for (unsigned i = 0; i < AT / 4; i++)
		if (memory[i] != 0xa5a5a5a5)
			return false;
	for (unsigned i = (AT + N * ZONE) / 4; i < sizeof(memory) / 4; i++)
		if (memory[i] != 0xa5a5a5a5)
			return false;
	return true;
}

static void all_free(void)
{
	struct log_end_kept kept;
	size_t until = sizeof(text);
	struct err e;

	fresh();
	T_CHECK("written", write_log(sizeof(text), 60, &kept, &e));
	T_EQUAL("in all of them", N, kept.n);
	for (unsigned i = 0; i < N; i++)
		until = is_part(i, i + 1, until);
	T_EQUAL("the end of the log", sizeof(text) - until, kept.len);
	T_CHECK("full ones", kept.len > N * (ZONE - RAMOOPS_HEAD - 64));
	T_CHECK("and nothing beside them", is_untouched());
	T_CHECK("a second one does not come on top", !write_log(10, 60, &kept, &e));
	T_EQUAL("it says so", EEXIST, e.code);
}

static void some_free(void)
{
	struct log_end_kept kept;
	uint32_t before[ZONE / 4];
	struct err e;

	fresh();
	zone(0)[2] = 100;
	zone(1)[0] = 0xffffffff;	/* as of memory that is not there */
	zone(2)[2] = UINT32_MAX;
	memcpy(before, zone(1), ZONE);
	T_CHECK("written", write_log(2000, 60, &kept, &e));
	T_EQUAL("in the two that are free", 2, kept.n);
	T_EQUAL("a crash's stays", 100, zone(0)[2]);
	T_CHECK("what is not ramoops's stays", !memcmp(before, zone(1), ZONE));
	T_EQUAL("an odd one stays", UINT32_MAX, zone(2)[2]);
	T_CHECK("the last piece first", is_part(4, 2, is_part(3, 1, 2000)) <
		2000 - (ZONE - RAMOOPS_HEAD));

	memset(memory, 0, sizeof(memory));
	T_CHECK("no record at all", !write_log(10, 60, &kept, &e) && e.code == ENXIO);
	fresh();
	T_CHECK("no time", !write_log(10, -1, &kept, &e) && e.code == ETIMEDOUT);
	T_EQUAL("nothing written", 0, zone(0)[2]);
	T_CHECK("a short one", write_log(3, 60, &kept, &e) && kept.n == 1 && kept.len == 3);
	T_EQUAL("is all", 0, is_part(0, 1, 3));
}

static void words(void)
{
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
		{ "0xf000000,4096,16", true },
		{ "0x1,4096,16", false },
		{ "0xf000000,4098,16", false },
		{ "0xf000000,256,16", false },
		{ "0xf000000,4294967296,16", false },
		{ "0xf000000,4096,0", false },
		{ "0xf000000,4096,1025", false },
		{ "0xf000000,4096,-1", false },
		{ "0xf000000,4096", false },
		{ "0xf000000,4096,16,", false },
		{ "0xf000000,4096,16 ", false },
		{ "f000000,4096,16", false },
		{ "0x7ffffffffffff000,4096,16", false },
		{ "0xffffffffffffffffff,4096,16", false },
		{ "", false },
	};
	struct ramoops_zones z = { 0 };
	char back[RAMOOPS_TEXT];
	struct err e;

	for (size_t i = 0; i < T_SIZE(rows); i++)
		T_CHECK(rows[i].text, ramoops_parse(&z, rows[i].text, &e) == rows[i].ok);
	T_CHECK("the first", ramoops_parse(&z, rows[0].text, &e) && z.address == 0xf000000 &&
		z.zone_len == 4096 && z.n == 16);
	ramoops_format(&z, back);
	T_CHECK("as it was said", !strcmp(back, rows[0].text));
}

static void parameter(const char *name, const char *value)
{
	char path[100];

	snprintf(path, sizeof(path), "sys/module/ramoops/parameters/%s", name);
	put_file(path, value);
}

/* Names and places are fs/pstore/ram.c's. */
static void parameters(void)
{
	static const char *const folders[] = { "sys", "sys/module", "sys/module/ramoops",
					       "sys/module/ramoops/parameters" };
	struct ramoops_zones z;

	for (size_t i = 0; i < T_SIZE(folders); i++)
		mkdir(at(folders[i]), 0700);
	T_CHECK("no parameter", !ramoops_zones_read(root, &z));
	parameter("mem_address", "251658240\n");
	parameter("mem_size", "262144\n");
	parameter("record_size", "16384\n");
	parameter("console_size", "32768\n");
	parameter("ftrace_size", "8192\n");
	parameter("pmsg_size", "8192\n");
	parameter("ecc", "0\n");
	T_CHECK("records of crashes", ramoops_zones_read(root, &z));
	T_EQUAL("first of all", 0xf000000, z.address);
	T_EQUAL("as many as fit beside the others", 13, z.n);
	T_EQUAL("which share what is left", 16384, z.zone_len);
	parameter("record_size", "24576\n");
	T_CHECK("likewise", ramoops_zones_read(root, &z) && z.n == 8 && z.zone_len == 26624);
	parameter("pmsg_size", "8206\n");
	T_CHECK("not aligned", !ramoops_zones_read(root, &z));
	parameter("pmsg_size", "8192\n");
	parameter("ecc", "16\n");
	T_CHECK("with ecc", !ramoops_zones_read(root, &z));
	parameter("ecc", "0\n");
	parameter("console_size", "262144\n");
	T_CHECK("all of it is the console's", !ramoops_zones_read(root, &z));
	parameter("console_size", "0\n");
	parameter("record_size", "0\n");
	T_CHECK("no records of crashes", !ramoops_zones_read(root, &z));
}

int main(void)
{
	char command[64];
	const struct log_end log = { .text = text, .len = 1 };
	struct log_end_kept kept;
	struct err e;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = 'a' + i % 23;
	if (!mkdtemp(root))
		abort();
	all_free();
	some_free();
	words();
	parameters();
	T_CHECK("no /dev/mem", !ramoops_write(at("none"), &zones, &log, &kept, &e) &&
		e.code == ENOENT);
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || t_done();
}

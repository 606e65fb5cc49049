/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole capture of a made-up core that the input has poked: places among the words of it
 * that are not zero, and what becomes of them. The sink is memory, and full at some point if
 * the input says so. What is saved then is a dump without damage, whose counts add up, and a
 * dump that is called whole has each page it was to have.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "capture/capture.h"
#include "capture/crash.h"
#include "capture/job.h"
#include "config/config.h"
#include "dump/codec.h"
#include "dump/kdumpread.h"
#include "input.h"
#include "memory_sink.h"

#define POKES_MAX 24u
#define WORDS_MAX 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What each core has; the kernel, and how its CPU's tables are, come before it. */
#define REST "ram = 0x100000-0xa00000\ntypes = 2\ncpus = 3\n" \
	"@0x800+0x20 data=pfn\n@0x820+0x8 flags=lru,swapbacked mapping=anon data=pfn\n" \
	"@0x830 order=2 flags=lru mapping=file data=pfn\n@0x840 buddy=3\n" \
	"@0x850 order=3 flags=lru,swapbacked mapping=anon data=pfn\n@0x860 type=offline\n" \
	"@0x861 flags=hwpoison\n@0x880 buddy=7\n@0x900 buddy=8\n" \
	"list 0 0 1 0 = 0x802 0x800 0x801\n" \
	"list 0 1 1 1 = 0x812 0x810\ntask 1 init\nmap 1 0x400000 = 0x820 4\n" \
	"task 100 database\ntask 101 writer tgid=100\nmap 100 0x7f0000000000 = 0x824 4\n" \
	"log 1.0 \"a line\"\nlog 2.0 \"Kernel panic - not syncing: a reason\"\n"

static const char *const fixtures[] = {
	"layout = 6.12\n" REST, "layout = 7.2\n" REST, "layout = 5.10\n" REST,
};
#define N_CORES (sizeof(fixtures) / sizeof(fixtures[0]))

static struct core {
	int fd;
	uint8_t *bytes;
	size_t len;
	uint32_t *words;	/* offsets of those that are not zero */
	unsigned n_words;
} cores[N_CORES];

/* mkcore lies beside the folder of this program. */
static void make_core(struct core *c, const char *fixture)
{
	char self[PATH_MAX] = "", command[2 * PATH_MAX];
	int text = memfd_create("fixture", 0);

	c->fd = memfd_create("core", 0);
	if (text < 0 || c->fd < 0 || write(text, fixture, strlen(fixture)) < 0 ||
	    readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		abort();
	snprintf(command, sizeof(command), "%s/../tools/mkcore /proc/%d/fd/%d /proc/%d/fd/%d",
		 dirname(self), getpid(), text, getpid(), c->fd);
	if (system(command))
		abort();
	close(text);
	c->len = lseek(c->fd, 0, SEEK_END);
	c->bytes = mmap(NULL, c->len, PROT_READ | PROT_WRITE, MAP_SHARED, c->fd, 0);
	c->words = malloc(WORDS_MAX * sizeof(c->words[0]));
	if (c->bytes == MAP_FAILED || !c->words)
		abort();
	for (size_t at = 0; at + 8 <= c->len && c->n_words < WORDS_MAX; at += 8)
		if (get_u64(c->bytes + at))
			c->words[c->n_words++] = at;
}

static uint64_t poked(struct input *in, const struct core *c, uint64_t was)
{
	static const uint64_t odd[] = { 0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0x80000000,
					0xffffffff, INT64_MAX, 1ULL << 63, UINT64_MAX };
	uint8_t how = input_u8(in);

	switch (how % 6) {
	case 0:
		return was ^ 1ULL << (how / 6 + input_u8(in)) % 64;
	case 1:
		return was + input_u8(in) - 128;
	case 2:
		return odd[input_u8(in) % (sizeof(odd) / sizeof(odd[0]))];
	case 3:
		return get_u64(c->bytes + c->words[(input_u16(in) * 7u) % c->n_words]);
	case 4:
		return (was & ~0xffffULL) | input_u16(in);
	default:
		return input_u64(in);
	}
}

static void judge(const struct totals *t, const struct memory_sink *m, bool ok)
{
	struct kdump_findings found = { 0 };
	struct kdump_reader r;
	struct arena arena;
	uint64_t n = 0;
	char path[64];
	struct err e;

	if (m->dump_fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", m->dump_fd);
	if (!arena_init(&arena, 16 << 20, &e))
		abort();
	if (!kdump_open(&r, path, &arena, &e)) {
		if (ok || m->has_dump)
			abort();
	} else {
		if (ok && kdump_is_cut(&r) != !t->complete)
			abort();
		if (kdump_check(&r, &found, &e) && found.n_damaged)
			abort();
		for (int v = 0; v < N_VERDICTS; v++)
			n += t->n_verdict[v];
		if (ok && (found.n_pages != t->n_kept || n != t->n_present ||
			   found.n_missing != t->n_unreadable))
			abort();
		kdump_close(&r);
	}
	arena_deinit(&arena);
}

static void capture_it(const struct core *core, struct input *in)
{
	static const struct keep_user keep = { .comm = "database" };
	struct progress progress = { .stage = 0 };
	struct totals t;
	uint8_t how = input_u8(in);
	struct job job = { .level = how & 0x80 ? how & 31 : 31, .codec = codec_named("none"),
			   .workers = 1, .host = "h", .target = "t", .keep_user = &keep,
			   .n_keep_user = 1, .last_resort = true,
			   .salvage_only = (how & 0x60) == 0x60 };
	struct memory_sink m;
	struct capture c = { .sink = &m.sink, .job = &job, .progress = &progress, .t = &t };
	static struct crash crash;
	char path[64];
	struct err e = { .text = "" };

	memory_sink_begin(&m, how & 0x20 ? input_u16(in) * 1024ULL : UINT64_MAX / 2);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", core->fd);
	c.crash = &crash;
	if (crash_open(&crash, path, NULL, &e)) {
		bool ok;

		capture_begin(&c);
		capture_log(&c);
		ok = capture_dump(&c, &e);
		if (!ok && !e.text[0])
			abort();
		if (ok && m.failed)
			abort();	/* nobody was told */
		judge(&t, &m, ok);
		capture_end(&c, &e);
		crash_close(&crash);
	} else if (!e.text[0]) {
		abort();
	}
	memory_sink_end(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct { uint8_t *at; uint64_t was; } undo[POKES_MAX];
	struct input in = { data, size }, asked;
	struct core *core = &cores[input_u8(&in) % N_CORES];
	uint8_t skipped[4];
	unsigned n = 0;

	for (unsigned i = 0; i < N_CORES; i++)
		if (!cores[i].bytes)
			make_core(&cores[i], fixtures[i]);
	/* What is asked comes first, the pokes behind it. */
	asked = in;
	input_bytes(&in, skipped, sizeof(skipped));
	for (; in.left && n < POKES_MAX; n++) {
		uint8_t *at = core->bytes + core->words[input_u16(&in) % core->n_words];

		undo[n].at = at;
		undo[n].was = get_u64(at);
		put_u64(at, poked(&in, core, undo[n].was));
	}
	capture_it(core, &asked);
	while (n-- > 0)
		put_u64(undo[n].at, undo[n].was);
	return 0;
}

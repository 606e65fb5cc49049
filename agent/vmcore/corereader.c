/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a core by physical address, out of windows of the file that are mapped. */
#include "corereader.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"

#define PAGE 4096u

/*
 * Where a SIGBUS in this thread goes, while it copies out of a window. Thread-local
 * state is the only way a signal handler can know.
 */
static _Thread_local sigjmp_buf *volatile bus_exit;

static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (!bus_exit) {
		signal(sig, SIG_DFL);
		raise(sig);
		return;
	}
	/*
	 * Only "beyond the end of the file" is harmless. A machine check on memory that
	 * this kernel has no struct page for comes as SI_KERNEL (x86 kill_me_now).
	 */
	siglongjmp(*bus_exit, info->si_code == BUS_ADRERR ? 1 : 2);
}

void corereader_catch_sigbus(void)
{
	struct sigaction sa = { .sa_sigaction = on_sigbus,
				.sa_flags = SA_SIGINFO | SA_NODEFER };

	sigaction(SIGBUS, &sa, NULL);
}

/* 0 copied, 1 not there (mapping beyond the file), 2 the hardware reported poison. */
static int guarded_copy(void *to, const void *from, size_t len)
{
	sigjmp_buf here, *volatile outer = bus_exit;
	int what = sigsetjmp(here, 0);

	if (!what) {
		bus_exit = &here;
		memcpy(to, from, len);
	}
	bus_exit = outer;
	return what;
}

/* False: a byte could not be touched, and use() was left in the middle. */
static bool guarded_use(look_fn *use, void *ctx, const uint8_t *bytes)
{
	sigjmp_buf here;
	int what = sigsetjmp(here, 0);

	if (!what) {
		bus_exit = &here;
		use(ctx, bytes);
	}
	bus_exit = NULL;
	return !what;
}

static void unmap(struct window *w)
{
	if (w->map)
		munmap((void *)w->map, w->len);
	*w = (struct window){ .map = NULL };
}

/* Maps the stretch of `most` bytes around off; false when the kernel will not. */
static bool move_window(struct corereader *r, struct window *w, uint64_t off, size_t most)
{
	uint64_t start = off / most * most;
	size_t len = min_u64(most, r->core->size - start);
	void *map;

	unmap(w);
	if (r->core->file.is_flattened)
		return false;
	map = mmap(NULL, len, PROT_READ, MAP_SHARED, r->core->file.fd, start);
	if (map == MAP_FAILED)
		return false;
	w->map = map;
	w->off = start;
	w->len = len;
	return true;
}

static bool is_in(const struct window *w, uint64_t off)
{
	return w->map && off >= w->off && off - w->off < w->len;
}

/* A window that has off in it, or NULL. */
static struct window *window_at(struct corereader *r, uint64_t off)
{
	struct window *oldest = &r->windows[0];

	for (int i = 0; i < N_WINDOWS; i++) {
		struct window *w = &r->windows[i];

		if (is_in(w, off)) {
			w->used = ++r->n_uses;
			return w;
		}
		if (w->used < oldest->used)
			oldest = w;
	}
	if (off >= r->core->size || !move_window(r, oldest, off, WINDOW_LEN))
		return NULL;
	oldest->used = ++r->n_uses;
	return oldest;
}

static bool read_file(struct corereader *r, uint64_t off, uint8_t *to, size_t len,
		      struct err *e)
{
	while (len) {
		struct window *w = window_at(r, off);
		size_t n = len;
		int what = 1;

		if (w) {
			n = min_u64(len, w->off + w->len - off);
			what = guarded_copy(to, w->map + (off - w->off), n);
		}
		/* A second touch, inside the kernel, could take this machine down too. */
		if (what == 2)
			return fail(e, EIO, "poisoned memory");
		if (what == 1 && !dumpfile_read(&r->core->file, to, n, off, e))
			return false;
		off += n;
		to += n;
		len -= n;
	}
	return true;
}

/* The range that holds paddr, or NULL. */
static const struct ram_range *find_range(struct corereader *r, paddr_t paddr)
{
	const struct ram_range *ranges = r->core->ranges, *last = &ranges[r->last_range];
	size_t i;

	if (paddr >= last->start && paddr < last->end)
		return last;
	i = ranges_behind(ranges, r->core->n_ranges, paddr);
	if (i == r->core->n_ranges || paddr < ranges[i].start)
		return NULL;
	r->last_range = i;
	return &ranges[i];
}

static bool core_read(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		      struct err *e)
{
	struct corereader *r = (struct corereader *)pm;
	uint8_t *to = buf;

	while (len) {
		const struct ram_range *range = find_range(r, paddr);
		size_t n;

		n = min_u64(len, range ? range->end - paddr : elfcore_hole(r->core, paddr));
		if (!n)
			return fail(e, EFAULT, "physical address %#llx is not in the core",
				    (unsigned long long)paddr);
		if (!range)
			memset(to, 0, n);
		else if (!read_file(r, range->off + (paddr - range->start), to, n, e))
			return within(e, "physical address %#llx", (unsigned long long)paddr);
		paddr += n;
		to += n;
		len -= n;
	}
	return true;
}

static bool core_look(struct physmem *pm, paddr_t paddr, size_t len, look_fn *use, void *ctx)
{
	struct corereader *r = (struct corereader *)pm;
	const struct ram_range *range = find_range(r, paddr);
	struct window *w = &r->look;
	uint64_t off;

	if (!range || len > range->end - paddr)
		return false;
	off = range->off + (paddr - range->start);
	if (!is_in(w, off) &&
	    (off >= r->core->size || !move_window(r, w, off, LOOK_LEN)))
		return false;
	return len <= w->off + w->len - off &&
	       guarded_use(use, ctx, w->map + (off - w->off));
}

/* Is another stretch wanted more at the window's place? Then that many want it in a row. */
static bool has_lost(struct window *w, uint64_t stretch)
{
	if (!w->map)
		return true;
	if (w->rival != stretch)
		w->n_rival = 0;
	w->rival = stretch;
	return ++w->n_rival >= RIVAL_WINS;
}

/*
 * A window that stays where it is, once it is mapped, until others are all wanted of one other
 * stretch. Before that one page in place of the last: five times slower, but pread, which would
 * not be, dies in the kernel of poison that we only get a signal of.
 */
static struct window *stay_at(struct corereader *r, uint64_t off)
{
	struct window *w = r->n_stay ? &r->stay[off / LOOK_LEN % r->n_stay] : &r->spot;
	size_t most = LOOK_LEN;

	if (is_in(w, off))
		return w;
	if (off >= r->core->size)
		return NULL;
	if (w == &r->spot || !has_lost(w, off / LOOK_LEN)) {
		w = &r->spot;
		most = PAGE;
	}
	return is_in(w, off) || move_window(r, w, off, most) ? w : NULL;
}

static bool core_pick(struct physmem *pm, paddr_t paddr, void *buf, size_t len,
		      struct err *e)
{
	struct corereader *r = (struct corereader *)pm;
	const struct ram_range *range = find_range(r, paddr);
	struct window *w = NULL;
	uint64_t off = 0;
	int what;

	if (range && len <= range->end - paddr) {
		off = range->off + (paddr - range->start);
		/* A file has no poison, and reading a page of it costs less than mapping it. */
		if (!r->n_stay && !r->core->is_memory &&
		    dumpfile_read(&r->core->file, buf, len, off, e))
			return true;
		w = stay_at(r, off);
	}
	if (!w || len > w->off + w->len - off)
		return core_read(pm, paddr, buf, len, e);
	what = guarded_copy(buf, w->map + (off - w->off), len);
	if (what == 2)
		return fail(e, EIO, "physical address %#llx: poisoned memory",
			    (unsigned long long)paddr);
	return !what || core_read(pm, paddr, buf, len, e);
}

bool corereader_stay(struct corereader *r, size_t mem_len, struct arena *arena, struct err *e)
{
	size_t n = min_u64(mem_len / STAY_COST, STAY_MAX);

	r->stay = arena_take(arena, n, sizeof(r->stay[0]), "windows", e);
	r->n_stay = r->stay ? n : 0;
	return r->stay;
}

void corereader_leave(struct corereader *r)
{
	for (size_t i = 0; i < r->n_stay; i++)
		unmap(&r->stay[i]);
	r->stay = NULL;
	r->n_stay = 0;
	unmap(&r->spot);
}

void corereader_init(struct corereader *r, const struct elfcore *core)
{
	*r = (struct corereader){ .pm = { core_read, core_look, core_pick },
				  .core = core };
}

void corereader_deinit(struct corereader *r)
{
	for (int i = 0; i < N_WINDOWS; i++)
		unmap(&r->windows[i]);
	unmap(&r->look);
	corereader_leave(r);
}

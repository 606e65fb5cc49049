/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choice of the effort. The CPUs take A = (read + pack + put) / workers for a byte, the
 * target B = out / rate, and both go on at once: the slower one is waited for. Of two efforts
 * in turns both are on a line between theirs, and the best is an effort alone or two where A
 * and B cross.
 *
 * What the target takes shows only while it is waited for: then it is what went out since it
 * was last waited for. While it is not, it is believed to take more and more, but not before
 * twice as much has gone out as ever did between two waits: caches make it wait in bursts.
 */
#include "effort.h"

#include <string.h>

#include "base/bytes.h"

#define MIB 1048576.0
#define FADE 0.96		/* of a batch's weight, with each that comes behind it */
#define BELIEF 0.02		/* the weight of that, to a batch's */
#define TELLS_S 0.0002		/* a wait that is no accident: so long, and ... */
#define TELLS_PART 0.02		/* ... with others such a part of the time of late */
#define GAP_FADE 0.7		/* of a wait's distance from the one before, with each */
#define PUSH_FIRST 1.03		/* the belief grows by that with a MiB, ... */
#define PUSH_UNSEEN 1.12	/* ... by that before the first wait, ... */
#define PUSH_MOST 2.0		/* ... and in doubled steps up to that */
#define AMPLE 3.0		/* times what any effort can make use of: no need for more */

static double lerp(double a, double b, double x)
{
	return a + (b - a) * x;
}

/* What a byte takes: for the CPUs, for the target, and to be read back. */
struct times {
	double cpu, target, back;
};

static double ratio(double a, double b, double otherwise)
{
	return b > 0 ? a / b : otherwise;
}

static struct times times_of(const struct effort *f, unsigned effort)
{
	const struct effort_sums *m = &f->sums;
	const struct effort_point *p = &f->points[effort];
	double len = effort ? p->len * ratio(m->packed, m->packed_said, 1) : 1, cpu;

	/* What does not shrink stays as it is. */
	len = (len < 1 ? len : 1) * ratio(m->out, m->all_packed, 1);
	cpu = ratio(m->read_s, m->in, 0) + len * ratio(m->put_s, m->out, 0);
	if (effort)
		cpu += p->pack_s * ratio(m->pack_s, m->pack_s_said, 1);
	if (f->reading.when == BACK_MEANWHILE)
		cpu += len * f->reading.byte_s;
	return (struct times){
		.cpu = cpu / f->n_workers,
		.target = len / f->rate,
		.back = f->reading.when == BACK_AFTER ? len * (f->reading.byte_s + 1 / f->rate)
						      : 0,
	};
}

static double whole(const struct times *t)
{
	return (t->cpu > t->target ? t->cpu : t->target) + t->back;
}

/* Of two in turns, the share of b where neither side waits; 0: there is none. */
static double crossing(const struct times *a, const struct times *b)
{
	double at_a = a->cpu - a->target, at_b = b->cpu - b->target;

	return at_a * at_b < 0 ? at_a / (at_a - at_b) : 0;
}

static void choose(struct effort *f)
{
	struct times t[N_EFFORTS];
	double best = 0;

	for (unsigned i = f->least; i <= f->most; i++)
		t[i] = times_of(f, i);
	for (unsigned i = f->least; i <= f->most; i++)
		for (unsigned k = i; k <= f->most; k++) {
			double x = crossing(&t[i], &t[k]);
			struct times both = { lerp(t[i].cpu, t[k].cpu, x),
					      lerp(t[i].target, t[k].target, x),
					      lerp(t[i].back, t[k].back, x) };

			if (best > 0 && whole(&both) >= best)
				continue;
			best = whole(&both);
			f->low = i;
			f->high = k;
			f->share = x;
		}
}

/* The rate at which an effort alone keeps target and CPUs equally busy. */
static double rate_for(const struct effort *f, unsigned effort)
{
	struct times t = times_of(f, effort);

	return t.cpu > 0 ? t.target * f->rate / t.cpu : f->rate;
}

void effort_begin(struct effort *f, const struct effort_point points[N_EFFORTS],
		  unsigned n_workers, const struct effort_reading *reading)
{
	*f = (struct effort){ .n_workers = n_workers, .reading = *reading, .rate = 1,
			      .push = PUSH_UNSEEN, .gap_len = MIB / 2 };
	memcpy(f->points, points, sizeof(f->points));
	f->rate = rate_for(f, EFFORT_USUAL);
	effort_bound(f, EFFORT_NONE, EFFORT_USUAL);
}

void effort_bound(struct effort *f, unsigned least, unsigned most)
{
	f->most = min_u64(most, EFFORT_MOST);
	f->least = min_u64(least, f->most);
	choose(f);
}

unsigned effort_next(struct effort *f)
{
	f->carry += f->share;
	if (f->carry < 1)
		return f->low;
	f->carry -= 1;
	return f->high;
}

/* Half of the way from a to b, in proportion: the root of a * b, by Heron. */
static double halfway(double a, double b)
{
	double middle = (a + b) / 2;

	for (int i = 0; i < 8; i++)
		middle = (middle + a * b / middle) / 2;
	return middle;
}

/* Longer than ever between two waits: more would be taken than is given. */
static bool is_calm(const struct effort *f)
{
	return !f->has_blocked || f->since_len > 2 * f->gap_len + MIB;
}

/* It was waited for, and so was never idle since the last time, unless that was long ago. */
static void take_rate(struct effort *f)
{
	bool calm = is_calm(f);
	double seen = calm ? f->sums.out / f->sums.wall_s : f->since_len / f->since_s;
	double gap = calm ? 2 * f->gap_len : f->since_len, faded = GAP_FADE * f->gap_len;

	/* It was waited for, and took nothing: that is no rate, and none comes of it. */
	if (!(seen > 0))
		return;
	f->rate = f->has_blocked ? halfway(seen, f->rate) : seen;
	f->has_blocked = true;
	f->gap_len = gap > faded ? gap : faded;
	f->since_s = f->since_len = f->push_len = 0;
	f->push = PUSH_FIRST;
}

static void push_rate(struct effort *f, double len)
{
	double ample = AMPLE * rate_for(f, f->least);

	if (!is_calm(f))
		return;
	for (f->push_len += len; f->push_len >= MIB; f->push_len -= MIB) {
		if (f->rate < ample)
			f->rate *= f->push;
		f->push = 1 + 2 * (f->push - 1);
		if (f->push > PUSH_MOST)
			f->push = PUSH_MOST;
	}
}

static void add_up(struct effort_sums *m, const struct effort_batch *b)
{
	m->in += b->len_in;
	m->all_packed += b->len_packed;
	m->out += b->len_out;
	m->wall_s += b->wall_s;
	m->blocked_s += b->blocked_s;
	m->read_s += b->work_s - b->pack_s;
	m->put_s += b->put_s;
}

/* A little it is believed that the samples are right: where nothing is packed, all the more. */
static void add_up_packing(struct effort_sums *m, const struct effort_batch *b,
			   const struct effort_point *said)
{
	double len = BELIEF * b->len_in;

	m->packed += len * said->len;
	m->packed_said += len * said->len;
	m->pack_s += len * said->pack_s;
	m->pack_s_said += len * said->pack_s;
	if (b->effort == EFFORT_NONE)
		return;
	m->packed += b->len_packed;
	m->packed_said += b->len_in * said->len;
	m->pack_s += b->pack_s;
	m->pack_s_said += b->len_in * said->pack_s;
}

static void fade(struct effort_sums *m)
{
	double *sums[] = { &m->in, &m->all_packed, &m->out, &m->wall_s, &m->blocked_s,
			   &m->read_s, &m->put_s, &m->packed, &m->packed_said, &m->pack_s,
			   &m->pack_s_said };

	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
		*sums[i] *= FADE;
}

void effort_learn(struct effort *f, const struct effort_batch *b)
{
	/* Pages of zeroes alone say nothing, however long that goes on. */
	if (b->effort >= N_EFFORTS || !b->len_in)
		return;
	fade(&f->sums);
	add_up(&f->sums, b);
	add_up_packing(&f->sums, b, &f->points[b->effort ? b->effort : EFFORT_USUAL]);
	f->since_s += b->wall_s;
	f->since_len += b->len_out;
	if (b->blocked_s > TELLS_S && f->sums.blocked_s > TELLS_PART * f->sums.wall_s)
		take_rate(f);
	else
		push_rate(f, b->len_out);
	choose(f);
}

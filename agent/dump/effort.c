/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The choice of the effort. The CPUs take A = (work + put) / workers for a byte, the target
 * B = out / rate, and both go on at once: the slower one is waited for. Of two efforts in
 * turns both are on a line between theirs, so only the corners of the lower hull of all
 * (work, out) count, and neighbours where A and B cross.
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
#define TELLS_S 0.0002		/* a wait that is no accident: so long, and ... */
#define TELLS_PART 0.02		/* ... with others such a part of the time of late */
#define GAP_FADE 0.7		/* of a wait's distance from the one before, with each */
#define PUSH_FIRST 1.03		/* the belief grows by that with a MiB, ... */
#define PUSH_UNSEEN 1.25	/* ... by that before the first wait, ... */
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

static struct times times_of(const struct effort *f, const struct effort_point *p)
{
	double work = f->work_said > 0 ? f->work_s / f->work_said : 1;
	double out = f->out_said > 0 ? f->out / f->out_said : 1;
	double put = f->out > 0 ? f->put_s / f->out : 0;
	double len = p->out * out;

	return (struct times){
		.cpu = (p->work_s * work + len * put) / f->n_workers,
		.target = len / f->rate,
		.back = f->read_s > 0 ? len * (f->read_s + 1 / f->rate) : 0,
	};
}

static double whole(const struct times *t)
{
	return (t->cpu > t->target ? t->cpu : t->target) + t->back;
}

/* Of two neighbours in turns: 0 the first alone, 1 the second, or where they cross. */
static double crossing(const struct times *a, const struct times *b)
{
	double at_a = a->cpu - a->target, at_b = b->cpu - b->target;

	return at_a * at_b < 0 ? at_a / (at_a - at_b) : 0;
}

static void choose(struct effort *f)
{
	const struct effort_point *points = f->points;
	double best = 0;

	for (unsigned i = 0; i < f->n_corners; i++) {
		unsigned low = f->corners[i], high = f->corners[i + (i + 1 < f->n_corners)];
		struct times a = times_of(f, &points[low]), b = times_of(f, &points[high]);
		double x = crossing(&a, &b), takes;
		struct times t = { lerp(a.cpu, b.cpu, x), lerp(a.target, b.target, x),
				   lerp(a.back, b.back, x) };

		takes = whole(&a) < whole(&t) ? whole(&a) : whole(&t);
		if (i && takes >= best)
			continue;
		best = takes;
		f->low = low;
		f->high = high;
		f->share = whole(&a) < whole(&t) ? 0 : x;
	}
}

/* Is b above the line from a to c, or on it? */
static bool is_above(const struct effort_point *a, const struct effort_point *b,
		     const struct effort_point *c)
{
	return (b->out - a->out) * (c->work_s - a->work_s) >=
	       (c->out - a->out) * (b->work_s - a->work_s);
}

/* The lower hull. An effort that costs more than the next one and leaves more is none of it. */
static void find_corners(struct effort *f)
{
	const struct effort_point *p = f->points;
	unsigned *corners = f->corners, n = 0;

	for (unsigned i = f->least; i <= f->most; i++) {
		if (n && p[i].out >= p[corners[n - 1]].out)
			continue;
		while (n && p[corners[n - 1]].work_s >= p[i].work_s)
			n--;
		while (n > 1 && is_above(&p[corners[n - 2]], &p[corners[n - 1]], &p[i]))
			n--;
		corners[n++] = i;
	}
	f->n_corners = n;
}

/* The rate at which an effort alone keeps target and CPUs equally busy. */
static double rate_for(const struct effort *f, unsigned effort)
{
	struct times t = times_of(f, &f->points[effort]);

	return t.cpu > 0 ? t.target * f->rate / t.cpu : f->rate;
}

void effort_begin(struct effort *f, const struct effort_point points[N_EFFORTS],
		  unsigned n_workers, double read_s)
{
	*f = (struct effort){ .n_workers = n_workers, .read_s = read_s, .rate = 1,
			      .push = PUSH_UNSEEN, .gap_len = MIB / 2 };
	memcpy(f->points, points, sizeof(f->points));
	f->rate = rate_for(f, EFFORT_USUAL);
	effort_bound(f, EFFORT_NONE, EFFORT_USUAL);
}

void effort_bound(struct effort *f, unsigned least, unsigned most)
{
	f->most = min_u64(most, EFFORT_MOST);
	f->least = min_u64(least, f->most);
	find_corners(f);
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
	double seen = calm ? f->out / f->wall_s : f->since_len / f->since_s;
	double gap = calm ? 2 * f->gap_len : f->since_len, faded = GAP_FADE * f->gap_len;

	f->rate = f->has_blocked ? halfway(seen, f->rate) : seen;
	f->has_blocked = true;
	f->gap_len = gap > faded ? gap : faded;
	f->since_s = f->since_len = f->push_len = 0;
	f->push = PUSH_FIRST;
}

static void push_rate(struct effort *f, double len)
{
	double ample = AMPLE * rate_for(f, f->corners[0]);

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

void effort_learn(struct effort *f, const struct effort_batch *b)
{
	const struct effort_point *said;

	if (b->effort >= N_EFFORTS)
		return;
	said = &f->points[b->effort];
	f->out = FADE * f->out + b->len_out;
	f->wall_s = FADE * f->wall_s + b->wall_s;
	f->blocked_s = FADE * f->blocked_s + b->blocked_s;
	f->work_s = FADE * f->work_s + b->work_s;
	f->put_s = FADE * f->put_s + b->put_s;
	f->out_said = FADE * f->out_said + b->len_in * said->out;
	f->work_said = FADE * f->work_said + b->len_in * said->work_s;
	f->since_s += b->wall_s;
	f->since_len += b->len_out;
	if (b->blocked_s > TELLS_S && f->blocked_s > TELLS_PART * f->wall_s)
		take_rate(f);
	else
		push_rate(f, b->len_out);
	choose(f);
}

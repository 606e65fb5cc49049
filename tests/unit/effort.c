/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump/effort: how hard is packed, against a model of CPUs and a target: batches are packed,
 * go out a MiB at a time, and are waited for where the target's cache is full. Held against
 * the best that one effort, or two in turns, can do in that model; and never slower than the
 * usual effort. Then a target whose speed changes, and the bounds.
 */
#include "dump/effort.h"
#include "t.h"

#define MIB 1048576.0
#define BATCH (256u << 10)

/* As measured on pages of a crashed Debian 6.1, none to level 3. */
static const struct effort_point real[N_EFFORTS] = {
	{ 0, 1.0 }, { 1.24e-9, 0.454 }, { 1.53e-9, 0.423 }, { 1.75e-9, 0.381 },
	{ 1.82e-9, 0.332 }, { 1.92e-9, 0.300 }, { 2.04e-9, 0.283 }, { 3.07e-9, 0.245 },
	{ 3.16e-9, 0.243 }, { 3.75e-9, 0.2385 },
};

static const struct effort_reading never = { .when = BACK_NEVER };

struct model {
	unsigned n_cpus;
	double rate, cache_len;	/* of the target: bytes a second, and that it takes at once */
	double in_s, put_s;	/* CPU seconds a byte that is read, that goes out */
	struct effort_reading reading;
	double cpu_is, out_is;	/* what the samples say times that is the truth */
	double new_part;	/* of what is packed, that was not there a moment ago */
	double noise;
};

struct run {
	const struct model *m;
	struct effort f;
	double buf, cached, now, len_in;
	uint64_t seed;
};

/* CPU seconds that a byte which goes out takes beside who puts it. */
static double beside_s(const struct model *m)
{
	return m->reading.when == BACK_MEANWHILE ? m->reading.byte_s : 0;
}

/* Seconds when all is written. */
static double back_s(const struct model *m, double out)
{
	return m->reading.when == BACK_AFTER ? out * (m->reading.byte_s + 1 / m->rate) : 0;
}

static double noise(struct run *r)
{
	r->seed = r->seed * 6364136223846793005u + 1442695040888963407u;
	return 1 + r->m->noise * ((double)(r->seed >> 40) / (1 << 24) * 2 - 1);
}

static void spend(struct run *r, double s)
{
	r->now += s;
	r->cached -= s * r->m->rate;
	if (r->cached < 0)
		r->cached = 0;
}

/* One batch; the sink is given a MiB when there is one. */
static void batch(struct run *r, int fixed)
{
	const struct model *m = r->m;
	struct effort_batch b = { .effort = fixed >= 0 ? (unsigned)fixed : effort_next(&r->f),
				  .len_in = BATCH };
	const struct effort_point *p = &real[b.effort];
	double began = r->now;

	b.len_packed = BATCH * p->len * (b.effort ? m->out_is * noise(r) : 1);
	b.len_out = b.len_packed * m->new_part;
	b.pack_s = BATCH * p->pack_s * m->cpu_is * noise(r);
	b.work_s = b.pack_s + BATCH * m->in_s * noise(r);
	b.put_s = b.len_out * m->put_s;
	spend(r, (b.work_s + b.put_s + b.len_out * beside_s(m)) / m->n_cpus);
	r->buf += b.len_out;
	if (r->buf >= MIB) {
		double over = r->cached + r->buf - m->cache_len;

		b.blocked_s = over > 0 ? over / m->rate : 0;
		spend(r, b.blocked_s);
		r->cached += r->buf;
		r->buf = 0;
	}
	r->len_in += BATCH;
	b.wall_s = r->now - began;
	effort_learn(&r->f, &b);
}

static void begin(struct run *r, const struct model *m, unsigned most)
{
	*r = (struct run){ .m = m, .seed = 42 };
	effort_begin(&r->f, real, m->n_cpus, &m->reading);
	effort_bound(&r->f, EFFORT_NONE, most);
}

/* Seconds a byte in the long run, by the model: efforts a and b, b with a share of x. */
static double takes(const struct model *m, int a, int b, double x)
{
	double work = 0, out = 0;
	double share[2] = { 1 - x, x };
	int which[2] = { a, b };

	for (int i = 0; i < 2; i++) {
		const struct effort_point *p = &real[which[i]];

		work += share[i] * (m->in_s + p->pack_s * m->cpu_is);
		out += share[i] * p->len * (which[i] ? m->out_is : 1) * m->new_part;
	}
	work = (work + out * (m->put_s + beside_s(m))) / m->n_cpus;
	return (work > out / m->rate ? work : out / m->rate) + back_s(m, out);
}

static double best(const struct model *m, bool mixed)
{
	double least = 1;

	for (int a = 0; a < N_EFFORTS; a++)
		for (int b = a; b < N_EFFORTS; b++)
			for (int x = 0; x <= (mixed ? 200 : 0); x++) {
				double t = takes(m, a, b, x / 200.0);

				if (t < least)
					least = t;
			}
	return least;
}

/* All of len bytes, the last of them gone out, and read back. */
static double run_all(const struct model *m, double len, int fixed)
{
	double out = 0, was;
	struct run r;

	begin(&r, m, EFFORT_MOST);
	while (r.len_in < len) {
		was = r.buf;
		batch(&r, fixed);
		out += r.buf > was ? r.buf - was : 0;
	}
	return r.now + (r.cached + r.buf) / m->rate + back_s(m, out);
}

struct wanted {
	double len;
	double of_best;		/* of what the best two in turns come to, at the least */
	double late_s;		/* that it may come behind the usual one */
};

static void check(const struct model *m, const struct wanted *w)
{
	double t = run_all(m, w->len, -1), usual = run_all(m, w->len, EFFORT_USUAL);
	double turns = best(m, true) * w->len, fixed = best(m, false) * w->len;
	char row[200];

	snprintf(row, sizeof(row), "%.0f MB by %u CPUs to %.0f MB/s, cache of %.0f KiB, put "
		 "%.1f ns: %.3f s, the usual effort %.3f, the best one %.3f, turns %.3f",
		 w->len / 1e6, m->n_cpus, m->rate / 1e6, m->cache_len / 1024, m->put_s * 1e9,
		 t, usual, fixed, turns);
	if (getenv("SHOW"))
		puts(row);
	T_CHECK(row, t * w->of_best <= turns);
	T_CHECK(row, t <= usual * 1.01 + w->late_s);
}

/* A cache that takes all of a dump tells nothing in time: a second is what that may cost. */
static void test_rates(void)
{
	static const double rates[] = { 20e6, 100e6, 400e6, 1500e6 };
	static const struct {
		double cache_len;
		struct wanted wanted[3];
	} rows[] = {
		{ 64 << 10, { { 20e9, 0.80, 0 }, { 1e9, 0.80, 0 }, { 85e6, 0.55, 0.06 } } },
		{ 1 << 20, { { 20e9, 0.96, 0 }, { 1e9, 0.93, 0 }, { 85e6, 0.55, 0.06 } } },
		{ 16 << 20, { { 20e9, 0.96, 0 }, { 1e9, 0.92, 0.4 }, { 85e6, 0, 0.7 } } },
	};

	for (unsigned i = 0; i < 2 * T_SIZE(rates) * T_SIZE(rows); i++) {
		struct model m = { .n_cpus = 1 + i % 2, .rate = rates[i / 2 % 4], .cpu_is = 1.3,
				   .out_is = 0.95, .noise = 0.2, .in_s = 0.6e-9,
				   .new_part = 0.9 };

		m.cache_len = rows[i / 8].cache_len + MIB;
		for (size_t k = 0; k < 3; k++)
			check(&m, &rows[i / 8].wanted[k]);
	}
}

/* What goes out costs CPU, too: encryption, or a checksum by a CPU that has no help for it. */
static void test_dear_output(void)
{
	static const struct wanted wanted = { 20e9, 0.95, 0 };
	static const double rates[] = { 20e6, 100e6, 400e6, 1500e6 };

	for (size_t i = 0; i < T_SIZE(rates); i++) {
		struct model m = { .n_cpus = 1, .rate = rates[i], .cpu_is = 1, .out_is = 1,
				   .noise = 0.1, .cache_len = 4 << 20, .in_s = 0.5e-9,
				   .put_s = 3.3e-9, .new_part = 1 };

		check(&m, &wanted);
		m.reading = (struct effort_reading){ BACK_AFTER, 3.3e-9 };
		check(&m, &wanted);
		m.reading.when = BACK_MEANWHILE;
		check(&m, &wanted);
	}
}

/* A second after each change it is as good as if it had been so for ever. */
static void test_changes(void)
{
	static const double rates[] = { 1500e6, 20e6, 400e6, 100e6, 1500e6, 20e6, 1500e6 };
	struct model m = { .n_cpus = 1, .cpu_is = 1.2, .out_is = 1, .noise = 0.2,
			   .cache_len = 5 << 20, .rate = 100e6, .in_s = 0.5e-9,
			   .new_part = 1 };
	struct run r;

	begin(&r, &m, EFFORT_MOST);
	for (size_t i = 0; i < T_SIZE(rates); i++) {
		double changed = r.now, from, len_in;
		char row[100];

		m.rate = rates[i];
		while (r.now < changed + 1)
			batch(&r, -1);
		from = r.now;
		len_in = r.len_in;
		while (r.now < changed + 6)
			batch(&r, -1);
		snprintf(row, sizeof(row), "change %zu, to %.0f MB/s: %.3f of the best", i,
			 m.rate / 1e6,
			 (r.len_in - len_in) * best(&m, true) / (r.now - from));
		if (getenv("SHOW"))
			puts(row);
		T_CHECK(row, (r.len_in - len_in) * best(&m, true) >= 0.9 * (r.now - from));
	}
}

/* What a bound forbids is not chosen, and what is no corner is none. */
static void test_bounds(void)
{
	struct model m = { .n_cpus = 1, .cpu_is = 1, .out_is = 1, .rate = 1e9,
			   .cache_len = 1e9, .in_s = 0.5e-9, .new_part = 1 };
	struct effort_point odd[N_EFFORTS];
	struct run r;

	begin(&r, &m, EFFORT_USUAL);
	T_EQUAL("it begins with the usual one", EFFORT_USUAL, effort_next(&r.f));
	effort_bound(&r.f, 4, 6);
	for (int i = 0; i < 500; i++) {
		unsigned e = effort_next(&r.f);

		batch(&r, -1);
		T_CHECK("bounds", e >= 4 && e <= 6);
	}
	T_EQUAL("the least, to a target that takes all", 4, effort_next(&r.f));
	effort_bound(&r.f, EFFORT_MOST, EFFORT_MOST);
	T_EQUAL("one alone", EFFORT_MOST, effort_next(&r.f));
	memcpy(odd, real, sizeof(odd));
	odd[5].pack_s = 9e-9;
	odd[3].len = 1.2;
	effort_begin(&r.f, odd, 1, &never);
	for (int i = 0; i < 500; i++) {
		unsigned e = effort_next(&r.f);

		batch(&r, -1);
		T_CHECK("one that is worse than another", e != 5 && e != 3);
	}
	memset(odd, 0, sizeof(odd));
	effort_begin(&r.f, odd, 1, &never);
	for (int i = 0; i < 100; i++)
		batch(&r, -1);
	T_CHECK("nothing is known", effort_next(&r.f) < N_EFFORTS);
	/* Waits at the beginning, while nothing goes out: zeroes only, or what was there. */
	effort_begin(&r.f, real, 1, &never);
	for (unsigned i = 0; i < 400; i++) {
		const struct effort_batch b = {
			.effort = effort_next(&r.f), .len_in = 1 << 18, .len_packed = 1 << 16,
			.len_out = i < 2 ? 0 : 1 << 16, .work_s = 1e-3, .pack_s = 8e-4,
			.put_s = 1e-5, .blocked_s = i < 2 ? 0.1 : 0,
			.wall_s = i < 2 ? 0.1 : 1e-3,
		};

		effort_learn(&r.f, &b);
	}
	T_CHECK("waits without a byte are no rate", r.f.rate > 0 && r.f.rate < 1e12);
}

int main(void)
{
	test_rates();
	test_dear_output();
	test_changes();
	test_bounds();
	return t_done();
}

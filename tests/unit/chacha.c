/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deps/chacha-lanes: what many blocks at once give is what nettle gives one block at a time,
 * for each width that this CPU has, wherever the bytes lie and whatever the counter is at.
 */
#include <nettle/chacha.h>

#include "base/bytes.h"
#include "t.h"

#define BYTES 5000u
#define LEAST_AT_ONCE 256u	/* of what any of them does */
#define COUNTER 12

/* Only where nettle lacks it. */
__attribute__((weak)) size_t chacha_lanes_try(unsigned nr, uint32_t *state, size_t len,
					      uint8_t *to, const uint8_t *from);

static uint8_t plain[BYTES + 8], wanted[BYTES + 8], got[BYTES + 8];

static void begin(struct chacha_ctx *ctx, uint32_t counter)
{
	uint8_t key[CHACHA_KEY_SIZE], nonce[CHACHA_NONCE96_SIZE];

	for (size_t i = 0; i < sizeof(key); i++)
		key[i] = i * 37 + 1;
	for (size_t i = 0; i < sizeof(nonce); i++)
		nonce[i] = 200 + i;
	chacha_set_key(ctx, key);
	chacha_set_nonce96(ctx, nonce);
	ctx->state[COUNTER] = counter;
}

/* A block is too short for anything but nettle's own code. */
static void one_by_one(uint32_t counter, size_t len)
{
	struct chacha_ctx ctx;

	begin(&ctx, counter);
	for (size_t at = 0, n; at < len; at += n) {
		n = min_u64(CHACHA_BLOCK_SIZE, len - at);
		chacha_crypt32(&ctx, n, wanted + at, plain + at);
	}
}

static size_t test_width(unsigned nr, uint32_t counter, size_t len, size_t shift)
{
	struct chacha_ctx ctx;
	size_t done;

	begin(&ctx, counter);
	memset(got, 0, sizeof(got));
	memcpy(got + shift, plain, len);
	done = chacha_lanes_try(nr, ctx.state, len, got + shift, got + shift);
	T_CHECK("no more than there is", done <= len && done % CHACHA_BLOCK_SIZE == 0);
	T_CHECK("as one by one", !memcmp(got + shift, wanted, done));
	T_CHECK("what is behind stays", !memcmp(got + shift + done, plain + done, len - done));
	T_EQUAL("the counter", (uint32_t)(counter + done / CHACHA_BLOCK_SIZE),
		ctx.state[COUNTER]);
	return done;
}

static void test_whole(uint32_t counter, size_t len)
{
	struct chacha_ctx ctx;

	begin(&ctx, counter);
	chacha_crypt32(&ctx, len, got, plain);
	T_CHECK("whichever are chosen", !memcmp(got, wanted, len));
}

int main(void)
{
	/* The last one is where 32 bits end: all blocks go on with 0. */
	static const uint32_t counters[] = { 0, 1, 1000, 0xfffffff0, 0xfffffffd };
	size_t widest = 0;

	for (size_t i = 0; i < sizeof(plain); i++)
		plain[i] = i * 31 + (i >> 8);
	for (size_t c = 0; c < T_SIZE(counters); c++)
		for (size_t len = 0; len < BYTES; len += len % 64 == 63 ? 1 : 63) {
			one_by_one(counters[c], len);
			test_whole(counters[c], len);
			for (unsigned nr = 0; chacha_lanes_try && nr < 3; nr++)
				widest = max_u64(widest, test_width(nr, counters[c], len,
								    len % 8));
		}
	T_CHECK("something was done at once", !chacha_lanes_try || widest >= LEAST_AT_ONCE);
	return t_done();
}

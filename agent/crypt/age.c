/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The age format. No nonce is used twice: each file has a key of its own, which is made with
 * it; its chunks are numbered, and each number is sealed once (sealed.c), the last one with
 * a mark; what wraps a file's key is derived from a share that is made for that one use.
 */
#include "age.h"

#include <errno.h>
#include <nettle/chacha-poly1305.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/bytes.h"
#include "base/err.h"
#include "base/io.h"
#include "base64.h"
#include "bech32.h"
#include "hybrid.h"

#define VERSION_LINE AGE_VERSION "\n"
#define X25519_INFO "age-encryption.org/v1/X25519"
#define NO_SECRET "the recipient is no point of the curve that keeps a secret"
#define PLUGIN_MAX 40u	/* letters of its name that are repeated */
#define ASK_S 1.0		/* only asking, before we wait for them */
#define RANDOM_S 20.0		/* for the kernel to gather what it needs for the first ones */

static const uint8_t no_nonce[WRAP_NONCE_LEN];

/* ---- derived keys ----------------------------------------------------------- */

struct hkdf_salt {
	const void *bytes;
	size_t len;
};

static void derive(const void *secret, size_t len, const struct hkdf_salt *salt,
		   const char *info, uint8_t out[32])
{
	struct hmac_sha256_ctx ctx;
	uint8_t prk[SHA256_DIGEST_SIZE];

	hmac_sha256_set_key(&ctx, salt->len, salt->bytes);
	hkdf_extract(&ctx, (nettle_hash_update_func *)hmac_sha256_update,
		     (nettle_hash_digest_func *)hmac_sha256_digest, sizeof(prk), len, secret,
		     prk);
	hmac_sha256_set_key(&ctx, sizeof(prk), prk);
	hkdf_expand(&ctx, (nettle_hash_update_func *)hmac_sha256_update,
		    (nettle_hash_digest_func *)hmac_sha256_digest, sizeof(prk), strlen(info),
		    (const uint8_t *)info, 32, out);
	age_wipe(prk, sizeof(prk));
	age_wipe(&ctx, sizeof(ctx));
}

void age_header_mac(const uint8_t *header, size_t len,
		    const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t mac[AGE_MAC_LEN])
{
	struct hmac_sha256_ctx ctx;
	uint8_t key[32];

	derive(file_key, AGE_FILE_KEY_LEN, &(struct hkdf_salt){ "", 0 }, "header", key);
	hmac_sha256_set_key(&ctx, sizeof(key), key);
	hmac_sha256_update(&ctx, len, header);
	hmac_sha256_digest(&ctx, AGE_MAC_LEN, mac);
	age_wipe(key, sizeof(key));
	age_wipe(&ctx, sizeof(ctx));
}

void age_payload_key(const uint8_t file_key[AGE_FILE_KEY_LEN],
		     const uint8_t nonce[AGE_NONCE_LEN], struct age_payload *p)
{
	derive(file_key, AGE_FILE_KEY_LEN, &(struct hkdf_salt){ nonce, AGE_NONCE_LEN },
	       "payload", p->key);
}

/* The key that wraps a file's: of what both know, for this share and this recipient. */
static bool wrap_key(const uint8_t scalar[AGE_KEY_LEN], const uint8_t point[AGE_KEY_LEN],
		     const uint8_t salt[2 * AGE_KEY_LEN], uint8_t key[32])
{
	uint8_t shared[AGE_KEY_LEN];
	bool ok = age_x25519(shared, scalar, point);

	derive(shared, sizeof(shared), &(struct hkdf_salt){ salt, 2 * AGE_KEY_LEN },
	       X25519_INFO, key);
	age_wipe(shared, sizeof(shared));
	return ok;
}

static bool unwrap_x25519(const uint8_t *share, const uint8_t *wrapped, const uint8_t *secret,
			  uint8_t file_key[AGE_FILE_KEY_LEN])
{
	uint8_t salt[2 * AGE_KEY_LEN], key[32];
	bool ok;

	memcpy(salt, share, AGE_KEY_LEN);
	age_x25519(salt + AGE_KEY_LEN, secret, NULL);
	ok = wrap_key(secret, share, salt, key) &&
	     wrap_open(key, no_nonce, wrapped, file_key);
	age_wipe(key, sizeof(key));
	return ok;
}

static const struct age_stanza x25519_stanza = {
	.begins = "-> X25519 ", .enc_len = AGE_KEY_LEN, .unwrap = unwrap_x25519,
};

bool age_identity_parse(const char *text, struct age_identity *identity, struct err *e)
{
	identity->of = &x25519_stanza;
	return bech32_decode(text, "age-secret-key-", identity->secret, AGE_KEY_LEN, e);
}

/* ---- writing ---------------------------------------------------------------- */

/*
 * Only what the kernel says is random: it answers EAGAIN until it has gathered enough. Who
 * waits for it has it gather some of the CPU's jitter (Linux drivers/char/random.c,
 * wait_for_random_bytes(), since 5.4); whoever watches us ends a wait that does not.
 */
static bool random_bytes(void *to, size_t len, struct err *e)
{
	double now = monotonic_seconds(), wait_from = now + ASK_S, until = now + RANDOM_S;
	unsigned flags = GRND_NONBLOCK;
	ssize_t n;

	while ((n = getrandom(to, len, flags)) != (ssize_t)len) {
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return fail(e, errno, "no random bytes: %s", strerror(errno));
		now = monotonic_seconds();
		if (now >= until)
			return fail(e, EAGAIN, "no random bytes: the kernel has gathered too "
				    "little for %.0f s", RANDOM_S);
		flags = now < wait_from ? GRND_NONBLOCK : 0;
		pause_seconds(0.05);
	}
	return true;
}

static bool wrap_x25519(const struct age_recipients *to, unsigned nr,
			const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t *enc,
			uint8_t wrapped[AGE_WRAPPED_LEN], struct err *e)
{
	const uint8_t *recipient = to->keys[nr];
	uint8_t secret[AGE_KEY_LEN], salt[2 * AGE_KEY_LEN], key[32];

	if (!random_bytes(secret, sizeof(secret), e))
		return false;
	age_x25519(salt, secret, NULL);
	memcpy(salt + AGE_KEY_LEN, recipient, AGE_KEY_LEN);
	if (!wrap_key(secret, recipient, salt, key)) {
		age_wipe(secret, sizeof(secret));
		return fail(e, EINVAL, NO_SECRET);
	}
	wrap_seal(key, no_nonce, file_key, wrapped);
	age_wipe(key, sizeof(key));
	age_wipe(secret, sizeof(secret));
	memcpy(enc, salt, AGE_KEY_LEN);
	return true;
}

static bool wrap_hybrid(const struct age_recipients *to, unsigned nr,
			const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t *enc,
			uint8_t wrapped[AGE_WRAPPED_LEN], struct err *e)
{
	uint8_t random[HYBRID_RANDOM_LEN], shared[HYBRID_SHARED_LEN];
	bool ok;

	if (!random_bytes(random, sizeof(random), e))
		return false;
	ok = hybrid_agree(to->hybrids[nr], random, enc, shared);
	hybrid_wrap(shared, file_key, wrapped);
	age_wipe(random, sizeof(random));
	age_wipe(shared, sizeof(shared));
	return ok || fail(e, EINVAL, NO_SECRET);
}

static bool read_x25519(struct age_recipients *to, const char *text, struct err *e)
{
	if (to->n == AGE_RECIPIENTS_MAX)
		return fail(e, EINVAL, "more than %u recipients", AGE_RECIPIENTS_MAX);
	return bech32_decode(text, "age", to->keys[to->n], AGE_KEY_LEN, e);
}

static bool read_hybrid(struct age_recipients *to, const char *text, struct err *e)
{
	uint8_t *recipient;

	if (to->n == AGE_HYBRIDS_MAX)
		return fail(e, EINVAL, "more than %u recipients age1pq1...", AGE_HYBRIDS_MAX);
	recipient = to->hybrids[to->n];
	return bech32_decode(text, "age1pq", recipient, HYBRID_LEN, e) &&
	       (hybrid_is_recipient(recipient) ||
		fail(e, EINVAL, "it is no key of ML-KEM"));
}

/* Kinds of recipients. A file is for those of one of them. */
static const struct recipient_kind {
	const char *type;	/* of the stanza */
	size_t enc_len;		/* bytes of what it tells */
	unsigned max;
	/* One more, behind those that are there, but does not count it. */
	bool (*read)(struct age_recipients *to, const char *text, struct err *e);
	bool (*wrap)(const struct age_recipients *to, unsigned nr,
		     const uint8_t file_key[AGE_FILE_KEY_LEN], uint8_t *enc,
		     uint8_t wrapped[AGE_WRAPPED_LEN], struct err *e);
} kinds[] = {
	[false] = { "X25519", AGE_KEY_LEN, AGE_RECIPIENTS_MAX, read_x25519, wrap_x25519 },
	[true] = { HYBRID_TYPE, HYBRID_ENC_LEN, AGE_HYBRIDS_MAX, read_hybrid, wrap_hybrid },
};

static bool add_stanza(const struct age_recipients *to, unsigned nr,
		       const uint8_t file_key[AGE_FILE_KEY_LEN], char *text, size_t *len,
		       struct err *e)
{
	const struct recipient_kind *kind = &kinds[to->is_hybrid];
	uint8_t enc[HYBRID_ENC_LEN], wrapped[AGE_WRAPPED_LEN];
	char enc64[BASE64_LEN(HYBRID_ENC_LEN) + 1], body64[BASE64_LEN(AGE_WRAPPED_LEN) + 1];

	if (!kind->wrap(to, nr, file_key, enc, wrapped, e))
		return false;
	base64_put(enc, kind->enc_len, enc64);
	base64_put(wrapped, sizeof(wrapped), body64);
	*len += snprintf(text + *len, AGE_HEADER_MAX - *len, "-> %s %s\n%s\n", kind->type,
			 enc64, body64);
	return true;
}

bool age_recipient_add(struct age_recipients *to, const char *text, struct err *e)
{
	static const char hybrid[] = "age1pq1";
	const char *one = strrchr(text, '1');
	bool is_hybrid = !strncmp(text, hybrid, sizeof(hybrid) - 1);

	if (strncmp(text, "age1", 4))
		return fail(e, EINVAL, "it does not begin with age1");
	if (!is_hybrid && one != text + 3)
		return fail(e, EOPNOTSUPP, "%.*s1...: it is for a plugin of age, and none is "
			    "run here: give what age-keygen prints, age1... or age1pq1...",
			    (int)min_u64(one - text, PLUGIN_MAX), text);
	if (to->n && is_hybrid != to->is_hybrid)
		return fail(e, EINVAL, "age1... and age1pq1... are not for the same file: who "
			    "breaks the weaker one has it all");
	if (!kinds[is_hybrid].read(to, text, e))
		return false;
	to->is_hybrid = is_hybrid;
	to->n++;
	return true;
}

bool age_begin(const struct age_recipients *to, struct age_payload *payload,
	       uint8_t header[AGE_HEADER_MAX], size_t *len_ret, struct err *e)
{
	uint8_t file_key[AGE_FILE_KEY_LEN], mac[AGE_MAC_LEN];
	size_t len = sizeof(VERSION_LINE) - 1;
	bool ok = to->n && !to->is_broken && to->n <= kinds[to->is_hybrid].max;

	_Static_assert(AGE_RECIPIENTS_MAX * AGE_STANZA_MAX + 256 < AGE_HEADER_MAX, "room");
	_Static_assert(AGE_HYBRIDS_MAX * AGE_HYBRID_STANZA_MAX + 256 < AGE_HEADER_MAX, "room");
	if (!ok)
		return fail(e, EINVAL, "nothing is written, as it could not be encrypted: a "
			    "recipient is none");
	if (!random_bytes(file_key, sizeof(file_key), e))
		return false;
	memcpy(header, VERSION_LINE, len);
	for (unsigned i = 0; ok && i < to->n; i++)
		ok = add_stanza(to, i, file_key, (char *)header, &len, e);
	if (ok) {
		memcpy(header + len, "---", 3);
		age_header_mac(header, len + 3, file_key, mac);
		header[len + 3] = ' ';
		base64_put(mac, sizeof(mac), (char *)header + len + 4);
		len += 4 + BASE64_LEN(AGE_MAC_LEN);
		header[len++] = '\n';
		ok = random_bytes(header + len, AGE_NONCE_LEN, e);
	}
	if (ok)
		age_payload_key(file_key, header + len, payload);
	*len_ret = len + AGE_NONCE_LEN;
	age_wipe(file_key, sizeof(file_key));
	return ok;
}

/* ---- chunks ----------------------------------------------------------------- */

static void begin_chunk(const struct age_payload *p, uint64_t nr, bool is_last,
			struct chacha_poly1305_ctx *ctx)
{
	uint8_t nonce[CHACHA_POLY1305_NONCE_SIZE] = { 0 };

	put_u64(nonce + 3, __builtin_bswap64(nr));
	nonce[11] = is_last;
	chacha_poly1305_set_key(ctx, p->key);
	chacha_poly1305_set_nonce(ctx, nonce);
}

void age_seal(const struct age_payload *p, uint64_t nr, bool is_last, uint8_t *chunk,
	      size_t len)
{
	struct chacha_poly1305_ctx ctx;

	begin_chunk(p, nr, is_last, &ctx);
	chacha_poly1305_encrypt(&ctx, len, chunk, chunk);
	chacha_poly1305_digest(&ctx, AGE_TAG, chunk + len);
	age_wipe(&ctx, sizeof(ctx));
}

/*
 * The tag is of what was sealed, so it can be told without opening it. nettle sums up what
 * comes along with a message as it does the message itself; only the two lengths change places.
 */
bool age_is_sealed(const struct age_payload *p, uint64_t nr, bool is_last,
		   const uint8_t *chunk, size_t len)
{
	struct chacha_poly1305_ctx ctx;
	uint8_t tag[AGE_TAG], differs = 0;

	if (len < AGE_TAG)
		return false;
	len -= AGE_TAG;
	begin_chunk(p, nr, is_last, &ctx);
	chacha_poly1305_update(&ctx, len, chunk);
	ctx.data_size = ctx.auth_size;
	ctx.auth_size = 0;
	chacha_poly1305_digest(&ctx, AGE_TAG, tag);
	age_wipe(&ctx, sizeof(ctx));
	for (size_t i = 0; i < AGE_TAG; i++)
		differs |= tag[i] ^ chunk[len + i];
	return !differs;
}

bool age_unseal(const struct age_payload *p, uint64_t nr, bool is_last, uint8_t *chunk,
		size_t len)
{
	struct chacha_poly1305_ctx ctx;

	if (!age_is_sealed(p, nr, is_last, chunk, len))
		return false;
	begin_chunk(p, nr, is_last, &ctx);
	chacha_crypt32(&ctx.chacha, len - AGE_TAG, chunk, chunk);
	age_wipe(&ctx, sizeof(ctx));
	return true;
}

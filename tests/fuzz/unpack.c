/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packed page: the first byte is which codec, the others are a block of it. */
#include <stdint.h>
#include <stdlib.h>

#include "dump/codec.h"

#define PAGE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The nr-th of those that unpack, round and round: what only packs is not asked. */
static const struct codec *unpacking(unsigned nr)
{
	unsigned n = 0;

	for (unsigned i = 0; i < N_CODECS; i++)
		n += codec_at(i)->unpack != NULL;
	nr %= n;
	for (unsigned i = 0;; i++)
		if (codec_at(i)->unpack && !nr--)
			return codec_at(i);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct codec *c = unpacking(size ? data[0] : 0);
	size_t len = (c->unpack_size() + 63) / 64 * 64;
	void *mem = aligned_alloc(64, len), *to = malloc(PAGE);
	struct packing p = { data + 1, size ? size - 1 : 0, to, PAGE };
	void *unpacker = c->unpacker(mem, len);

	if (!unpacker)
		abort();
	if (size)
		c->unpack(unpacker, &p);
	free(to);
	free(mem);
	return 0;
}

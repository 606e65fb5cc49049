/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packed page: the first byte is which codec, the others are a block of it. */
#include <stdint.h>
#include <stdlib.h>

#include "dump/codec.h"

#define PAGE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct codec *c = codec_at(size ? data[0] % N_CODECS : 0);
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

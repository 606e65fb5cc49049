/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON of anybody's: whatever it is, values come out of it or do not. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/jsonread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "", "host", "complete.value", "bytes.dump",
					     "a.b.c", "complete.reasons" };
	char *text = malloc(size ? size : 1);
	struct json_value v, at, element;
	struct err e;

	memcpy(text, data, size);
	if (json_read(&v, text, size, &e)) {
		if (v.at < text || v.len > size)
			abort();
		for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
			char word[16];

			json_text(&v, paths[i], word, sizeof(word));
			for (char *c = word; *c; c++)
				if (*c < ' ' || *c > '~')
					abort();
			json_count(&v, paths[i]);
			json_is_true(&v, paths[i]);
			for (unsigned nr = 0; nr < 4 && json_find(&v, paths[i], &at); nr++)
				json_element(&at, nr, &element);
		}
	} else if (!e.text[0]) {
		abort();
	}
	free(text);
	return 0;
}

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No heap: what a function needs is given to it, out of an arena, which is one mapping
# (base/arena.c).
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

files "agent/*/*.c" "agent/*/*.h" | grep -v "^agent/deps/" |
	grep_in -nHE "[^a-z_](malloc|calloc|realloc|strdup|strndup|asprintf|alloca)[ ]*\(" \
	> build/lint-malloc
verdict < build/lint-malloc

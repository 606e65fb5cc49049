#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The heap is for the few places that size things once; all else is given its memory. The
# arena of a capture is one mapping (base/arena.c).
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

allowed="agent/run/capture.c agent/run/main.c agent/machine/config.c"
files "agent/*/*.c" "agent/*/*.h" | grep -v "^agent/deps/" | while read -r file; do
	case " $allowed " in *" $file "*) continue ;; esac
	grep -nHE "[^a-z_](malloc|calloc|realloc|strdup|strndup|asprintf|alloca)[ ]*\(" "$file" ||
		:
done > build/lint-malloc
verdict < build/lint-malloc

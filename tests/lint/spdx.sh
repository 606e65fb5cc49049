#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file of text names its licence in its first lines.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

files | while read -r file; do
	case $file in LICENSE | *.expect | tests/fuzz/seeds/*) continue ;; esac
	head -n 3 "$file" | grep -aq "SPDX-License-Identifier: GPL-2.0-or-later" ||
		echo "$file: no SPDX line among the first three"
done > build/lint-spdx
verdict < build/lint-spdx

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Behind its licence a C file says what it is, before anything else.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

c_files | while read -r file; do
	sed -n 2p "$file" | grep -q "^/\*" || echo "$file: no comment that says what it is"
done > build/lint-first-line
verdict < build/lint-first-line

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Behind its licence a C file says what it is, before anything else.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

c_files | xargs -d '\n' awk '
	FNR == 2 && !/^\/\*/ { print FILENAME ": no comment that says what it is" }
	FNR == 2 { nextfile }' > build/lint-first-line
verdict < build/lint-first-line

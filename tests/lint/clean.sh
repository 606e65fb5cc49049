#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is built goes under build/, and that is ignored: after a build, git sees no new file.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

git check-ignore -q build || complain "build/ is not ignored"
git ls-files -o --exclude-standard |
	grep -aE "\.(o|a|d|ko|cpio|img|log|gcda|profraw)$|(^|/)(vmcore|core)$" \
	> build/lint-clean || :
verdict < build/lint-clean

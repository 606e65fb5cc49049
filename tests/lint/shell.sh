#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All shell is POSIX sh and stops at the first failure. A library says so by its lines being
# sourced; shellcheck follows them.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

command -v shellcheck > /dev/null || { echo "skip: shellcheck is not installed"; exit 77; }
list=$(sh_files)
# A few at a time: each file is read with all the libraries that it sources.
echo "$list" | tr ' ' '\n' | xargs -n 8 -P "$(nproc)" shellcheck -x ||
	complain "shellcheck found something"
for file in $list; do
	head -n 1 "$file" | grep -q "^#!" || continue	# to be sourced
	grep -qE "^set -e?u|^\. .*lib\.sh" "$file" || complain "$file: no set -eu"
	[ -x "$file" ] || case $file in *.sh) complain "$file: is not executable" ;; esac
done
verdict < /dev/null

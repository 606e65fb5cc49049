#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No mutable data at file scope: what a function needs is in its signature. The list of
# exceptions is short and says why.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# log.c keeps warnings for the manifest, from any thread;
# corereader.c has the place a SIGBUS handler returns to, which has no other way.
allowed="^(agent/base/log|agent/vmcore/corereader)$"
# Not of build/host: sanitizers add data of their own.
files "agent/*/*.c" | grep -vE "^agent/deps/" | while read -r file; do
	object=build/musl/${file#agent/}
	[ ! -f "${object%.c}.o" ] || echo "${object%.c}.o"
done > build/lint-globals-objects
[ -s build/lint-globals-objects ] || complain "no objects under build/musl; run make first"
xargs -r nm -A < build/lint-globals-objects |
	sed -n 's|^build/musl/\([^:]*\)\.o:.* [bBdDC] |agent/\1 |p' |
	awk -v allowed="$allowed" '$1 !~ allowed { print $1 ": mutable global " $2 }' \
	> build/lint-globals
verdict < build/lint-globals

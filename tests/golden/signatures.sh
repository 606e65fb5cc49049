#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Crashes of real kernels, signed again out of what their stacks and logs said: one signature
# for one way to crash, and never the same for two (tests/crash-cases wrote them down).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
signed=$top/tests/fixtures/signatures
resign=$top/build/tools/resign
table=$top/tests/tools/signature-table

"$resign" "$signed"/* >"$work/signed" 2>"$work/stderr" || fail "$(cat "$work/stderr")"
"$table" --quiet <"$work/signed" >"$work/said" || fail "$(cat "$work/said")"

# What is wrong is seen: a name on a stack, a kind, a signature that two ways share.
wrong()
{
	sed "$2" "$signed/oops" >"$work/oops"
	! "$resign" "$work/oops" >"$work/out" 2>&1 || fail "$1 is not noticed"
	grep -q "$3" "$work/out" || fail "$1: $(cat "$work/out")"
}
wrong "another function" 's/^frame lab!lab_write_null/frame lab!lab_other/' "wanted 'c1-"
wrong "another kind" 's/kernel NULL pointer dereference, address: 0*/unable to handle page fault for address: ffff8/' \
	"wanted 'null-deref', got 'bad-access'"
sed 's/^oops\t/other\t/; t; d' "$work/signed" | cat "$work/signed" - >"$work/twice"
! "$table" --quiet <"$work/twice" >"$work/said" || fail "two ways with one signature are right"
grep -q "other and oops are one signature" "$work/said" || fail "$(cat "$work/said")"
sed '/^oops\t/{s/\tc1-[0-9a-f]*\tc1-[0-9a-f]*/\tc1-1\tc1-2/;:a;n;ba}' "$work/signed" >"$work/differ"
! "$table" --quiet <"$work/differ" >"$work/said" || fail "coarse ones that differ are right"
grep -q "oops: coarse signatures differ" "$work/said" || fail "$(cat "$work/said")"

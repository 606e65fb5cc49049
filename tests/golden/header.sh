#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The fixed places of a dump file that readers depend on.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "cpus = 3" "nodename = crashed-host" "crash_time = 1700000000"
capture 31
"$READDUMP" header "$work/out/vmcore" > "$work/got"
"$READDUMP" vmcoreinfo "$work/out/vmcore" | grep -E "^(OSRELEASE|CRASHTIME|PAGESIZE)=" >> "$work/got"
expect

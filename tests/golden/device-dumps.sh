#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Device dumps, which can be larger than our memory, are passed over; what stands behind
# them in the notes is found.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "coredd = cxgb4_0000:01 3000000" "coredd = second 100" "cpus = 2"
capture 31
"$READDUMP" header "$work/out/vmcore" | grep -E "^(nr_cpus|release)" > "$work/got"
"$READDUMP" vmcoreinfo "$work/out/vmcore" | grep "^CRASHTIME" >> "$work/got"
expect

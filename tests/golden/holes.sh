#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Memory without struct pages is kept and counted as such: no section, a section without
# a memory map, part of a memory map not mapped (2 MiB units of hotplug).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" holes
dropped 31 > "$work/got"
expect
[ "$(manifest pages kept_unknown)" -ge 64 ] || fail "pages not judged are not counted"

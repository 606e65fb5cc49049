#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A block that ends exactly at the end of the ring has not wrapped (7.x).
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dmesg_of "layout = 7.2" dmesg-perfect-fit > "$work/got"
expect

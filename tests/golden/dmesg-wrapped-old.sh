#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The record buffer of older kernels, wrapped.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

dmesg_of "layout = 4.19" dmesg-wrapped-old > "$work/got"
expect

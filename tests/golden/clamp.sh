#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A free block that reaches past the end of its memory ends there; the next stretch of
# memory is judged for itself.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" clamp
dropped 16 > "$work/got"
expect

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A page with a type is what its type says and nothing else: no guess at user memory or
# cache from its other words. Low bits of the word may belong to the owner of the page.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" types
dropped 2 8 31 > "$work/got"
expect

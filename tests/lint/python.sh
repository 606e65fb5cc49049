#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All Python compiles, imports what it uses, has no long files, functions or lines; that of
# qemu/harness and qemu/cases has types.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

files | xargs -d '\n' awk '
	FNR == 1 && (FILENAME ~ /\.py$/ || /^#!.*python/) { print FILENAME }
	{ nextfile }' | xargs -d '\n' tests/tools/pyfacts > build/lint-python
verdict < build/lint-python

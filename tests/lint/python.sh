#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All Python compiles, imports what it uses, has no long files, functions or lines; that of
# qemu/harness and qemu/cases has types.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

# shellcheck disable=SC2046 # names without blanks
tests/tools/pyfacts $(files | while read -r file; do
	case $file in
	*.py) echo "$file" ;;
	*) ! head -n 1 "$file" | grep -aqE '^#!.*python' || echo "$file" ;;
	esac
done) > build/lint-python
verdict < build/lint-python

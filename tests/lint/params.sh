#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No function takes more than six parameters: what goes together has a name, and is
# handed on by it. What remains is listed here; a row that is not needed any more goes.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

excused=""

found=" "
tests/tools/figures --params 6 > build/lint-params
while read -r place name words; do
	found="$found$name "
	case " $excused " in
	*" $name "*) ;;
	*) complain "$place $name $words parameters, 6 are allowed" ;;
	esac
done < build/lint-params
for name in $excused; do
	case $found in
	*" $name "*) ;;
	*) complain "$name is excused, and need not be" ;;
	esac
done
rm -f build/lint-params
verdict < /dev/null

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every file of text names its licence in its first lines.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

files | grep -vE '^LICENSE$|\.expect$|\.png$|^tests/fuzz/(seeds|corpus)/' > build/lint-spdx-files
# shellcheck disable=SC2016 # awk's own
xargs -d '\n' awk '
	FNR <= 3 && /SPDX-License-Identifier: GPL-2\.0-or-later/ { print FILENAME; nextfile }
	FNR > 3 { nextfile }' < build/lint-spdx-files | sort -u > build/lint-spdx-good
sort build/lint-spdx-files | comm -23 - build/lint-spdx-good |
	sed 's/$/: no SPDX line among the first three/' > build/lint-spdx
verdict < build/lint-spdx

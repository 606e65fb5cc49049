#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# All shell is POSIX sh and stops at the first failure. A library says so by its lines being
# sourced; shellcheck follows them. What it has found good is not read again before that file,
# one that it sources, or shellcheck itself is another: build/lint/shell has a stamp of each,
# so that a run which was cut is gone on with by the next.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

command -v shellcheck > /dev/null || { echo "skip: shellcheck is not installed"; exit 77; }
list=$(sh_files)
stamps=build/lint/shell

# "FILE KEY" of those to read. A key is the sums of the file and of all that it sources.
# shellcheck disable=SC2086 # a list of words
to_read()
{
	{
		echo "version $(shellcheck --version | sha256sum | cut -d ' ' -f 1)"
		sha256sum $list | sed 's/^\([0-9a-f]*\)  /sum \1 /'
		grep -H '^[[:blank:]]*# shellcheck source=' $list |
			sed 's/:[^:]*source=\([^ ]*\).*/ \1/; s/^/uses /'
	} | awk -v stamps="$stamps" '
		$1 == "version" { version = $2 }
		$1 == "sum" { sum[$3] = $2; files[++n] = $3 }
		$1 == "uses" { uses[$2] = uses[$2] " " $3 }
		function add(file, depth,  used, k, i) {
			key = key "-" (file in sum ? sum[file] : "none")
			k = split(uses[file], used)
			for (i = 1; i <= k && depth < 5; i++)
				add(used[i], depth + 1)
		}
		END {
			for (i = 1; i <= n; i++) {
				key = version
				add(files[i], 0)
				stamp = stamps "/" files[i]
				line = ""
				getline line < stamp
				close(stamp)
				if (line != key)
					print files[i], key
			}
		}'
}

# shellcheck disable=SC2016 # the variables are the inner shell's
to_read | STAMPS=$stamps xargs -r -n 2 -P "$(nproc)" sh -c '
	shellcheck --norc -x "$0" && mkdir -p "$STAMPS/${0%/*}" && echo "$1" > "$STAMPS/$0"' ||
	complain "shellcheck found something"
for file in $list; do
	read -r first < "$file" || first=
	case $first in "#!"*) ;; *) continue ;; esac	# to be sourced
	grep -qE "^set -e?u|^\. .*lib\.sh" "$file" || complain "$file: no set -eu"
	[ -x "$file" ] || case $file in *.sh) complain "$file: is not executable" ;; esac
done
verdict < /dev/null

# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
#
# For the lints: the files of the repository (tracked, or new and not ignored), and a
# way to complain that goes on, so that one run shows everything.
set -eu

top=$(cd "${0%/*}/../.." && pwd)
cd "$top"
n_complaints=0

complain()
{
	printf "%s\n" "$*"
	n_complaints=$((n_complaints + 1))
}

# files [PATTERN...]: names, one per line, of what git would have in a commit
files()
{
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}

c_files()
{
	files '*.c' '*.h'
}

# One program for all of them: on a busy machine two for each file took half a minute.
sh_files()
{
	files | xargs -d '\n' awk '
		FNR == 1 && (FILENAME ~ /\.sh$/ || /^#!\/bin\/(da)?sh/) { print FILENAME }
		{ nextfile }'
}

# grep_in WORD...: grep on the files that standard input names; to find nothing is no failure
grep_in()
{
	xargs -r -d '\n' grep "$@" || :
}

# Reads complaints, one per line, from standard input and ends the lint.
verdict()
{
	while read -r line; do
		complain "$line"
	done
	[ "$n_complaints" -eq 0 ]
}

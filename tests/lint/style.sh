#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Length of files and lines (90 columns are the aim, 96 the wall), one kind of comment,
# tabs, and no blank at the end of a line. The files of a saved crash are named in one table.
# shellcheck source=tests/lint/lib.sh
. "${0%/*}/lib.sh"

{
	# shellcheck disable=SC2016 # awk's own
	{ c_files; sh_files; } | xargs -d '\n' awk '
		function say(what) { print FILENAME ":" FNR ": " what ": " $0 }
		FNR == (FILENAME ~ /\.[ch]$/ ? 450 : 500) + 1 {
			print FILENAME ": more than " FNR - 1 " lines are a lot"
		}
		/[ \t]$/ { say("blank at the end") }
		FILENAME !~ /\.[ch]$/ { next }
		{
			code = line = $0
			gsub(/"[^"]*"/, "", code)
			while ((at = index(line, "\t")))
				line = substr(line, 1, at - 1) \
				       sprintf("%*s", 8 - (at - 1) % 8, "") substr(line, at + 1)
		}
		code ~ /(^|[^:])\/\// { say("// comment") }
		/^        / { say("blanks in place of a tab") }
		length(line) > 96 { say("long line") }'
	[ "$(wc -l <README.md)" -le 200 ] || echo "README.md: more than 200 lines; there are" \
		"initramfs/README.md, the manual, and the READMEs of the other folders"
	# Comments may name them.
	names=$(sed -n 's/.*= { \("[a-z.-]*"\).*/\1/p' agent/targets/crash_files.c)
	[ "$(echo "$names" | wc -l)" -ge 5 ] || echo "no names in agent/targets/crash_files.c"
	grep -rnF "$names" agent --include='*.[ch]' | grep -v '^agent/targets/crash_files\.c:' |
		grep -v '/\*.*\*/$' | sed 's/$/: named in targets\/crash_files.c/'
	# What is of which kind is asked of its row; import writes such words.
	grep -rnE '"(disk|sftp|nfs[34]?):"|\<nfs_is\(' agent --include='*.[ch]' |
		grep -vE '^agent/(targets|import)/' | sed 's/$/: ask targets\/target_kinds/'
} > build/lint-style
verdict < build/lint-style

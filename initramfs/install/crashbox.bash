# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# bash completion for crashbox. It asks the program what there is, so that it knows each
# verb and option of the version that is installed.

_crashbox()
{
	local program=$1 word=$2 before=$3 usage

	COMPREPLY=()
	if [ "$COMP_CWORD" = 1 ]; then
		usage=$("$program" --help 2>/dev/null | sed -n 's/^  crashbox \([a-z][a-z-]*\).*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$usage --help --version" -- "$word")
		return
	fi
	usage=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null)
	case $word in
	-*)
		usage=$(grep -oE -e '--[a-z][a-z-]*' <<<"$usage" | sort -u)
		mapfile -t COMPREPLY < <(compgen -W "$usage --help" -- "$word")
		return
		;;
	esac
	case $before in
	--*)
		# "--codec zstd|zlib|none" lists what may stand there.
		usage=$(sed -n "s/.*$before \([a-z0-9]*|[a-z0-9|]*\).*/\1/p" <<<"$usage" | head -n 1)
		mapfile -t COMPREPLY < <(compgen -W "${usage//|/ }" -- "$word")
		;;
	esac
	[ -n "${COMPREPLY[0]-}" ] || compopt -o default 2>/dev/null
}
complete -F _crashbox crashbox

#compdef crashbox
# SPDX-License-Identifier: GPL-2.0-or-later
# zsh completion for crashbox; the program is asked what there is.

local -a found
if (( CURRENT == 2 )); then
	found=(${(f)"$($words[1] --help 2>/dev/null |
		sed -n 's/^  crashbox \([a-z][a-z-]*\).*/\1/p')"} --help --version)
	_describe 'verb' found
elif [[ $PREFIX == -* ]]; then
	found=(${(fu)"$($words[1] $words[2] --help 2>/dev/null |
		grep -oE -e '--[a-z][a-z-]*')"} --help)
	_describe 'option' found
else
	_files
fi

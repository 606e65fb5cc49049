#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manual has each verb with its options, each key of the configuration and each key of
# a manifest, and no other of these; mandoc finds nothing wrong with it; shell completion
# offers the same, and the configuration that is installed is a good one in each of its lines.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
install=$top/initramfs/install

"$install/manual" "$AGENT" "$work/man"
mandoc -Tlint -Wwarning "$work"/man/*.[58] || fail "mandoc complains"
for page in crashbox.8 crashbox.conf.5; do
	# Without overstriking, as a reader sees it.
	mandoc -Tascii "$work/man/$page" | sed "s/.$(printf '\b')//g" >"$work/$page.txt"
done

verbs=$("$AGENT" --help | sed -n 's/^  crashbox \([a-z][a-z-]*\).*/\1/p')
[ "$(echo "$verbs" | wc -l)" -ge 5 ] || fail "only these verbs are found: $verbs"
for verb in $verbs; do
	grep -q "^   $verb\$" "$work/crashbox.8.txt" || fail "crashbox.8 has no verb $verb"
	for option in $("$AGENT" "$verb" --help | grep -oE -e '--[a-z][a-z-]*' | sort -u); do
		grep -qe "$option" "$work/crashbox.8.txt" || fail "crashbox.8: no $verb $option"
	done
done

keys=$("$AGENT" config --keys | sed -n 's/^  \([a-z_]*\) .*/\1/p')
[ "$(echo "$keys" | wc -l)" -ge 27 ] || fail "only these keys are found: $keys"
for key in $keys; do
	grep -q "^     $key " "$work/crashbox.conf.5.txt" || fail "crashbox.conf.5: no $key"
	grep -q "^#\{0,1\}$key " "$install/crashbox.conf" || fail "crashbox.conf: no $key"
done
# As it is there is but no target; with all of its lines in force nothing else is wrong.
"$AGENT" config "$install/crashbox.conf" >"$work/out" 2>&1 && fail "a target out of nothing"
grep -q 'no target' "$work/out" || fail "crashbox.conf: $(cat "$work/out")"
sed -n 's/^#\([a-z][a-z_]* [^ ]\)/\1/p' "$install/crashbox.conf" | grep -v '^ssh_host_key' |
	sed 's/^insecure no/insecure yes/' >"$work/all.conf"
echo "ssh_host_key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIxKz6yHJDz7nB6QmvZ5c4Mm1qg0Vx6T5m8dO5o6vXcR" \
	>>"$work/all.conf"
"$AGENT" config "$work/all.conf" >"$work/out" 2>&1 || fail "crashbox.conf: $(cat "$work/out")"

# What a capture writes, and what the page has as items.
core "layout = 6.12" classes 'log 1.0 "a line"'
capture 31
/usr/bin/python3 -c '
import json, sys
def names(value, path):
    if not isinstance(value, dict):
        return print(path)
    for key in value:
        names(value[key], path + "." + key if path else key)
names(json.load(open(sys.argv[1])), "")' "$work/out/manifest.json" | LC_ALL=C sort >"$work/written"
sed -n 's/^\.It Cm //p' "$work/man/crashbox-manifest.5" | sed 's/ , /\n/g' | LC_ALL=C sort \
	>"$work/told"
[ "$(wc -l <"$work/written")" -ge 50 ] || fail "only these are written: $(cat "$work/written")"
diff "$work/written" "$work/told" >"$work/manifest.diff" ||
	fail "crashbox-manifest.5 (< written, > told): $(cat "$work/manifest.diff")"

# complete WORD...: what bash offers for the last one
complete_bash()
{
	# shellcheck disable=SC2016 # bash's own variables
	bash -c '. "$1"; program=$2; shift 2
		COMP_WORDS=("$program" "$@"); COMP_CWORD=$#
		_crashbox "$program" "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$COMP_CWORD-1]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$install/crashbox.bash" "$AGENT" "$@" |
		LC_ALL=C sort
}

equals "verbs" "$(printf '%s\n' "$verbs" --help --version | LC_ALL=C sort)" \
	"$(complete_bash '')"
equals "begun" "$(echo "$verbs" | grep '^c' | LC_ALL=C sort)" "$(complete_bash c)"
equals "options" "$(printf '%s\n' --codec --config)" "$(complete_bash capture --co)"
equals "values" "$(printf '%s\n' zlib zstd)" "$(complete_bash capture --codec z)"
equals "no values" "" "$(complete_bash capture --level '')"
equals "a file" "" "$(complete_bash check '')"

zsh -n "$install/crashbox.zsh" || fail "zsh cannot read its completion"
zsh -fc '
	_describe() { print -l -- "${(@P)2}" }
	_files() { print files }
	words=("$1" "") CURRENT=2 PREFIX=""; eval "$(<$2)"
	words=("$1" capture --) CURRENT=3 PREFIX=--; eval "$(<$2)"
	words=("$1" check "") CURRENT=3 PREFIX=""; eval "$(<$2)"
	' zsh "$AGENT" "$install/crashbox.zsh" >"$work/zsh"
for word in $verbs --version --codec files; do
	grep -qxe "$word" "$work/zsh" || fail "zsh is not offered $word: $(cat "$work/zsh")"
done

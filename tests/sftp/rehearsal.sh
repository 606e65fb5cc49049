#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox test: the whole capture of a saved core to real servers, each of which gets the
# dump, and nothing of it left afterwards; what fails is said for its target.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

# rehearse WANTED-STATUS [LINE...]: with more lines of configuration
rehearse()
{
	wanted=$1
	shift
	printf '%s\n' "$@" | cat "$work/conf" - > "$work/test.conf"
	status=0
	timeout 120 "$AGENT" test --config "$work/test.conf" --ssh "$SSH" "$work/core" \
		> "$work/got" 2> "$work/stderr" || status=$?
	equals "exit status" "$wanted" "$status"
}

# row PATTERN: a line of what it printed
row()
{
	grep -q "^$1" "$work/got" || fail "no '$1' in: $(cat "$work/got" "$work/stderr")"
}

core dmesg-plain
server
mkdir "$remote" "$remote/second" "$remote/others"
me=sftp:$(id -un)@127.0.0.1:$port:$remote
rehearse 0 "target $me" "target $me/second" "target $me/made/for/it" "keep 1"
row 'ok    target 1  sftp:.* [KM]iB in [0-9.]* s, with a report, read back, removed again'
row 'ok    target 2  sftp:.*/second: .* [KM]iB in [0-9.]* s, with a report, read back, removed'
row 'ok    target 3  '
row 'ok: 3 of 3 targets'
equals "what is left" "others second " "$(cd "$remote" && find . -mindepth 1 |
	sed 's,./,,' | sort | tr '\n' ' ')"
for folder in "$remote" "$remote/second"; do
	grep -q "saved .* in .*:$folder/fixture-test-2026-01-01-00:00:00\$" "$work/stderr" ||
		fail "nothing was written to $folder: $(cat "$work/stderr")"
done

# Encrypted it is as whole, and as gone.
rehearse 0 "target $me" "encrypt $(age-keygen 2> /dev/null | sed -n 's/^# public key: //p')"
row 'ok    target 1  sftp:.* [KM]iB in [0-9.]* s, with a report, read back, removed again'
equals "what is left" "others second " "$(cd "$remote" && find . -mindepth 1 |
	sed 's,./,,' | sort | tr '\n' ' ')"

# A folder that cannot be: the other target is tried all the same.
: > "$work/file"
rehearse 1 "target ${me%/*}/file/x" "target $me"
row 'fail  target 1  '
row 'ok    target 2  '
row 'fail: 1 of 2 targets'

# Dumps of before are not touched, whatever keep says.
mkdir "$remote/testhost-2026-01-01-00:00:00"
echo dump > "$remote/testhost-2026-01-01-00:00:00/vmcore"
mkdir "$remote/testhost-2026-01-02-00:00:00"
echo dump > "$remote/testhost-2026-01-02-00:00:00/vmcore"
rehearse 0 "target $me" "keep 1" "host testhost"
equals "older dumps" 2 "$(find "$remote" -name vmcore | wc -l)"

settings "$work/other_key.pub"
rehearse 1 "target $me"
row 'fail  target 1  .*[Hh]ost key'
settings

# No core, no target, no sense.
rm "$work/core"
rehearse 1 "target $me"
grep -q 'core: No such file' "$work/stderr" || fail "$(cat "$work/stderr")"
rehearse 1 "level 31"
grep -q 'no target' "$work/stderr" || fail "$(cat "$work/stderr")"
if "$AGENT" test --report --crash 2> "$work/stderr"; then
	fail "--report and --crash at once were taken"
fi
grep -q 'takes one of' "$work/stderr" || fail "$(cat "$work/stderr")"

# A crashed kernel without a node name: the folder has a name all the same.
core "nodename =" dmesg-plain
server
rehearse 0 "target sftp:$(id -un)@127.0.0.1:$port:$remote"
grep -q "saved .*/unknown-test-2026-01-01-00:00:00\$" "$work/stderr" ||
	fail "no name: $(cat "$work/stderr")"

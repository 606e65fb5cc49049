#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox propagate: with a real sshd and the operator's own ssh a key is made, let in for SFTP
# alone, and the server's is pinned, once it was accepted; a second time nothing changes; a server
# with another key than the pinned one, or than was said, gets nothing.
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

for program in ssh ssh-keygen ssh-keyscan; do
	command -v $program >/dev/null || fail "$program is not there (tests/setup)"
done
home=$work/home
mkdir -p "$home/.ssh" "$work/bin"
# The operator's key leads to a shell in a home of the test's.
ssh-keygen -q -t ed25519 -N '' -f "$work/operator"
echo "command=\"cd $home && eval \\\"\$SSH_ORIGINAL_COMMAND\\\"\" $(cat "$work/operator.pub")" \
	>"$work/authorized"
cat >"$work/bin/ssh" <<END
#!/bin/sh
exec /usr/bin/ssh -i "$work/operator" -o IdentitiesOnly=yes -o BatchMode=yes "\$@"
END
chmod +x "$work/bin/ssh"
server "$SFTP_SERVER" "Match all" \
	"AuthorizedKeysFile $work/authorized $home/.ssh/authorized_keys"

target=sftp:$(id -un)@127.0.0.1:$port:$work/dumps/web
print=$(ssh-keygen -lf "$work/host_key.pub" | cut -d' ' -f2)

# propagate STATUS ANSWER [OPTION...]
propagate()
{
	wanted=$1 answer=$2
	shift 2
	rc=0
	echo "$answer" | PATH=$work/bin:$PATH timeout 100 "$AGENT" propagate --config "$work/conf" \
		--ssh "$SSH" "$@" >"$work/said" 2>&1 || rc=$?
	[ "$rc" = "$wanted" ] || fail "propagate $*: exit $rc: $(cat "$work/said")"
}

printf '# mine\nssh_key %s\nlevel 31\n' "$work/key" >"$work/conf"
cp "$work/conf" "$work/conf.before"
propagate 1 ""
grep -q "has no target sftp:" "$work/said" || fail "no target: $(cat "$work/said")"

# Whoever does not say yes, or names another fingerprint, has done nothing.
propagate 1 no "$target"
grep -qF "$print" "$work/said" || fail "the fingerprint is not shown: $(cat "$work/said")"
propagate 1 "" --fingerprint SHA256:0000000000000000000000000000000000000000000 "$target"
grep -q "shows another key" "$work/said" || fail "another key: $(cat "$work/said")"
if [ -e "$work/key" ] || [ -e "$home/.ssh/authorized_keys" ]; then
	fail "something was done"
fi
equals "the configuration" "$(cat "$work/conf.before")" "$(cat "$work/conf")"

propagate 0 yes "$target"
grep -q "^restrict,command=\"internal-sftp -d $work/dumps/web\" ssh-ed25519 " \
	"$home/.ssh/authorized_keys" || fail "let in: $(cat "$home/.ssh/authorized_keys")"
equals "the configuration" "$(cat "$work/conf.before")
target $target
ssh_host_key $(cut -d' ' -f1,2 "$work/host_key.pub")" "$(cat "$work/conf")"
[ "$(stat -c %a "$work/key")" = 600 ] || fail "the key may be read"

# That key gets no shell there.
if /usr/bin/ssh -i "$work/key" -o IdentitiesOnly=yes -o BatchMode=yes -p "$port" \
	-o StrictHostKeyChecking=no -o UserKnownHostsFile="$work/none" 127.0.0.1 \
	"touch $work/shell" >/dev/null 2>&1 || [ -e "$work/shell" ]; then
	fail "it has a shell"
fi

# Again, and with what is said in place of an answer: all is as it was.
cp "$home/.ssh/authorized_keys" "$work/authorized.before"
propagate 0 ""
cmp "$home/.ssh/authorized_keys" "$work/authorized.before" || fail "let in twice"
cp "$work/conf" "$work/conf.before"
propagate 0 "" --fingerprint "$print" "$target"
cmp "$work/conf" "$work/conf.before" || fail "the configuration has changed"

# What a capture does works with it.
"$top/build/tools/mkcore" "$top/tests/fixtures/classes.core" "$work/core"
timeout 100 "$AGENT" capture --ssh "$SSH" --config "$work/conf" "$work/core" \
	"$target/h-2026-01-01-00:00:00" >"$work/said" 2>&1 || :
[ -s "$work/dumps/web/h-2026-01-01-00:00:00/vmcore" ] || fail "capture: $(cat "$work/said")"

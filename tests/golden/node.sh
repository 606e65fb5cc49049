#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox node, as a container runs it: below a made-up node's root files are laid, the node is
# armed (the kernel's calls are answered by strace), armed again only when something changed,
# told of where nothing is reserved, and disarmed. Then what plugins of a monitor are answered.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

# ---- plugins ----------------------------------------------------------------------

# plugin STATUS LINE VERB...: what is answered; LINE is a pattern
plugin()
{
	wanted=$1 line=$2 rc=0
	shift 2
	"$AGENT" "$@" --plugin >"$work/said" 2>"$work/errors" || rc=$?
	equals "$*: exit" "$wanted" "$rc"
	equals "$*: lines" 1 "$(wc -l <"$work/said")"
	grep -qE "^$line\$" "$work/said" || fail "$*: $(cat "$work/said")"
	[ "$(wc -c <"$work/said")" -le 201 ] || fail "$*: a long line"
}
plugin 0 'a crash would be captured' status --root "$at"
another
rm "$at/run/crashbox/loaded"
plugin 0 'a crash would be captured, but loaded: .*nobody knows what.*' status --root "$at"
put sys/kernel/kexec_crash_loaded 0
plugin 1 'loaded: no capture kernel is loaded.*' status --root "$at"
put etc/crashbox.conf "$(printf 'target disk:LABEL=\033[2J%0300d:/' 7)"
plugin 1 '[ -~]*' status --root "$at"

mkdir -p "$work/crashes/old-2020-01-02-03:04:05" "$work/none"
now=$(date -u +%F-%H:%M:%S)
echo 'no JSON' >"$work/crashes/old-2020-01-02-03:04:05/manifest.json"
plugin 0 'no crash' list "$work/none"
plugin 0 'no crash' list --since 1d "$work/crashes"
plugin 1 '1 crashes, the last one old-2020-01-02-03:04:05: of an unknown cause' \
	list "$work/crashes"
mkdir "$work/crashes/web-1-$now"
printf '{"schema": 1, "host": "web-1", "panic": "it \\u001b[2J crashed"}\n' \
	>"$work/crashes/web-1-$now/manifest.json"
plugin 1 "1 crashes, the last one web-1-$now: it \?\[2J crashed" \
	list --since 90m "$work/crashes"
plugin 2 '1 targets cannot be looked at' list "$work/nowhere"
plugin 1 '2 crashes, .*' list "$work/nowhere" "$work/crashes"
echo 'keep 5' >"$work/targetless"
plugin 2 'no target is configured' list --config "$work/targetless"
plugin 2 'cannot open .*' list --config "$work/nowhere"
"$AGENT" list --since 1d "$work/crashes" >"$work/said"
equals "list --since" 1 "$(grep -c -- '-20[0-9][0-9]-' "$work/said")"

# ---- a node -----------------------------------------------------------------------

command -v strace >/dev/null || skip "there is no strace, which answers for the kernel"
program=$top/build/crashbox
another
node=$at
rm -rf "${node:?}/etc" "$node/run" "${node:?}/dev" "${node:?}/var"
# As after the call that is only said to be done: by whom it was loaded is not known.
put sys/kernel/kexec_crash_loaded 1
mkdir -p "$node/etc" "$node/run" "$node/var/lib"
# What the machine's /proc would have.
ln -s /opt/crashbox/sbin/crashbox "$node/proc/self/exe"
tree=$work/laid
mkdir -p "$tree/opt/crashbox/sbin" "$tree/etc/systemd/system" "$tree/etc/crashbox.conf.d/..data"
cp "$program" "$tree/opt/crashbox/sbin/crashbox"
echo '[Unit]' >"$tree/etc/systemd/system/crashbox.service"
# As a ConfigMap is mounted.
printf '%s\n' 'target disk:LABEL=crash:/crash' "kernel /boot/vmlinuz-$release" \
	'image_modules none' >"$tree/etc/crashbox.conf.d/..data/50-cluster.conf"
ln -s ..data/50-cluster.conf "$tree/etc/crashbox.conf.d/50-cluster.conf"

# node WANTED OPTION...: once; calls of the kernel to "$work/calls", words to "$work/said"
node()
{
	wanted=$1 rc=0
	shift
	# shellcheck disable=SC2086 # several words, or none
	strace -f -qq -o "$work/calls" -e trace=kexec_file_load,kexec_load,reboot \
		-e inject=kexec_file_load,kexec_load,reboot:retval=0 \
		$as_root "$program" node --root "$node" --tree "$tree" --once "$@" \
		>"$work/said" 2>&1 </dev/null || rc=$?
	equals "node $*: exit: $(cat "$work/said")" "$wanted" "$rc"
	! grep -q reboot "$work/calls" || fail "node $*: reboots"
}
# Whoever is not root is so in a namespace of its own.
as_root=
[ "$(id -u)" = 0 ] || as_root='unshare --user --map-root-user'
$as_root true 2>/dev/null || skip "neither root, nor a user namespace"

# loads N, unloads N: so many calls, in which the last flag is FILE_UNLOAD or not
calls()
{
	grep -c "kexec_file_load(.*$1) *= 0" "$work/calls" || :
}
load=', \(KEXEC_FILE_ON_CRASH\|0x2\)'
unload='KEXEC_FILE_UNLOAD|KEXEC_FILE_ON_CRASH'
says()
{
	grep -q "$1" "$work/said" || fail "it does not say '$1': $(cat "$work/said")"
}

node 0
equals "calls" 1 "$(calls "$load")"
says 'files below .* are changed'
says 'are loaded, the next panic goes there'
equals "files" "644 etc/crashbox.conf.d/50-cluster.conf
644 etc/systemd/system/crashbox.service
755 opt/crashbox/sbin/crashbox" "$(cd "$node" && find etc opt -type f -printf '%m %p\n' | sort -k 2)"
cmp "$program" "$node/opt/crashbox/sbin/crashbox" || fail "the program is another one there"
[ -s "$node/var/lib/crashbox/crashbox.img" ] || fail "there is no image"
equals "the state" 700 "$(stat -c %a "$node/var/lib/crashbox")"
grep -q "^kernel /boot/vmlinuz-$release\$" "$node/run/crashbox/loaded" || fail "not noted"

# Nothing is done twice: a second load would leave a moment without any.
node 0
equals "calls when all is as it should be" 0 "$(calls "$load")"
# A plugin of the node, in the node's root; it has no disk.
rc=0
$as_root "$program" node --root "$node" status --plugin >"$work/said" 2>&1 || rc=$?
equals "a verb there" 1 "$rc"
says '^target 1: .*LABEL=crash'
# What the cluster's configuration says now.
echo 'keep 7' >>"$tree/etc/crashbox.conf.d/..data/50-cluster.conf"
node 0
equals "calls after another configuration" 1 "$(calls "$load")"
# The kernel lost it.
put sys/kernel/kexec_crash_loaded 0
node 1
equals "calls when nothing is loaded" 1 "$(calls "$load")"
says 'the load was said to be done, but the kernel has nothing loaded'
put sys/kernel/kexec_crash_loaded 1
node 0
# Another version has other files, and one that somebody else has put there stays as it is.
mkdir -p "$tree/opt/crashbox/lib"
echo new >"$tree/opt/crashbox/lib/new"
rm "$tree/etc/systemd/system/crashbox.service"
node 0
[ ! -e "$node/etc/systemd/system/crashbox.service" ] || fail "an old file stayed"
echo new | cmp - "$node/opt/crashbox/lib/new" || fail "the new file is not there"
echo theirs >"$node/etc/crashbox.conf"
echo ours >"$tree/etc/crashbox.conf"
node 1
says 'etc/crashbox.conf: is there already, and not by us'
equals "theirs" theirs "$(cat "$node/etc/crashbox.conf")"
echo theirs >"$tree/etc/crashbox.conf"
node 0

# Nor is a link replaced or followed, which leads elsewhere from here; all others are laid.
rm "$node/etc/crashbox.conf"
ln -s /srv/none.conf "$node/etc/crashbox.conf"
echo newer >"$tree/opt/crashbox/lib/new"
node 1
says 'etc/crashbox.conf: is there already, and not by us'
equals "their link" /srv/none.conf "$(readlink "$node/etc/crashbox.conf")"
echo newer | cmp - "$node/opt/crashbox/lib/new" || fail "a file of somebody else keeps ours out"
rm "$node/etc/crashbox.conf"
echo theirs >"$node/etc/crashbox.conf"
node 0

# No memory: told, not changed, and above all not rebooted.
put sys/kernel/kexec_crash_size 0
put sys/kernel/kexec_crash_loaded 0
node 1
says 'is not armed: no memory is reserved.*then it has to be rebooted, which is left to you'
equals "calls without memory" "" "$(cat "$work/calls")"
# The same with sanitizers, whose program does not start below another root.
rc=0
$as_root "$AGENT" node --root "$node" --tree "$tree" --once >"$work/said" 2>&1 || rc=$?
equals "with sanitizers: $(cat "$work/said")" 1 "$rc"
says 'cannot run crashbox there'

# Taken away: but for what is theirs.
put sys/kernel/kexec_crash_size $((192 << 20))
put sys/kernel/kexec_crash_loaded 1
echo "with a key" >"$node/var/lib/crashbox/crashbox.img"
node 1 --remove
says 'the kernel still has it loaded'
[ ! -e "$node/var/lib/crashbox/crashbox.img" ] || fail "the image stays, with its key"
equals "calls to disarm" "1 0" "$(calls "$unload") $(calls "$load")"
equals "what stays" etc/crashbox.conf "$(cd "$node" && find etc opt -type f)"
[ ! -e "$node/opt/crashbox" ] || fail "an empty folder stays"
[ ! -e "$node/var/lib/crashbox/node-files" ] || fail "the note stays"
put sys/kernel/kexec_crash_loaded 0
echo theirs >"$node/var/lib/crashbox/crashbox.img"
node 0 --remove
equals "an image where nothing of ours was" theirs "$(cat "$node/var/lib/crashbox/crashbox.img")"
equals "calls to disarm what is not armed" "" "$(cat "$work/calls")"

# A link of the node's leads to a place in the node, or nowhere.
mkdir -p "$node/var/opt" "$work/elsewhere"
rmdir "$node/opt"
ln -s var/opt "$node/opt"
put sys/kernel/kexec_crash_loaded 1
node 0
[ -e "$node/var/opt/crashbox/sbin/crashbox" ] || fail "a link of the node's is not followed"
put sys/kernel/kexec_crash_loaded 0
node 0 --remove
ln -sfn "$work/elsewhere" "$node/opt"
node 1
says 'opt: is a link to /.*, which is no place from here'
equals "elsewhere" "" "$(ls "$work/elsewhere")"

# A note that somebody has changed leads nowhere else.
printf '%s\n' /../outside /etc/../../outside relative >"$node/var/lib/crashbox/node-files"
echo kept >"$work/outside"
node 0 --remove
[ -e "$work/outside" ] || fail "a note led out of the root"

# It is no machine without /proc, and 127 is no answer of a verb.
rc=0
"$program" node --root "$work/none" --once >"$work/said" 2>&1 || rc=$?
equals "no root of a machine" 1 "$rc"
says 'is not the root of a machine'
rc=0
"$program" node --root "$work/none" status >"$work/said" 2>&1 || rc=$?
equals "a verb where no machine is" 127 "$rc"

# Until it is told to end; the node stays as it is.
put sys/kernel/kexec_crash_loaded 0
put sys/kernel/kexec_crash_size 0
$as_root "$program" node --root "$node" --tree "$tree" --every 1s >"$work/said" 2>&1 &
pid=$!
for _ in $(seq 300); do
	grep -q 'is not armed' "$work/said" && break
	sleep 0.1
done
kill -TERM "$pid"
rc=0
wait "$pid" || rc=$?
equals "when it is to end" 0 "$rc"
equals "told once" 1 "$(grep -c 'is not armed' "$work/said")"

# The first process of a container is the verb that it was asked for, and saves no crash: run as
# nobody, in a namespace where there is nobody else.
cp "$program" /tmp/crashbox-test-$$
trap 'rm -f /tmp/crashbox-test-$$' EXIT
as_nobody=
[ "$(id -u)" != 0 ] || as_nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
$as_nobody unshare --user --map-root-user --pid --fork true 2>/dev/null ||
	skip "all but the first process of a container: no user namespace"
rc=0
# shellcheck disable=SC2086 # several words
timeout -s KILL 20 $as_nobody unshare --user --map-root-user --pid --fork --kill-child \
	/tmp/crashbox-test-$$ node --root /nowhere status >"$work/said" 2>&1 || rc=$?
equals "as first process: $(cat "$work/said")" 127 "$rc"
says '^crashbox: /nowhere: is not the root of a machine'

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# import of the three dialects: what comes of them, word for word, is a configuration
# where it can be one, and says of each setting that did not become a line what and why.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

blob=AAAAC3NzaC1lZDI1NTE5AAAAI$(printf '%043d' 7)
printf 'other.example ssh-ed25519 %s\n' "AAAAC3NzaC1lZDI1NTE5AAAAI$(printf '%043d' 1)" > "$work/known"
printf '192.0.2.9,alias ssh-rsa AAAAB3\n192.0.2.9,alias ssh-ed25519 %s\n' "$blob" >> "$work/known"
printf '[2001:db8::9]:2222 ssh-ed25519 %s\n' "$blob" >> "$work/known"
printf '|1|c2FsdA==|aGFzaA== ssh-ed25519 %s\n' "$blob" > "$work/hashed"
echo "ssh-ed25519 AAAA test" > "$work/id.pub"
echo "ssh-rsa AAAA test" > "$work/rsa.pub"

# one NAME STATUS [OPTION...]: what comes of a fixture, and whether it is a configuration
: > "$work/got"
one()
{
	name_of=$1 wanted=$2
	shift 2
	sed "s|@WORK@|$work|" "$fixtures/kdump/$name_of" > "$work/$name_of"
	rc=0
	(cd "$work" && "$AGENT" import --known-hosts known "$@" "$name_of") > "$work/conf" \
		2> "$work/stderr" || rc=$?
	{
		echo "==== $name_of $*"
		sed "s|$work|WORK|" "$work/conf"
	} >> "$work/got"
	equals "$name_of: exit" "$wanted" "$rc"
	# Standard error has the same notes, with the lines they are about.
	sed -n 's/^# \(\(not taken\|changed\|to be\).*\)/\1/p' "$work/conf" > "$work/notes"
	sed -n "s/^crashbox: $name_of\( line [0-9]*\)\{0,1\}: \(\(not taken\|changed\|to be\).*\)/\2/p" \
		"$work/stderr" > "$work/said"
	diff "$work/notes" "$work/said" || fail "$name_of: what is said is not what is written"
	rc=0
	"$AGENT" config "$work/conf" > "$work/checked" 2>&1 || rc=$?
	equals "$name_of: crashbox config agrees" "$wanted" "$rc"
}

one redhat.conf 0
one redhat-ext4.conf 0 --from redhat
one redhat-raw.conf 1 --from redhat
one redhat-lvm.conf 1 --from redhat
one redhat-mount.conf 1 --from redhat
one debian 0
one debian-ftp 1
one suse 0
one suse-log 0
expect

# Red Hat's file of the same name as SUSE's has no target in it.
mkdir "$work/sysconfig"
printf 'KDUMP_KERNELVER=""\nKDUMP_COMMANDLINE_REMOVE="quiet"\nKEXEC_ARGS="-s"\n' > "$work/sysconfig/kdump"
rc=0
"$AGENT" import "$work/sysconfig/kdump" > "$work/conf" 2> "$work/stderr" || rc=$?
equals "Red Hat's sysconfig: exit" 1 "$rc"
grep -q 'import that' "$work/stderr" || fail "Red Hat's sysconfig: $(cat "$work/stderr")"
[ ! -s "$work/conf" ] || fail "Red Hat's sysconfig: a configuration was made of it"

"$AGENT" import --known-hosts "$work/hashed" --from redhat "$work/redhat.conf" \
	> "$work/conf" 2> "$work/stderr" && fail "a hashed key is taken"
grep -q "known_hosts has its names hashed: see .* or ssh-keygen -F 192.0.2.9" "$work/stderr" ||
	fail "hashed names: no advice"
grep -q "^# target sftp:kdump@192.0.2.9:/srv/crash" "$work/conf" || fail "no commented target"

printf 'nothing\n' > "$work/unknown"
"$AGENT" import "$work/unknown" 2> "$work/stderr" && fail "a file of nobody's is taken"
grep -q -- "--from redhat, debian or suse" "$work/stderr" || fail "no advice for an unknown file"
echo x > "$work/there"
"$AGENT" import -o "$work/there" "$work/debian" 2> "$work/stderr" && fail "-o replaces a file"
equals "a file that was there" x "$(cat "$work/there")"
"$AGENT" import -o "$work/new" "$work/debian" 2> "$work/stderr" || fail "-o"
grep -q "^target nfs:192.0.2.7:/export/crash" "$work/new" || fail "-o writes something else"

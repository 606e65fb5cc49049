#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# import of the three dialects: what comes of them, word for word, is a configuration
# where it can be one, and says of each setting that did not become a line what and why.
# shellcheck disable=SC2016 # what a shell would have to work out
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

# row FILE TEXT EXIT PATTERN...: each pattern is a line of what comes of the text; "!" in
# front: of none.
rows=0
row()
{
	rows=$((rows + 1))
	mkdir -p "$work/row$rows"
	printf '%b' "$2" > "$work/row$rows/$1"
	what="$1: $2" wanted=$3
	file=$work/row$rows/$1
	shift 3
	rc=0
	"$AGENT" import --known-hosts "$work/known" "$file" > "$work/conf" 2> "$work/stderr" ||
		rc=$?
	[ "$rc" != 99 ] || fail "a sanitizer: $(cat "$work/stderr")"
	[ "$wanted" = any ] || equals "$what: exit" "$wanted" "$rc"
	for pattern in "$@"; do
		case $pattern in
		!*) ! grep -q -- "^${pattern#!}" "$work/conf" || fail "$what: has ${pattern#!}" ;;
		*) grep -q -- "^$pattern" "$work/conf" ||
			fail "$what: lacks '$pattern': $(cat "$work/conf")" ;;
		esac
	done
}

uuid=UUID=01234567-89ab-cdef-0123-456789abcdef
device=/dev/disk/by-uuid/${uuid#UUID=}

# makedumpfile's own level is 0, not the one that stands in the file's comment.
row kdump.conf "ext4 $device\npath /crash\ncore_collector makedumpfile -c\n" 0 \
	"target disk:$uuid:/crash\$" 'level 0$' 'codec zlib$' '# changed: core_collector: without -d'
row kdump-tools 'USE_KDUMP=1\nMAKEDUMP_ARGS="-c"\n' any 'level 0$' '# changed: MAKEDUMP_ARGS: without -d'
row kdump 'KDUMP_SAVEDIR="/x"\nMAKEDUMPFILE_OPTIONS="-c"\n' any '!level' 'codec zlib$'
row kdump.conf "ext4 $device\ncore_collector /sbin/makedumpfile -l -d 17\n" 0 'level 17$' '!level 0'
row kdump.conf "ext4 $device\ncore_collector /bin/cp --sparse=always\n" 0 'level 0$' '# changed: .*cp'

# The last of several lines counts, with nothing of those before it.
row kdump.conf "ext4 $device\ncore_collector makedumpfile -c -d 1\ncore_collector makedumpfile -d 17\n" 0 \
	'level 17$' '!level 1$' '!codec' '# changed: core_collector: overridden by line 3'
row kdump.conf "ext4 $device\npath /a\npath /b\n" 0 "target disk:$uuid:/b\$" '# changed: path: overridden'
row kdump-tools 'USE_KDUMP=1\nNFS=192.0.2.7:/x\nNFS=192.0.2.8:/y\nKDUMP_NUM_DUMPS=3\nKDUMP_NUM_DUMPS=\n' 0 \
	'target nfs:192.0.2.8:/y$' '!target nfs:192.0.2.7' '# changed: NFS: overridden by line 3' '!keep'
row kdump-tools 'NFS=192.0.2.7:/x\nSSH=user@192.0.2.9\nSSH=\n' 0 'target nfs:' '!target sftp'

# Labels as udev writes them, and what cannot be written.
row kdump.conf 'ext4 /dev/disk/by-label/my\\x20label\npath /crash\n' 0 'target disk:LABEL=my label:/crash$'
row kdump.conf 'virtiofs host\npath /crash\n' 0 'target virtiofs:host/crash$'
row kdump.conf 'ext4 /dev/disk/by-partuuid/0a1b2c3d-02\npath /crash\n' 0 \
	'target disk:PARTUUID=0a1b2c3d-02:/crash$'
row kdump.conf 'xfs /dev/disk/by-partlabel/crash\n' 0 'target disk:PARTLABEL=crash:/var/crash'
row kdump.conf 'ext4 /dev/disk/by-label/a\\x0atarget\n' 1 '!target' '# not taken over: ext4: .*write its UUID='
row kdump.conf 'ext4 /dev/vg00/lv_kdump\npath /crash\n' 1 '!target' '# not taken over: ext4: /dev/vg00/lv_kdump is LVM'
row kdump.conf 'ext4 /dev/cciss/c0d0p1\npath /crash\n' 0 'target disk:/dev/cciss/c0d0p1:/crash$'

# A target that only a shell knows is one, and no other takes its place.
row kdump-tools 'USE_KDUMP=1\nSSH="backup@${DUMPHOST}"\n' 1 '!target' '# not taken over: SSH: only a shell'
row kdump-tools 'NFS="$(cat /etc/server):/x"\n' 1 '!target' '# not taken over: NFS'
row kdump-tools 'SSH+=user@192.0.2.9\n' 1 '!target' '# not taken over: SSH'
row kdump-tools 'KDUMP_COREDIR="/dumps/$(hostname)"\n' 1 '!target' '# not taken over: KDUMP_COREDIR'
row kdump 'KDUMP_SAVEDIR="ssh://kdump@${DUMPHOST}/srv/dump"\nKDUMP_DUMPLEVEL=31\n' 1 \
	'!target' 'level 31$' '# not taken over: KDUMP_SAVEDIR: only a shell'
row kdump 'KDUMP_SAVEDIR="$X"\nKDUMP_SAVEDIR="nfs://192.0.2.7/x"\n' 0 'target nfs:192.0.2.7:/x$'

# Nor is one that a shell may pass over.
row kdump-tools 'USE_KDUMP=1\nif [ -e /etc/x ]; then\n\tNFS=192.0.2.7:/x\nfi\n' 1 '!target' \
	'# not taken over: NFS: only a shell'
row kdump-tools 'if true; then\n:\nfi\nNFS=192.0.2.8:/y\n' 0 'target nfs:192.0.2.8:/y$'

# A '#' in a word is part of it; lines may end as in another system.
row kdump-tools 'NFS=192.0.2.7:/data/crash#1 # why\n' 0 'target nfs:192.0.2.7:/data/crash#1$'
row kdump.conf "nfs 192.0.2.7:/x\npath /y\n" 0 'target nfs:192.0.2.7:/x/y$'
row kdump-tools 'NFS="192.0.2.7:/a #1"\n' 0 'target "nfs:192.0.2.7:/a #1"$'
row kdump-tools 'USE_KDUMP=1\r\nNFS="192.0.2.7:/crash"\r\nMAKEDUMP_ARGS="-c -d 31"\r\n' 0 \
	'target nfs:192.0.2.7:/crash$' 'level 31$' 'codec zlib$' '!# not taken over'
row kdump.conf "ext4 $device\r\npath /crash\r\n" 0 "target disk:$uuid:/crash\$"

# 0 is all CPUs there, and nothing to the kernel; ours goes by memory. 1 is 1.
row kdump 'KDUMP_SAVEDIR="nfs://192.0.2.7/x"\nKDUMP_CPUS="0"\n' 0 \
	'# changed: KDUMP_CPUS: as many CPUs are started' '!.*nr_cpus=' '!cpus'
row kdump 'KDUMP_SAVEDIR="nfs://192.0.2.7/x"\nKDUMP_CPUS="1"\n' 0 'cpus 1$' '!# .*KDUMP_CPUS'

# What is longer than there is room for is told, and no piece of it becomes a target.
long=$(printf '%0300d' 0)
printf 'ext4 /dev/vda1\npath /%s\n' "$long" > "$work/long-redhat"
printf 'ext4 /dev/%s\n' "$long" > "$work/long-device"
printf 'KDUMP_COREDIR="/%s"\n' "$long" > "$work/long-debian"
printf 'KDUMP_SAVEDIR="/%s"\n' "$long" > "$work/long-suse"
for row in "redhat redhat" "device redhat" "debian debian" "suse suse"; do
	# shellcheck disable=SC2086 # words
	set -- $row
	"$AGENT" import --from "$2" "$work/long-$1" > "$work/conf" 2> "$work/stderr" || :
	grep -q "longer than [0-9]* characters" "$work/stderr" ||
		fail "long-$1: $(cat "$work/stderr")"
	! grep -q '^target.*000' "$work/conf" || fail "long-$1: $(cat "$work/conf")"
done

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Configuration files: what is wrong is named with its line and its key; what is right
# is accepted, in any order and with any blanks.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# NAME LINE KEY TEXT: line LINE of TEXT is wrong, the message has both
do_bad()
{
	case_name=$1
	printf '%b' "$4" > "$work/conf"
	run_agent config "$work/conf"
	[ "$rc" -ne 0 ] || fail "$case_name: was accepted"
	one_error
	grep -qE "(:| line )$2(:|,| )" "$work/stderr" ||
		fail "$case_name: line $2 is not named: $(cat "$work/stderr")"
	grep -qF -- "$3" "$work/stderr" || fail "$case_name: no $3: $(cat "$work/stderr")"
}

do_good()
{
	case_name=$1
	printf '%b' "$2" > "$work/conf"
	run_agent config "$work/conf"
	[ "$rc" -eq 0 ] || fail "$case_name: exit $rc: $(cat "$work/stderr")"
}

# NAME KEY TEXT: each line is right, but KEY is missing
do_whole_bad()
{
	case_name=$1
	printf '%b' "$3" > "$work/conf"
	run_agent config "$work/conf"
	[ "$rc" -ne 0 ] || fail "$case_name: was accepted"
	one_error
	grep -qF -- "$2" "$work/stderr" || fail "$case_name: no $2: $(cat "$work/stderr")"
}

whole_bad() { in_case do_whole_bad "$@"; }
good() { in_case do_good "$@"; }
bad() { in_case do_bad "$@"; }

target='target disk:/dev/vdb:/var/crash\n'
good "the least" "$target"
good "comments, blanks, no last newline" "# x\n\n  \t\n$target  level  31 \n\tcodec\tzstd\n  # y\nkeep 3"
good "all keys" "${target}target disk:UUID=0123-abc:/crash\ntarget disk:LABEL=crash:/\nlevel 0
codec none\nworkers 0\nkeep 0\ndeadline 600\nhost web-1\nkeep_user comm=postgres\nkeep_user pid=77\nkeep_user panic\non_success poweroff\non_failure halt\nnet eth0 dhcp\nresolve dump 192.0.2.9\n"
good "every kind of net line" "${target}net eth0.42 dhcp slaac carrier=5 timeout=600
net 52:54:00:12:34:56 address=192.0.2.5/24 gateway=192.0.2.1 mtu=9000 vlan=7
net bond0 bond=eth0,eth1 address=2001:db8::5/64 gateway=fe80::1 route=2001:db8:9::/48,fe80::2
net any dhcp neighbour=192.0.2.1,52:54:00:00:00:01 route=10.0.0.0/8\n"
bad "an unknown key" 2 colour "${target}colour red\n"
bad "a NUL in a value" 2 level "${target}level 1\\000\\nkeep 5\\n"
bad "a NUL at the end" 2 '??' "${target}\\000\\000"
bad "a NUL hides nothing" 3 levl "${target}#\\000\\nlevl 1\\n"
good "a NUL in a comment" "#\\000\\n${target}"
bad "a key without a value" 2 level "${target}level\n"
bad "a level past 31" 2 level "${target}level 32\n"
bad "a task by nothing" 2 keep_user "${target}keep_user comm=\n"
bad "a task by what is not known" 2 keep_user "${target}keep_user uid=7\n"
bad "a task of number 0" 2 keep_user "${target}keep_user pid=0\n"
bad "a negative level" 3 level "$target\nlevel -1\n"
bad "a level with a unit" 2 level "${target}level 31x\n"
bad "a level past 64 bits" 2 level "${target}level 99999999999999999999999\n"
bad "a codec that is not" 2 codec "${target}codec lzma\n"
bad "workers of words" 2 workers "${target}workers many\n"
bad "an action that is not" 2 on_failure "${target}on_failure shell\n"
bad "a target of no kind" 1 target 'target /var/crash\n'
bad "a target of an unknown kind" 1 target 'target carrier-pigeon:coop\n'
bad "a disk without a device" 1 target 'target disk::/crash\n'
bad "a path that climbs" 1 target 'target disk:/dev/vdb:/../../etc\n'
host_key='ssh_host_key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDd9xmVmyJ3LNUUwLNvYeV8qlzJsHCyqOM1dMYdPKzAu\n'
server='target sftp:kdump@192.0.2.1:/srv\n'
good "a server" "${server}ssh_key /etc/id\n${host_key}${host_key}target sftp:k@[::1]:22:/\n"
bad "a server without a user" 1 target 'target sftp:192.0.2.1:/srv\n'
bad "IPv6 without brackets" 1 target 'target sftp:k@2001:db8::1:/srv\n'
bad "a server's path from home" 1 target 'target sftp:k@192.0.2.1:srv\n'
bad "a relative key file" 2 ssh_key "${server}ssh_key id\n"
bad "a host key of another type" 2 ssh_host_key "${server}ssh_host_key ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB\n"
bad "any host key" 2 ssh_host_key "${server}ssh_host_key *\n"
whole_bad "a server without a pinned key" ssh_host_key "${server}ssh_key /etc/id\n"
whole_bad "a server without our key" ssh_key "${server}${host_key}"
nfs='target nfs:192.0.2.1:/srv\n'
good "NFS, of one's own free will" "${nfs}insecure yes\n"
good "NFS with its budget" "insecure yes\n${nfs}budget 10m\n${target}budget 90\n"
bad "a budget of nobody" 1 budget "budget 10m\n$target"
bad "a budget too short" 2 budget "${target}budget 5\n"
bad "a maybe" 2 insecure "${target}insecure perhaps\n"
bad "NFS without a path" 1 target 'target nfs:192.0.2.1\n'
bad "NFS with an option" 1 target 'target nfs:192.0.2.1:/srv,hard\n'
whole_bad "NFS without the word" "'insecure yes'" "$nfs"
whole_bad "NFS, with the wrong word" "'insecure yes'" "${nfs}insecure no\n"
whole_bad "a server that nobody knows" "resolve filer" "target nfs:filer:/srv\ninsecure yes\n"
bad "a host that is a path" 2 host "${target}host ../x\n"
bad "an interface without an address" 2 net "${target}net eth0\n"
bad "an interface that is a path" 2 net "${target}net ../eth0 dhcp\n"
bad "a word that is not" 2 net "${target}net eth0 dhpc\n"
bad "an address without a length" 2 net "${target}net eth0 address=192.0.2.5\n"
bad "a gateway of the other family" 2 net "${target}net eth0 address=192.0.2.5/24 gateway=::2\n"
bad "a route to nowhere" 2 net "${target}net eth0 dhcp route=10.0.0.0/8,x\n"
bad "a VLAN past 4094" 2 vlan "${target}net eth0 dhcp vlan=4095\n"
bad "a bond of five legs" 2 bond "${target}net bond0 dhcp bond=a,b,c,d,e\n"
bad "a MAC of five bytes" 2 neighbour "${target}net eth0 dhcp neighbour=192.0.2.1,1:2:3:4:5\n"
bad "a word without an end" 2 net "${target}net eth0 dhcp route=$(printf '%0300d' 1)\n"
bad "nine interfaces" 10 net "$target$(printf 'net e%d dhcp\\n' 1 2 3 4 5 6 7 8 9)"
bad "a name without an address" 2 resolve "${target}resolve dump\n"
bad "a name for an address" 2 resolve "${target}resolve dump other\n"
bad "an address too many" 2 resolve "${target}resolve dump ::2 ::3 ::4 ::5 ::6\n"
bad "a line too long" 2 "" "${target}level $(printf '%05000d' 0)\n"
bad "zero bytes" 2 "" "${target}le\\000vel 31\n"
finish

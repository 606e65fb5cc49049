#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every verb answers a wrong input with one sentence that names the object, at once, and with
# an exit status that is not 0: a file that is not there, a folder, nothing, a text, a device
# without an end, a FIFO that nobody writes to, what may not be read; unknown options, too
# many words, numbers out of their range.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core dmesg-plain
cd "$work"
mkdir dir
: > empty
echo "hello text" > text
mkfifo fifo
printf 'target disk:LABEL=no-such-disk:/\n' > conf
install -m 000 core closed

n=0
# row WORDS SENTENCE [STATUS]: WORDS may hold quotes. The sentence is all that is said.
row()
{
	n=$((n + 1))
	wanted=${3:-1}
	rc=0
	eval "timeout 20 $as \"\$AGENT\" $1" > stdout 2> stderr < /dev/null || rc=$?
	[ "$rc" != 124 ] || fail "$1: hangs"
	[ "$rc" = "$wanted" ] || fail "$1: exit $rc, wanted $wanted: $(cat stderr)"
	cat stdout stderr > said
	grep -q -- "$2" said || fail "$1: lacks '$2': $(cat said)"
	[ "$wanted" != 1 ] || [ "$(wc -l < stderr)" = 1 ] ||
		fail "$1: not one sentence: $(cat stderr)"
	[ ! -e out ] || fail "$1: left something"
}

as=
for object in gone dir empty text /dev/zero fifo; do
	case $object in
	gone) not='gone: .*No such file' dump=$not core=$not config='gone: No such file' ;;
	dir) not='dir: .*not a' dump=$not core=$not config='dir: it is a folder' ;;
	empty) not='empty: not' dump=$not core=$not config='empty: no target' ;;
	text) not='text: not' dump=$not core=$not config="text line 1: unknown key 'hello'" ;;
	*) not="$object: .*not a" dump=$not core=$not config="$object: it is not a file" ;;
	esac
	row "dmesg $object" "$dump"
	row "info $object" "$dump"
	row "check $object" "$dump"
	row "report $object" "$dump"
	row "look $object sys" "$dump"
	row "capture $object out" "$core"
	row "config $object" "$config"
	row "image --config $object --no-modules --output out" "$config"
	row "test --config $object core" "$config"
	row "status --config $object" "$config" 2
	[ $object = empty ] || row "capture --config $object core out" "$config"
	[ $object = empty ] || row "estimate --config $object" "$config"
	row "list --config $object" "$config"
	row "prune --keep 1 --config $object" "$config"
	row "show-dump --config $object web-2026-01-01-00:00:00" "$object" 1
	row "load --kernel $object" "nothing new is loaded: kernel $object: "
	row "image --join $object core --output out" "$object: "
	case $object in
	gone) test='gone: No such file' import='gone: No such file' folder='gone: cannot open the folder: No such' ;;
	dir) test='dir: not a core' import='dir: it is a folder' folder= ;;
	empty | text) test="$object: not a core" import="$object: whose file is it" folder="$object: cannot open the folder: Not a" ;;
	*) test="$object: not a core" import="$object: it is not a file" folder="$object: cannot open the folder: Not a" ;;
	esac
	row "test --config conf $object" "$test"
	row "import $object" "$import"
	[ -z "$folder" ] || row "list $object" "^crashbox: $folder"
	[ -z "$folder" ] || row "prune --keep 1 $object" "^crashbox: $folder"
	case $object in
	gone) ;;
	dir) row "show-dump dir" 'dir: .*no file of ours' ;;
	*) row "show-dump $object" "$object: not a folder: show-dump takes the name" ;;
	esac
	[ $object = gone ] || [ $object = dir ] ||
		row "capture core $object" "$object: cannot open the folder: Not a directory"
done

# Files that people take for a dump, by their first bytes, and what they are to do with them.
foreign() # BYTES WORDS
{
	printf '%b and more' "$1" >foreign
	for verb in 'info foreign' 'report foreign' 'dmesg foreign' 'look foreign sys' 'check foreign' \
		'capture foreign out'; do
		row "$verb" "foreign: $2"
	done
}
foreign '\0037\0213\0010' 'a gzip file: unpack it first (gzip -d)$'
foreign '\03757zXZ\0000' 'an xz file: unpack it first (xz -d)$'
foreign '\0050\0265\0057\0375' 'a zstd file: unpack it first (zstd -d)$'
foreign 'BZh9' 'a bzip2 file: unpack it first (bzip2 -d)$'
foreign '\0004\0042\0115\0030' 'an lz4 file: unpack it first (lz4 -d)$'
foreign 'PK\0003\0004' 'a zip archive: unpack it first (unzip)$'
foreign 'LibvirtQemudSave' 'what .virsh save. writes, from which a guest goes on, and no dump: virsh dump --memory-only makes one'
foreign 'LibvirtQemudPart' 'what .virsh save. began to write, from which'
foreign 'QEVM' 'a migration.s stream, as .virsh dump. writes it .* --memory-only makes one, .* dump-guest-memory$'
foreign 'QFI\0373' 'a disk of QEMU.s (qcow2): no memory is in it$'
foreign 'PAGEDU64' 'a crash dump of Windows$'
for version in 0 1 2 3; do
	foreign "\\032$version\\0276\\0322\\0276" 'a snapshot of VMware.s: vmss2core -N6 makes a core'
done
rm foreign

# Unknown options, values that are missing, and words too many, in each verb.
for verb in capture dmesg info report look check config load unload show status image estimate test list \
	show-dump prune import; do
	status=1
	[ "$verb" != status ] || status=3
	row "$verb --krenel" "$verb" "$status"
	case $verb in
	list | prune) ;;
	capture | dmesg | info | report | look | check) row "$verb" "$verb takes" "$status" ;;
	*) row "$verb one two three four" "$verb" "$status" ;;
	esac
	case $verb in
	dmesg | info | report | look | check | config | unload | import) ;;
	*) row "$verb --config" "$verb: .*missing value: --config" "$status" ;;
	esac
done
row 'info core core' 'core: a core, which is one file: name no other with it'
row '' 'what shall be done'
row 'bogus' "unknown verb 'bogus'"
row 'help bogus' "unknown verb 'bogus'"

# Numbers and words that are none of those.
row 'capture --level 32 core out' "--level: '32' is not a number from 0 to 31"
row 'capture --level -1 core out' "--level: '-1' is not a number from 0 to 31"
row 'capture --level 4294967297 core out' "--level: '4294967297' is not a number"
row 'capture --workers 0 core out' "--workers: '0' is not a number from 1 to 256"
row 'capture --codec lzo core out' '--codec lzo: none of zstd, auto, zlib, none'
row 'capture --effort 1 core out' '--effort 1: it is one of --codec auto'
row 'capture --codec auto --effort 4 core out' '--effort 4: it is one of --codec auto'
row 'capture --keep-user pid=-1 core out' "--keep-user: '-1' is not a number"
row 'capture --keep-user x core out' "'x' is none of comm=NAME, pid=N, panic"
row 'capture core nfs:h:/x' 'nfs:h:/x: only a folder or an sftp: target'
row 'capture core disk:LABEL=x:/' 'disk:LABEL=x:/: only a folder or an sftp: target'
row 'capture core ""' 'folder name of 0 characters'
row 'dmesg -l none core' "--level: 'none' is none of emerg"
row 'dmesg -f "" core' "--facility: '' is none of"
row 'prune --keep -1 dir' "--keep: '-1' is not a number from 0"
row 'prune --older-than 30 dir' "--older-than: '30' has no unit: say 30d"
row 'prune --older-than -1d dir' "'-1d' is not an age such as 30d"
row 'prune --older-than x dir' "'x' is not an age such as 30d"
row 'prune --older-than "" dir' "'' is not an age such as 30d"
row 'prune --host "" --keep 1 dir' '--host: no name'
row 'prune dir' 'say what goes: --keep'
row 'import --from gentoo text' '--from gentoo: none of redhat, debian, suse'
row 'image --codec lzma' '--codec lzma: none of zstd, gzip, none'
row 'image --config conf --kernel gone' 'gone: .*file'
row 'test --yes-crash x' '--yes-crash is for --crash'
row 'list disk:' "disk:: '' is none of UUID="
row 'list nfs:x' "nfs:x: 'x' has no ':/path'"
row 'list sftp:x' "sftp:x: 'x' does not begin with USER@"
row 'list disk:LABEL=no-such-disk:/' 'disk:LABEL=no-such-disk:/: no such disk'
row 'load --kernel core' 'kernel core: an ELF file: use the bzImage'

# What may not be read, as somebody who is not root.
if [ "$(id -u)" = 0 ]; then
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	$as test -x "$AGENT" -a -r text || { echo "nobody may not get here"; exit 0; }
fi
row 'dmesg closed' 'closed: cannot open: Permission denied'
row 'check closed' 'closed: .*Permission denied'
row 'capture closed out' 'closed: cannot open: Permission denied'
row 'config closed' 'closed: Permission denied'
row 'import closed' 'closed: Permission denied'
row 'list closed' 'closed: cannot open the folder: Not a directory'
row 'load --kernel closed' 'closed: Permission denied'
row 'image --join closed core --output out' 'closed: Permission denied'
echo "$n rows"

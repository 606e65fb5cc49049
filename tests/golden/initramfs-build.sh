#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs/build: what is in the archive, in which order modules load, that the same
# input gives the same bytes, and that mistakes are found before the crash does.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
modules=lib/modules/9.9-test
mkdir -p "$modules/kernel"
for module in a-core b c_disk soft; do
	echo "module $module" >"$modules/kernel/$module.ko"
done
xz "$modules/kernel/b.ko"
zstd -q --rm "$modules/kernel/c_disk.ko"
gzip "$modules/kernel/a-core.ko"
cat >"$modules/modules.dep" <<END
kernel/c_disk.ko.zst: kernel/b.ko.xz kernel/a-core.ko.gz
kernel/b.ko.xz: kernel/a-core.ko.gz
kernel/a-core.ko.gz:
kernel/soft.ko:
END
echo 'softdep b pre: wish gone' >"$modules/modules.softdep"
echo 'alias wish soft' >"$modules/modules.alias"
echo 'kernel/built-in.ko' >"$modules/modules.builtin"
echo 'target disk:LABEL=crash:/' >conf

build()
{
	"$top/initramfs/build" -b "$AGENT" -c conf "$@"
}

build -o one -m "$modules" -d 'c-disk built_in' -z none
sleep 1
touch conf "$modules"/kernel/*
build -o two -m "$modules" -d 'c-disk built_in' -z none
cmp one two || fail "two builds from the same input differ"
[ "$(stat -c %a one)" = 600 ] || fail "others may read the image"
for codec in zstd gzip; do
	build -o "$codec.img" -m "$modules" -d 'c-disk built_in' -z "$codec"
	"$codec" -dc <"$codec.img" | cmp - one || fail "-z $codec: another archive inside"
done

# An independent reader of the format: name, type and mode, size, device, content.
/usr/bin/python3 - one >got <<'END'
import sys
data = open(sys.argv[1], "rb").read()
at = 0
while True:
    assert data[at:at + 6] == b"070701" and at % 4 == 0, "no header at %d" % at
    f = [int(data[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
    name = data[at + 110:at + 110 + f[11] - 1].decode()
    start = at + 110 + f[11] + 3 & ~3
    if name == "TRAILER!!!":
        break
    body = data[start:start + f[6]]
    assert f[2] == f[3] == f[5] == 0, "%s: owner or time is not 0" % name
    print(name, "%o" % f[1], "%d:%d" % (f[9], f[10]),
          body.decode().split("\n") if name.startswith("modules/") else "")
    at = start + f[6] + 3 & ~3
END
sed 's/ *$//' got >got.plain
cat >want <<'END'
dev 40755 0:0
dev/console 20600 5:1
dev/null 20666 1:3
etc 40755 0:0
etc/crashbox.conf 100600 0:0
init 100755 0:0
mnt 40755 0:0
modules 40755 0:0
modules/a-core.ko 100644 0:0 ['module a-core', '']
modules/b.ko 100644 0:0 ['module b', '']
modules/c_disk.ko 100644 0:0 ['module c_disk', '']
modules/order 100644 0:0 ['a-core.ko', 'soft.ko', 'b.ko', 'c_disk.ko', '']
modules/soft.ko 100644 0:0 ['module soft', '']
proc 40755 0:0
sys 40755 0:0
END
diff want got.plain || fail "the archive is not what it should be"

# refused WORDS OPTION...: one line on stderr that says WORDS, and no image
refused()
{
	words=$1
	shift
	rm -f image
	if build -o image "$@" 2>errors; then
		fail "was not refused: $words"
	fi
	grep -q "$words" errors || fail "the message lacks '$words': $(cat errors)"
	[ ! -e image ] || fail "an image was left although: $words"
}

refused 'no module nonesuch' -m "$modules" -d 'b nonesuch'
refused 'no such folder' -m lib/modules/8.8
mkdir -p empty
refused 'modules.dep: not there' -m empty -d b
refused 'unknown (zstd, gzip, none)' -z lzma
echo 'bogus 1' >>conf
refused 'conf: the binary refuses it'

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image: what is in the archive, in which order modules load, that the same
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
cat >want-listed <<END
modules/a-core.ko $modules/kernel/a-core.ko.gz
modules/b.ko $modules/kernel/b.ko.xz
modules/c_disk.ko $modules/kernel/c_disk.ko.zst
modules/order
modules/soft.ko $modules/kernel/soft.ko
END

# image OPTION...: with the program that ships in it, as the sanitized one is not static
image()
{
	"$AGENT" image --agent "$top/build/crashbox" --config conf "$@" >said
}

# with_modules OPTION...
with_modules()
{
	image --modules "$modules" --drivers 'c-disk  built_in' "$@"
}

with_modules --output one --codec none
sleep 1
touch conf "$modules"/kernel/*
with_modules --output two --codec none
cmp one two || fail "two images from the same input differ"
[ "$(stat -c %a one)" = 600 ] || fail "others may read the image"
for codec in zstd gzip; do
	with_modules --output "$codec.img" --codec "$codec"
	"$codec" -dc <"$codec.img" | cmp - one || fail "--codec $codec: another archive inside"
	[ $(($(wc -c <"$codec.img") % 4)) = 0 ] || fail "$codec: nothing can be put behind it"
done
with_modules --output default.img
cmp default.img zstd.img || fail "zstd is not the default"

# Nothing is packed worse than by the programs, whose memory is not short.
for codec in 'zstd -q -T1 --ultra -22 --zstd=wlog=20' 'gzip -n -9'; do
	of_program=$($codec -c one | wc -c)
	ours=$(wc -c <"${codec%% *}.img")
	[ "$ours" -le $((of_program + of_program / 100)) ] ||
		fail "$codec makes $of_program bytes of it, we make $ours"
done

# Only what has changed is written; but that somebody has looked shows.
touch -d 2020-01-01T00:00:00Z default.img
inode=$(stat -c %i default.img)
with_modules --output default.img --if-needed
grep -q 'is as it should be' said || fail "was made anew: $(cat said)"
[ "$(stat -c %i default.img)" = "$inode" ] || fail "was written to without need"
[ "$(stat -c %Y default.img)" -gt 1577836800 ] || fail "it looks older than the configuration"
with_modules --output default.img --if-needed --codec gzip
cmp default.img gzip.img || fail "another codec was not taken for a change"
cp zstd.img default.img
echo 'level 16' >>conf
with_modules --output default.img --if-needed
! cmp -s default.img zstd.img || fail "a change of the configuration was not seen"
sed -i '/level/d' conf
with_modules --output default.img --if-needed
cmp default.img zstd.img || fail "the change back was not seen"
echo damage | dd of=default.img bs=1 seek=5000 conv=notrunc 2>said
with_modules --output default.img --if-needed
cmp default.img zstd.img || fail "a damaged image was left alone"

# What it would be, without writing.
with_modules --list --output nothing
awk '{ print $3, $4 }' said | grep modules/ >listed
sed 's/ $//' listed | diff -u - want-listed || fail "not listed as it should be"
image --no-modules --print-config --output nothing
cmp said conf || fail "the configuration would be another"
[ ! -e nothing ] || fail "something was written"

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
	if image --output image "$@" 2>errors; then
		fail "was not refused: $words"
	fi
	grep -q -e "$words" errors || fail "the message lacks '$words': $(cat errors)"
	[ ! -e image ] || fail "an image was left although: $words"
}

# What is no file stays what it is.
mknod null c 1 3 2>said || ln -s /dev/null null
mkfifo fifo
for output in null fifo lib; do
	before=$(stat -L -c '%F %t %T' $output)
	! image --no-modules --output $output 2>errors || fail "$output was written to"
	grep -q "$output: is .*, and is not replaced" errors || fail "$output: $(cat errors)"
	equals "$output" "$before" "$(stat -L -c '%F %t %T' $output)"
done
image --no-modules --output one
image --no-modules --output -
cmp said one || fail "standard output gets something else"

refused 'no module nonesuch' --modules "$modules" --drivers 'b nonesuch'
refused 'no such folder' --modules lib/modules/8.8
mkdir -p empty
refused 'modules.dep: not there' --modules empty --drivers b
refused 'none of zstd, gzip, none' --no-modules --codec lzma
refused 'only one of them' --no-modules --modules "$modules"
refused 'needs modules' --no-modules --drivers b
refused 'needs libraries' --no-modules --agent "$(command -v sh)"
refused 'one: not a program' --no-modules --agent one
refused 'kernel/soft.ko: not a kernel' --kernel "$modules/kernel/soft.ko"
refused 'gone/image.new: cannot be made' --no-modules --output gone/image
refused "'more' is too much" more
head -c 60 "$modules/kernel/b.ko.xz" >short && mv short "$modules/kernel/b.ko.xz"
refused 'b.ko.xz: xz cannot unpack it' --modules "$modules" --drivers b
zstd -q --rm "$modules/kernel/soft.ko" -o "$modules/kernel/soft.ko.zst"
printf 'XX' | dd of="$modules/kernel/soft.ko.zst" bs=1 seek=6 conv=notrunc 2>said
sed -i 's/soft.ko:/soft.ko.zst:/' "$modules/modules.dep"
refused 'soft.ko.zst: zstd: ' --modules "$modules" --drivers soft
# A list of known faults goes in, where the configuration says that it is.
printf 'c1-0123456789abcdef  the bug of June\n\n' >known
echo "known_file $work/known" >>conf
image --no-modules --output one --codec none
cpio -i --quiet --to-stdout "${work#/}/known" <one >of-image
cmp known of-image || fail "known_file: another list is in the image"
image --config-only --output one
cpio -i --quiet --to-stdout "${work#/}/known" <one | cmp known - || fail "--config-only: no list"
echo 'June' >>known
refused "known_file: $work/known line 3: 'June' is no signature" --no-modules
rm known
refused "known_file: $work/known: No such file" --no-modules
sed -i '$d' conf
echo 'bogus 1' >>conf
refused "conf line 2: unknown key 'bogus'" --no-modules
rm conf
refused 'cannot open conf' --no-modules

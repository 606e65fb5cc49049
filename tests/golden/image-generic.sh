#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image --generic and --config-only: one image for a fleet and what is appended to
# it, read as the kernel reads them: archives in a row, packed or not, each at a multiple
# of four.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
crashbox=$top/build/crashbox
ssh-keygen -q -t ed25519 -N '' -f id
cat >conf <<END
target sftp:u@192.0.2.1:/crash
net eth0 dhcp
ssh_key $work/id
ssh_host_key $(cut -d ' ' -f 1,2 id.pub)
END

# contents FILE: the names in its archives, in the order in which the kernel meets them
contents()
{
	/usr/bin/python3 - "$1" <<'END'
import subprocess, sys, zlib

def zstd_len(d):
    """Of the frame at the front, by its own headers (RFC 8878)."""
    flags = d[4]
    single, checksum = flags >> 5 & 1, flags >> 2 & 1
    at = 5 + (1 - single) + [0, 1, 2, 4][flags & 3] + [single, 2, 4, 8][flags >> 6]
    last = 0
    while not last:
        head = int.from_bytes(d[at:at + 3], "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        at += 3 + (1 if kind == 1 else size)
    return at + 4 * checksum

def archive(d, at):
    """Prints what is in one, and returns where it ends."""
    while True:
        assert d[at:at + 6] == b"070701", "no header at %d: %r" % (at, d[at:at + 6])
        f = [int(d[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        name = d[at + 110:at + 110 + f[11] - 1].decode()
        start = at + 110 + f[11] + 3 & ~3
        at = start + f[6] + 3 & ~3
        if name == "TRAILER!!!":
            return at
        print("%o" % f[1], name)

data = open(sys.argv[1], "rb").read()
at = 0
while at < len(data):
    assert at % 4 == 0, "an archive at %d" % at
    if data[at:at + 4] == b"\x28\xb5\x2f\xfd":
        end = at + zstd_len(data[at:])
        plain = subprocess.run(["zstd", "-dc"], input=data[at:end], check=True,
                               stdout=subprocess.PIPE).stdout
        assert archive(plain, 0) == len(plain)
        at = end
    elif data[at:at + 2] == b"\x1f\x8b":
        inflate = zlib.decompressobj(31)
        plain = inflate.decompress(data[at:])
        assert archive(plain, 0) == len(plain)
        at = len(data) - len(inflate.unused_data)
        while at < len(data) and data[at] == 0:
            at += 1
    else:
        at = archive(data, at)
    print("--")
END
}

cat >want <<END
40755 dev
20600 dev/console
20666 dev/null
40755 etc
100755 init
40755 mnt
40755 modules
100644 modules/order
40755 proc
40755 sys
--
END
{
	cat want
	at=
	{
		echo 40755 etc
		echo 100600 etc/crashbox.conf
		for part in $(echo "$work" | tr / ' '); do
			at=$at${at:+/}$part
			echo "40755 $at"
		done
		echo "100600 ${work#/}/id"
	} | LC_ALL=C sort -k 2 # as the writer does, wherever this clone lies
	echo --
} >want-both

"$crashbox" image --config conf --config-only --output conf.cpio >said
for codec in zstd gzip none; do
	"$crashbox" image --generic --codec "$codec" --output generic >said
	contents generic >got || fail "$codec: not what the kernel reads"
	diff -u want got || fail "$codec: not what should be in a generic image (-wanted)"
	"$crashbox" image --join generic conf.cpio --output both >said
	contents both >got || fail "$codec: nothing can be put behind it"
	diff -u want-both got || fail "$codec: not what should be in both (-wanted)"
done
"$crashbox" image --config conf --config-only --codec zstd --output packed.cpio >said
"$crashbox" image --generic --output generic >said
(umask 022 && "$crashbox" image --join --output both generic packed.cpio conf.cpio >said)
[ "$(stat -c %a both)" = 600 ] || fail "others may read the key in what was joined"
"$crashbox" image --join generic packed.cpio conf.cpio --output - | cmp - both ||
	fail "standard output gets something else"
contents both >got || fail "nothing can be put behind a packed configuration"
[ "$(grep -c -- -- got)" = 3 ] || fail "not three archives"
[ "$(wc -c <conf.cpio)" -lt 4096 ] || fail "a configuration of $(wc -c <conf.cpio) bytes"

# The same on every host, whatever its configuration is called and says.
mkdir elsewhere
(cd elsewhere && "$crashbox" image --generic --output ../second >said)
cmp generic second || fail "two generic images differ"

# The client goes in where it is asked for, its key never.
"$crashbox" image --generic --ssh "$top/build/ssh" --codec none --output generic >said
contents generic >got
grep -q '^100711 bin/ssh$' got || fail "no client"
grep -q '^100644 etc/passwd$' got || fail "no user for the client"
! grep -qE 'crashbox.conf|/id$' got || fail "a generic image with a host's own secrets"

# refused WORDS OPTION...
refused()
{
	words=$1
	shift
	! "$crashbox" image --output image "$@" 2>errors || fail "was not refused: $words"
	grep -q -e "$words" errors || fail "'$words' is not said: $(cat errors)"
	[ ! -e image ] || fail "an image was left although: $words"
}

refused 'generic has no configuration' --generic --config conf
refused 'generic has no configuration' --generic --host
refused 'which ones' --generic --modules .
refused 'neither modules nor an SSH client' --config conf --config-only --modules .
refused 'neither modules nor an SSH client' --config conf --config-only --ssh "$top/build/ssh"
refused 'needs libraries' --generic --ssh "$(command -v ssh)"
chmod 640 id
refused 'chmod 600' --config conf --config-only

refused 'two or more' --join generic
refused 'two or more' --join generic conf.cpio --generic
refused 'conf: not an image' --join generic conf
refused 'gone: No such file' --join generic gone

# Only a key that can be used without anybody: of the right kind, unlocked, and a key.
chmod 600 id
key()
{
	rm -f key
	"$@"
	sed -i "s|^ssh_key .*|ssh_key ${key:-$work/key}|" conf
}
key ssh-keygen -q -t rsa -N '' -f key
refused 'key: of type ssh-rsa, and the client knows Ed25519 only' --config conf --config-only
key ssh-keygen -q -t rsa -m PEM -N '' -f key
refused 'key: not an Ed25519 key in OpenSSH' --config conf --config-only
key ssh-keygen -q -t ed25519 -N 'secret words' -f key
refused 'key: a passphrase locks it' --config conf --config-only
key cp id.pub key
refused 'key: others may read it\|not a private key' --config conf --config-only
key install -m 600 "$crashbox" key
refused 'key: not a private key' --config conf --config-only
key mkfifo -m 600 key
refused 'key: not a file' --config conf --config-only
key install -m 600 /dev/null key
refused 'key: not a private key' --config conf --config-only
head -c 100 id >./cut
chmod 600 cut
key cp -p cut key
refused 'key: damaged' --config conf --config-only
key=/init key true
refused 'ssh_key /init: No such file' --config conf --config-only

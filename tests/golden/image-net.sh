#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image and servers: names get their addresses when the image is made, what
# --net and net lines need is added to what is named.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
crashbox=$top/build/crashbox	# with the resolver that ships
if ! unshare --map-root-user --mount true; then
	skip "no mount namespace to put another /etc/hosts in"
fi

# Addresses of the documentation; the last resort answers nothing.
cat >hosts <<'END'
192.0.2.9 dump
2001:db8::9 dump
192.0.2.1 many
192.0.2.2 many
192.0.2.3 many
192.0.2.4 many
192.0.2.5 many
END
printf 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n' >resolv.conf
ssh-keygen -q -t ed25519 -N '' -f id

# image OPTION...
image()
{
	unshare --map-root-user --mount sh -c 'mount --bind hosts /etc/hosts &&
		mount --bind resolv.conf /etc/resolv.conf && exec "$@"' sh \
		"$crashbox" image --config conf "$@"
}

# Names: each once, those of the configuration not again, addresses not at all.
cat >conf <<END
target disk:/dev/vda:/
target nfs:dump:/crash
target sftp:u@dump:2222:/crash
target sftp:u@many:/crash
target nfs:192.0.2.7:/crash
target nfs:[2001:db8::7]:/crash
target nfs:known:/crash
resolve known 192.0.2.8
insecure yes
net eth9 dhcp
ssh_key $work/id
ssh_host_key $(cut -d ' ' -f 1,2 id.pub)
END
printf '# no line break behind it' >>conf
image --config-only --print-config >got
{
	cat conf
	echo
	grep '^resolve dump' got
	grep '^resolve many' got
} >want
diff -u want got || fail "the configuration is not what it should be"
# In which order depends on which of the two families has a route here.
case $(grep '^resolve dump' got) in
'resolve dump 192.0.2.9 2001:db8::9' | 'resolve dump 2001:db8::9 192.0.2.9') ;;
*) fail "dump: $(grep '^resolve dump' got)" ;;
esac
[ "$(grep '^resolve many' got | wc -w)" = 6 ] || fail "many: $(grep '^resolve many' got)"
"$crashbox" config got >/dev/null || fail "the agent does not understand it"

printf 'target nfs:gone:/crash\ninsecure yes\n' >conf
! image --config-only --print-config >got 2>errors || fail "a name without an address was taken"
grep -q "'gone' does not resolve" errors || fail "not said: $(cat errors)"
[ ! -s got ] || fail "something was printed all the same"

# A server is out of reach where nothing sets up a network.
printf 'target nfs:192.0.2.7:/crash\ninsecure yes\n' >conf
for option in --config-only --no-modules; do
	! image $option --output image 2>errors || fail "an image without a network for its server"
	grep -q 'nfs:192.0.2.7:/crash: is a server, and nothing sets up a network' errors ||
		fail "not said: $(cat errors)"
done
[ ! -e image ] || fail "it was written all the same"

# So is a log server, also where all targets are disks; and its name has to have an address.
printf 'target disk:/dev/vda:/\nreport udp:192.0.2.7\n' >conf
! image --config-only --output image 2>errors || fail "an image without a network for its line"
grep -q 'report udp:192.0.2.7: is a server, and nothing sets up a network' errors ||
	fail "not said: $(cat errors)"
printf 'target disk:/dev/vda:/\nreport udp:gone:10514\nnet eth9 dhcp\n' >conf
! image --config-only --print-config >got 2>errors || fail "a log server without an address"
grep -q "report host 'gone' does not resolve" errors || fail "not said: $(cat errors)"
sed -i 's/gone/dump/' conf
image --config-only --print-config >got || fail "a log server"
grep -q '^resolve dump .*192.0.2.9' got || fail "its name has no address: $(cat got)"

# What a card needs, beside what is named.
modules=lib/modules/9.9-test
mkdir -p "$modules"
for module in a 8021q af_packet ipv6; do
	echo "$module" >"$modules/$module.ko"
	echo "$module.ko:"
done >"$modules/modules.dep"
printf 'target disk:/dev/vda:/\nnet eth9 dhcp\n' >conf
image --modules "$modules" --drivers a --list >got
grep -q modules/a.ko got || fail "the module that was named is not there: $(cat got)"
! grep -q af_packet got || fail "more than what was named: $(cat got)"
! image --modules "$modules" --drivers a --net eth9 --list 2>errors || fail "eth9 is not here"
grep -q 'net eth9: no such interface here' errors || fail "not said: $(cat errors)"

! image --no-modules --output image --host 2>errors ||
	fail "--host beside a net line was taken"
grep -q 'has net lines of its own' errors || fail "not said: $(cat errors)"
echo 'target disk:/dev/vda:/' >conf
! image --no-modules --output image --host 2>errors || fail "--host with nothing to freeze"
grep -q 'no target is on the network, and no --net IFACE' errors || fail "not said: $(cat errors)"
[ ! -e image ] || fail "an image was left"

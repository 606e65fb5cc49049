#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox image: of our own program only what PID 1 needs goes in. That half still runs, says
# its version and knows no verbs; a program that has no such halves goes in whole, one whose
# halves are not apart not at all.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
echo 'target disk:LABEL=crash:/' >conf

# init_of PROGRAM: the program of an image, as the file init
init_of()
{
	rm -f init
	"$AGENT" image --agent "$1" --config conf --no-modules --codec none --output img 2>said &&
		cpio -i --quiet init <img
}

init_of "$top/build/crashbox" || fail "no image: $(cat said)"
[ -x init ] || fail "no init in the image"
whole=$(wc -c <"$top/build/crashbox")
half=$(wc -c <init)
[ "$half" -lt $((whole * 9 / 10)) ] || fail "$half bytes of $whole are in the image"
[ "$(./init --version)" = "$("$top/build/crashbox" --version)" ] || fail "says another version"
for words in '' status 'capture a b' --help; do
	status=0
	# shellcheck disable=SC2086 # words
	./init $words >out 2>err || status=$?
	[ "$status" = 2 ] || fail "'$words' ended with $status"
	grep -q 'the half of it that a capture image has' err || fail "'$words': $(cat err)"
done

# Again of the half: there is nothing more to leave out.
cp init again
init_of ./again || fail "no image of what was in one: $(cat said)"
cmp again init || fail "the half was cut again"

# One without halves goes in byte for byte.
cat >tiny.c <<'END'
int main(void) { return 0; }
END
${MUSL_CC:-musl-gcc} -static -o tiny tiny.c
init_of ./tiny || fail "no image of a program without halves: $(cat said)"
cmp tiny init || fail "a program without halves was changed"

# The other half where it cannot be left out: between other code.
cat >mixed.c <<'END'
__attribute__((section(".host.text"))) int other(void) { return 1; }
int main(void) { return other(); }
END
${MUSL_CC:-musl-gcc} -static -o mixed mixed.c
if init_of ./mixed; then
	fail "a program was cut through its middle"
fi
grep -q 'mixed: what a capture does not need is not apart in it' said || fail "$(cat said)"

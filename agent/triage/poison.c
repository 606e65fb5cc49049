/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux include/linux/poison.h; pointers among them are those of CONFIG_ILLEGAL_POINTER_VALUE,
 * which is the same on x86-64 and arm64. Bytes fill all of what they are written over.
 */
#include "poison.h"

#include <stddef.h>
#include <string.h>

#include "base/bytes.h"

#define ERROR_MAX 4095u

static const struct poison poisons[] = {
	{ 0xdead000000000100, "LIST_POISON1", "a list entry that was already removed" },
	{ 0xdead000000000122, "LIST_POISON2", "a list entry that was already removed" },
	{ 0x6b6b6b6b6b6b6b6b, "slab poison", "an object that was freed" },
	{ 0x5a5a5a5a5a5a5a5a, "slab poison", "an object that was never initialised" },
	{ 0xa5a5a5a5a5a5a5a5, "slab poison", "the end of a freed object" },
	{ 0xbbbbbbbbbbbbbbbb, "slab red zone", "the border of an object that was freed" },
	{ 0xaaaaaaaaaaaaaaaa, "page poison", "a page that was freed" },
};

const struct poison *poison_of(uint64_t value)
{
	const struct poison *best = NULL;

	for (size_t i = 0; i < sizeof(poisons) / sizeof(poisons[0]); i++)
		if (value - poisons[i].value < POISON_SPAN &&
		    (!best || poisons[i].value > best->value))
			best = &poisons[i];
	return best;
}

const struct poison *poison_above(uint64_t value)
{
	const struct poison *best = NULL;

	for (size_t i = 0; i < sizeof(poisons) / sizeof(poisons[0]); i++)
		if (poisons[i].value - value < POISON_SPAN &&
		    (!best || poisons[i].value < best->value))
			best = &poisons[i];
	return best;
}

int error_number(uint64_t value)
{
	return -value - 1 < ERROR_MAX ? (int)-value : 0;
}

bool pointer_is_text(uint64_t value, char text[POINTER_LETTERS])
{
	unsigned n = 0;

	for (; n < 8; n++, value >>= 8) {
		unsigned c = value & 0xff;

		if (!c && n == 7)
			break;
		if ((c < ' ' || c > '~') && c != '\n' && c != '\t')
			return false;
		text[n] = printable((char)c);
	}
	text[n] = '\0';
	return true;
}

/* include/uapi/asm-generic/errno-base.h and errno.h, include/linux/errno.h: the usual ones. */
const char *error_name(int number)
{
	static const char base[] =
		"EPERM\0ENOENT\0ESRCH\0EINTR\0EIO\0ENXIO\0E2BIG\0ENOEXEC\0EBADF\0ECHILD\0"
		"EAGAIN\0ENOMEM\0EACCES\0EFAULT\0ENOTBLK\0EBUSY\0EEXIST\0EXDEV\0ENODEV\0"
		"ENOTDIR\0EISDIR\0EINVAL\0ENFILE\0EMFILE\0ENOTTY\0ETXTBSY\0EFBIG\0ENOSPC\0"
		"ESPIPE\0EROFS\0EMLINK\0EPIPE\0EDOM\0ERANGE\0EDEADLK\0ENAMETOOLONG\0ENOLCK\0"
		"ENOSYS\0ENOTEMPTY\0ELOOP";
	static const struct { int number; const char *name; } others[] = {
		{ 61, "ENODATA" }, { 71, "EPROTO" }, { 95, "EOPNOTSUPP" },
		{ 104, "ECONNRESET" }, { 107, "ENOTCONN" }, { 110, "ETIMEDOUT" },
		{ 116, "ESTALE" }, { 117, "EUCLEAN" }, { 121, "EREMOTEIO" },
		{ 512, "ERESTARTSYS" }, { 517, "EPROBE_DEFER" }, { 529, "EIOCBQUEUED" },
	};
	const char *name = base;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].number == number)
			return others[i].name;
	if (number < 1 || number > 40)
		return "";
	while (--number)
		name += strlen(name) + 1;
	return name;
}

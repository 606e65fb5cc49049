/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secure boot and lockdown of this machine. The firmware's variable has four bytes of
 * attributes and one of value (UEFI 2.10, 3.3); the lockdown file has the mode in force
 * in brackets, "none [integrity] confidentiality".
 */
#include "lockdown.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "root.h"

#define SECURE_BOOT "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static bool read_secure_boot(const char *root)
{
	char path[HOST_PATH_MAX];
	uint8_t bytes[5];
	struct err ignored;
	cleanup_fd int fd = -1;

	if (!root_path(path, root, SECURE_BOOT, &ignored))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, bytes, sizeof(bytes)) == sizeof(bytes) && bytes[4] == 1;
}

void lockdown_read(struct lockdown *l, const char *root)
{
	char text[64];
	const char *open, *close;
	struct err ignored;
	uint64_t n;

	*l = (struct lockdown){ .secure_boot = read_secure_boot(root) };
	l->load_disabled = root_number(root, "/proc/sys/kernel/kexec_load_disabled", &n) && n;
	if (!root_read(root, "/sys/kernel/security/lockdown", text, sizeof(text), &ignored))
		return;
	open = strchr(text, '[');
	close = open ? strchr(open, ']') : NULL;
	if (close && (size_t)(close - open) <= sizeof(l->mode))
		memcpy(l->mode, open + 1, close - open - 1);
}

/*
 * Without lockdown a signature is only checked where the kernel was built to force it, and
 * then the call says so; but a firmware that checks means that somebody wants it checked.
 */
bool lockdown_wants_signature(const struct lockdown *l)
{
	return l->secure_boot || (l->mode[0] && strcmp(l->mode, "none"));
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hardware watchdog: four ioctls and a letter. */
#include "watchdog.h"

#include <fcntl.h>
#include <linux/watchdog.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool watchdog_open(struct watchdog *w, const char *device, unsigned timeout_s)
{
	int timeout = timeout_s, none = 0;

	w->fd = open(device, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
	if (w->fd < 0)
		return false;
	/* A first kernel may have set one, and its panic handler is of no use here. */
	ioctl(w->fd, WDIOC_SETPRETIMEOUT, &none);
	if (ioctl(w->fd, WDIOC_SETTIMEOUT, &timeout))
		ioctl(w->fd, WDIOC_GETTIMEOUT, &timeout);
	w->timeout_s = timeout;
	watchdog_pet(w);
	return true;
}

void watchdog_pet(const struct watchdog *w)
{
	if (w->fd >= 0)
		ioctl(w->fd, WDIOC_KEEPALIVE, 0);
}

void watchdog_release(struct watchdog *w)
{
	ssize_t ignored;

	if (w->fd < 0)
		return;
	ignored = write(w->fd, "V", 1);
	(void)ignored;
	close(w->fd);
	*w = WATCHDOG_NONE;
}

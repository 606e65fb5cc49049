/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fk.role=nvme: this machine is a server that has one disk, "served", for others over NVMe/TCP,
 * by the kernel's own target (Linux drivers/nvme/target/configfs.c). fk.net is its address,
 * fk.nqn the name of the subsystem, fk.guest whom it lets in.
 */
#include "fk.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG "/sys/kernel/config"

static void make(const char *path)
{
	if (mkdir(path, 0755))
		report_and_stop("%s: %s", path, strerror(errno));
}

__attribute__((format(printf, 2, 3)))
static void set(const char *text, const char *fmt, ...)
{
	char path[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	if (!write_text(path, text))
		report_and_stop("%s: '%s': %s", path, text, strerror(errno));
}

static void join(const char *to, const char *from)
{
	if (symlink(to, from))
		report_and_stop("%s: %s", from, strerror(errno));
}

static void make_subsystem(const char *at, const char *guest)
{
	char path[512], host[300], disk[64];

	if (!find_disk("served", disk))
		report_and_stop("no disk with the serial number 'served'");
	make(at);
	snprintf(path, sizeof(path), "%s/namespaces/1", at);
	make(path);
	set(disk, "%s/device_path", path);
	set("1", "%s/enable", path);
	snprintf(host, sizeof(host), CONFIG "/nvmet/hosts/%s", guest);
	make(host);
	set("0", "%s/attr_allow_any_host", at);
	snprintf(path, sizeof(path), "%s/allowed_hosts/%s", at, guest);
	join(host, path);
}

static void open_port(const char *address, const char *nqn, const char *subsystem)
{
	char path[512];

	make(CONFIG "/nvmet/ports/1");
	set("tcp", CONFIG "/nvmet/ports/1/addr_trtype");
	set("ipv4", CONFIG "/nvmet/ports/1/addr_adrfam");
	set(address, CONFIG "/nvmet/ports/1/addr_traddr");
	set("4420", CONFIG "/nvmet/ports/1/addr_trsvcid");
	snprintf(path, sizeof(path), CONFIG "/nvmet/ports/1/subsystems/%s", nqn);
	join(subsystem, path);
}

void serve_nvme(void)
{
	const char *nqn = setting("nqn"), *guest = setting("guest"), *address = setting("net");
	char at[300];

	if (!nqn || !guest || !address)
		report_and_stop("fk.nqn, fk.guest and fk.net are wanted");
	if (mount("configfs", CONFIG, "configfs", 0, ""))
		report_and_stop("configfs: %s", strerror(errno));
	snprintf(at, sizeof(at), CONFIG "/nvmet/subsystems/%s", nqn);
	make_subsystem(at, guest);
	open_port(address, nqn, at);
	tell("serving");
	for (;;)
		pause();
}

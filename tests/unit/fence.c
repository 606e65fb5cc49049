/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise/fence: fence_kdump(8) of fence-agents takes what the nodes of a cluster are sent;
 * they are sent it again and again, once there is a network and until the capture ends.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "config/config.h"
#include "supervise/fence.h"
#include "t.h"

static struct config config;

/* A socket of this machine, and a configuration that names it; its port. */
static int listener(unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char line[100];
	struct err e;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	T_CHECK("a socket", fd >= 0 && !bind(fd, (struct sockaddr *)&at, sizeof(at)) &&
			    !getsockname(fd, (struct sockaddr *)&at, &len));
	*port = ntohs(at.sin_port);
	config_init(&config);
	snprintf(line, sizeof(line), "fence_kdump 127.0.0.1:%u", *port);
	T_CHECK(line, config_line(&config, line, &e));
	T_CHECK("interval", config_line(&config, "fence_interval 1", &e));
	return fd;
}

/* How many messages come within that time. */
static unsigned hear(int fd, double seconds)
{
	static const uint8_t message[] = { 0x40, 0x2a, 0x30, 0x1b, 1, 0, 0, 0 };
	double until = monotonic_seconds() + seconds;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t got[100];
	unsigned n = 0;

	while (monotonic_seconds() < until) {
		if (poll(&p, 1, 50) <= 0)
			continue;
		T_EQUAL("length", sizeof(message), recv(fd, got, sizeof(got), 0));
		T_CHECK("message", !memcmp(got, message, sizeof(message)));
		n++;
	}
	return n;
}

static void test_messages(void)
{
	unsigned port, n;
	int fd = listener(&port);
	struct fence f;

	fence_start(&f, &config, NULL, false);
	T_EQUAL("nothing before there is a network", 0, hear(fd, 1.5));
	fence_net_is_up(&f);
	n = hear(fd, 4.5);
	T_CHECK("then each second", n >= 3 && n <= 6);
	fence_end(&f);
	hear(fd, 0.5);
	T_EQUAL("and no more", 0, hear(fd, 2));

	config_init(&config);
	fence_start(&f, &config, NULL, true);
	T_CHECK("nobody is told", !f.pid && !f.net_is_up);
	fence_net_is_up(&f);
	fence_end(&f);
	close(fd);
}

/* The cluster's own program, with an interval that lets a first message be lost. */
static void test_agent(void)
{
	extern char **environ;
	unsigned port;
	char port_text[16];
	const char *const argv[] = { "fence_kdump", "-n", "127.0.0.1", "-p", port_text,
				     "-t", "60", "-f", "ipv4", NULL };
	int status = -1;
	struct fence f;
	pid_t pid;

	close(listener(&port));
	snprintf(port_text, sizeof(port_text), "%u", port);
	if (!T_EQUAL("fence_kdump (package fence-agents)", 0,
		     posix_spawnp(&pid, argv[0], NULL, NULL, (char **)argv, environ)))
		return;
	fence_start(&f, &config, NULL, false);
	fence_net_is_up(&f);
	T_EQUAL("it ends", pid, waitpid(pid, &status, 0));
	T_EQUAL("and has seen a valid message", 0, status);
	fence_end(&f);
}

int main(void)
{
	setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
	test_messages();
	test_agent();
	return t_done();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * supervise/herald: a real socket hears the line three times, as soon as there are a network
 * and a report; and who is not there costs a bounded time.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "capture/reporter.h"
#include "config/config.h"
#include "supervise/herald.h"
#include "t.h"

#define WITHOUT "host=a what=unknown"

static struct config config;

/* A socket of this machine, and a configuration that names it. */
static int listener(const char *report)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	char line[100];
	struct err e;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	T_CHECK("a socket", fd >= 0 && !bind(fd, (struct sockaddr *)&at, sizeof(at)) &&
			    !getsockname(fd, (struct sockaddr *)&at, &len));
	config_init(&config);
	snprintf(line, sizeof(line), "report udp:%s:%u", report, ntohs(at.sin_port));
	T_CHECK(line, config_line(&config, line, &e));
	return fd;
}

/* Datagrams that come within that time, all of which must be this one. */
static unsigned hear(int fd, int timeout_ms, const char *wanted)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char text[1000];
	unsigned n = 0;
	ssize_t len;

	while (poll(&p, 1, timeout_ms) > 0) {
		len = recv(fd, text, sizeof(text) - 1, 0);
		text[len > 0 ? len : 0] = '\0';
		T_TEXT("a datagram", wanted, text);
		n++;
		timeout_ms = 600;
	}
	return n;
}

static struct herald start(const struct reporter *reporter, bool brings_net)
{
	const struct herald_words words = { "web-1", 1795867267, reporter, WITHOUT };
	struct herald h;

	fflush(stdout);
	herald_start(&h, &config, &words, brings_net);
	return h;
}

#define FRAME "<2>1 2026-11-28T12:01:07Z web-1 crashbox - - - "

static void test_no_report(void)
{
	const struct reporter none = { .shared = NULL };
	int fd = listener("127.0.0.1");
	struct herald h = start(&none, false);
	double began = monotonic_seconds();
	uint64_t alive = 0;

	T_EQUAL("nothing before there is a network", 0, hear(fd, 300, ""));
	herald_wait(&h, &alive);
	T_CHECK("which the capture does not wait for any longer",
		monotonic_seconds() - began < HERALD_FIRST_S + 3);
	T_CHECK("and shows that it is alive", alive > 10);
	T_EQUAL("nor when there is no better report to come", 0, hear(fd, 100, ""));
	herald_net_is_up(&h);
	T_EQUAL("then three times", 3, hear(fd, 5000, FRAME WITHOUT));
	herald_end(&h, monotonic_seconds() + 5, &alive);
	T_EQUAL("and no more", 0, hear(fd, 300, ""));
	close(fd);
}

/* As its two halves share them. */
static struct reported *shared_reports(void)
{
	return mmap(NULL, N_REPORTED * sizeof(struct reported), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

/* By the log alone it waits for the better one, by memory it does not wait for anybody. */
static void test_report(void)
{
	struct reporter reporter = { .shared = shared_reports() };
	int fd = listener("127.0.0.1");
	struct herald h;
	uint64_t alive = 0;

	strcpy(reporter.shared[REPORTED_BY_LOG].wire, "by log");
	strcpy(reporter.shared[REPORTED_BY_MEMORY].wire, "by memory");
	reporter.shared[REPORTED_BY_LOG].done = 1;
	h = start(&reporter, false);
	herald_net_is_up(&h);
	T_EQUAL("a better report may come", 0, hear(fd, 300, ""));
	__atomic_store_n(&reporter.shared[REPORTED_BY_MEMORY].done, 1, __ATOMIC_RELEASE);
	T_EQUAL("and came", 3, hear(fd, 5000, FRAME "by memory"));
	herald_end(&h, monotonic_seconds() + 5, &alive);

	reporter.shared[REPORTED_BY_MEMORY].done = 0;
	h = start(&reporter, false);
	herald_net_is_up(&h);
	herald_wait(&h, &alive);
	T_EQUAL("none came", 3, hear(fd, 5000, FRAME "by log"));
	herald_end(&h, monotonic_seconds() + 5, &alive);
	close(fd);
}

static void test_nobody(void)
{
	const struct reporter none = { .shared = NULL };
	double began = monotonic_seconds();
	struct herald h;
	uint64_t alive = 0;

	config_init(&config);
	h = start(&none, true);
	herald_net_is_up(&h);
	herald_wait(&h, &alive);
	herald_end(&h, began + 100, &alive);
	T_CHECK("without a server nothing waits", monotonic_seconds() - began < 1);

	/* Port 9 of a network that is not there, or whose answer is that nobody listens. */
	close(listener("127.0.0.1"));
	began = monotonic_seconds();
	h = start(&none, false);
	herald_net_is_up(&h);
	herald_wait(&h, &alive);
	herald_end(&h, monotonic_seconds() + 1, &alive);
	T_CHECK("nor for one that does not listen", monotonic_seconds() - began < 6);

	/* Where the network never comes up, the end does not wait past its second. */
	began = monotonic_seconds();
	h = start(&none, false);
	herald_end(&h, began + 0.5, &alive);
	T_CHECK("nor for a network", monotonic_seconds() - began < 3);
}

int main(void)
{
	test_no_report();
	test_report();
	test_nobody();
	return t_done();
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The DHCP client. A packet socket, because an interface without an address can neither
 * send nor be sent to in another way. The first try is repeated soon: a switch that has
 * just seen the carrier may still be swallowing packets.
 */
#include "dhcp_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/io.h"
#include "netdev.h"
#include "reach.h"

#define TICK_MS 100
#define FIRST_RETRY_S 1.0
#define LAST_RETRY_S 8.0
#define MAX_REQUESTS 3		/* for one offer, before another is asked for */
#define MAX_PACKETS_A_TICK 256	/* however busy the wire is, the clock is looked at */

struct client {
	int fd, ifindex;
	struct dhcp_self self;
	double began, until;
	uint64_t *alive;
	unsigned n_odd;		/* replies that were not taken */
	char odd[120];		/* why the last of them was not */
	struct ipaddr server;	/* that has offered something */
};

static bool client_open(struct client *c, struct err *e)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = c->ifindex };
	int on = 1;

	c->fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd < 0)
		return fail(e, errno, "no packet socket: %s%s", strerror(errno),
			    errno == EAFNOSUPPORT ? " (module af_packet is not in the image)"
						  : "");
	setsockopt(c->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on));
	if (bind(c->fd, (struct sockaddr *)&at, sizeof(at)))
		return fail(e, errno, "packet socket: %s", strerror(errno));
	/* Before the kernel has gathered randomness, the clock has to do: not a secret. */
	if (getrandom(&c->self.xid, sizeof(c->self.xid), GRND_NONBLOCK) !=
	    sizeof(c->self.xid))
		c->self.xid = (uint32_t)(monotonic_seconds() * 1e9);
	return true;
}

static void client_send(const struct client *c, const struct dhcp_reply *offer)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = c->ifindex, .sll_halen = MAC_LEN };
	uint8_t packet[DHCP_PACKET_LEN];
	size_t len = dhcp_packet(packet, &c->self, monotonic_seconds() - c->began, offer);
	ssize_t sent;

	memset(to.sll_addr, 0xff, MAC_LEN);
	/* A full queue or a carrier that has gone is like a packet lost: it is sent again. */
	sent = sendto(c->fd, packet, len, 0, (struct sockaddr *)&to, sizeof(to));
	(void)sent;
}

/* 1: a reply for us; 0: something else; -1: nothing there. */
static int client_receive(struct client *c, struct dhcp_reply *r)
{
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	uint8_t packet[2048];
	struct iovec io = { packet, sizeof(packet) };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	struct dhcp_heard heard = { .at = packet };
	struct cmsghdr *h;
	struct err why;
	ssize_t len = recvmsg(c->fd, &m, 0);

	if (len < 0)
		return errno == EINTR || errno == ENETDOWN ? 0 : -1;
	for (h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h)) {
		struct tpacket_auxdata aux;

		if (h->cmsg_level != SOL_PACKET || h->cmsg_type != PACKET_AUXDATA ||
		    h->cmsg_len < CMSG_LEN(sizeof(aux)))
			continue;
		memcpy(&aux, CMSG_DATA(h), sizeof(aux));
		heard.no_checksum = aux.tp_status & TP_STATUS_CSUMNOTREADY;
	}
	heard.len = len;
	if (dhcp_read(r, &c->self, &heard, &why))
		return 1;
	if (why.code != ENOMSG) {
		c->n_odd++;
		memcpy(c->odd, why.text, sizeof(c->odd));
		c->odd[sizeof(c->odd) - 1] = '\0';
	}
	return 0;
}

/* Waits for a reply of that type, or NAK, until then. offer: from that server only. */
static bool client_wait(struct client *c, double until, enum dhcp_type type,
			const struct dhcp_reply *offer, struct dhcp_reply *r)
{
	struct pollfd fd = { .fd = c->fd, .events = POLLIN };

	while (monotonic_seconds() < until) {
		int got = 0;

		__atomic_fetch_add(c->alive, 1, __ATOMIC_RELAXED);
		if (poll(&fd, 1, TICK_MS) <= 0)
			continue;
		for (unsigned i = 0; i < MAX_PACKETS_A_TICK && got >= 0; i++) {
			got = client_receive(c, r);
			if (got != 1 || (offer && !ip_equal(&r->server, &offer->server)))
				continue;
			if (r->type == type || (offer && r->type == DHCP_NAK))
				return true;
		}
	}
	return false;
}

static double next_retry(double *retry, double until)
{
	double at = monotonic_seconds() + *retry;

	*retry = *retry * 2 < LAST_RETRY_S ? *retry * 2 : LAST_RETRY_S;
	return at < until ? at : until;
}

/* One round of asking for what was offered. */
static bool client_request(struct client *c, const struct dhcp_reply *offer,
			   struct dhcp_reply *lease)
{
	double retry = FIRST_RETRY_S;

	for (unsigned i = 0; i < MAX_REQUESTS && monotonic_seconds() < c->until; i++) {
		client_send(c, offer);
		if (!client_wait(c, next_retry(&retry, c->until), DHCP_ACK, offer, lease))
			continue;
		if (lease->type == DHCP_ACK)
			return true;
		c->n_odd++;
		strcpy(c->odd, "the server takes its offer back");
		return false;
	}
	return false;
}

/* All the time is over. */
static bool client_fail(const struct client *c, struct err *e)
{
	char server[IP_TEXT];

	if (ip_is_set(&c->server))
		return fail(e, ETIMEDOUT, "%s has offered an address, but did not grant it in "
			    "%.0f s%s%s", ip_format(&c->server, server), c->until - c->began,
			    c->n_odd ? ": " : "", c->n_odd ? c->odd : "");
	if (c->n_odd)
		return fail(e, ETIMEDOUT, "no good answer in %.0f s; %u bad ones, the last: %s",
			    c->until - c->began, c->n_odd, c->odd);
	return fail(e, ETIMEDOUT, "no answer in %.0f s", c->until - c->began);
}

/* Asks once, until then. */
static bool client_discover(struct client *c, double until, struct dhcp_reply *offer)
{
	client_send(c, NULL);
	return client_wait(c, until, DHCP_OFFER, NULL, offer);
}

static bool client_run(struct client *c, struct dhcp_reply *lease, struct err *e)
{
	double retry = FIRST_RETRY_S;
	struct dhcp_reply offer;

	if (!client_open(c, e))
		return false;
	while (monotonic_seconds() < c->until) {
		double again = next_retry(&retry, c->until);

		if (!client_discover(c, again, &offer))
			continue;
		c->server = offer.server;
		if (client_request(c, &offer, lease))
			return true;
		/* A server that says yes and no by turns is not asked without a pause. */
		client_wait(c, again, 0, NULL, lease);
	}
	return client_fail(c, e);
}

static void client_init(struct client *c, const struct netdev *d, const struct patience *p)
{
	double now = monotonic_seconds();

	*c = (struct client){ .fd = -1, .ifindex = d->index, .began = now,
			      .until = now + p->wait_s, .alive = p->alive };
	memcpy(c->self.mac, d->mac, MAC_LEN);
}

bool dhcp_offer(struct dhcp_reply *offer, const struct netdev *d, const struct patience *p,
		struct err *e)
{
	double retry = FIRST_RETRY_S;
	struct client c;
	bool ok;

	client_init(&c, d, p);
	ok = client_open(&c, e);
	if (ok) {
		do
			ok = client_discover(&c, next_retry(&retry, c.until), offer);
		while (!ok && monotonic_seconds() < c.until);
		if (!ok)
			client_fail(&c, e);
	}
	if (c.fd >= 0)
		close(c.fd);
	return ok || within(e, "DHCP");
}

bool dhcp_get(struct dhcp_reply *lease, const struct netdev *d, const struct patience *p,
	      struct err *e)
{
	struct client c;
	bool ok;

	client_init(&c, d, p);
	ok = client_run(&c, lease, e) || within(e, "DHCP");
	if (c.fd >= 0)
		close(c.fd);
	return ok;
}

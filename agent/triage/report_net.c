/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces, those that do not send first of all. */
#include "report_parts.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/jsonwrite.h"
#include "report_words.h"
#include "text_page.h"
#include "triage.h"

static void read_net(struct triage *m)
{
	struct netdevs *n = &m->r->net;

	n->space = m->space;
	n->facts = &m->facts.netdevs;
	n->bounds = m->want->bounds;
	n->uptime_s = m->r->system.uptime_s;
	netdevs_read(n);
}

/* ", 2 queues stopped, the longest for 12.0 s, 3 timeouts" */
static void stopped_text(const struct netdev *dev, char text[96])
{
	char since[40] = "", timeouts[40] = "";

	text[0] = '\0';
	if (dev->n_stopped && dev->stopped_s >= 0)
		snprintf(since, sizeof(since), ", the longest for %.1f s", dev->stopped_s);
	if (dev->n_timeouts)
		snprintf(timeouts, sizeof(timeouts), ", %" PRIu64 " timeouts", dev->n_timeouts);
	if (dev->n_stopped)
		snprintf(text, 96, ", %u queue%s stopped%s%s", dev->n_stopped,
			 dev->n_stopped == 1 ? "" : "s", since, timeouts);
	else
		snprintf(text, 96, "%s", timeouts);
}

static void ns_text(const struct netdev *dev, char text[40])
{
	text[0] = '\0';
	if (dev->ns)
		snprintf(text, 40, ", in namespace %u", dev->ns);
}

static void put_text(struct report *r, struct text_page *p)
{
	const struct netdevs *n = &r->net;
	char stopped[96], ns[40];

	if (!n->n)
		return;
	page_section(p, "NETWORK  (%u%s)", n->n, n->cut ? " or more" : "");
	for (unsigned i = 0; i < n->n; i++) {
		const struct netdev *dev = &n->list[i];

		stopped_text(dev, stopped);
		ns_text(dev, ns);
		page_row(p, dev->name, "%s%s%s%s, mtu %u%s%s", dev->is_up ? "up" : "down",
			 !dev->knows_carrier ? "" :
			 dev->has_carrier ? ", carrier" : ", no carrier",
			 dev->driver[0] ? ", " : "", dev->driver, dev->mtu, stopped, ns);
	}
}

static void put_json(struct report *r, struct json *j)
{
	json_open(j, "net", '[');
	for (unsigned i = 0; i < r->net.n; i++) {
		const struct netdev *dev = &r->net.list[i];

		json_open(j, NULL, '{');
		json_string(j, "name", dev->name);
		if (dev->ns)
			json_number(j, "namespace", dev->ns);
		else
			json_null(j, "namespace");
		json_bool(j, "up", dev->is_up);
		if (dev->knows_carrier)
			json_bool(j, "carrier", dev->has_carrier);
		else
			json_null(j, "carrier");
		json_text_or_null(j, "driver", dev->driver);
		json_number(j, "mtu", dev->mtu);
		json_number(j, "stopped_queues", dev->n_stopped);
		json_real_or_null(j, "stopped_seconds", dev->stopped_s);
		json_number(j, "timeouts", dev->n_timeouts);
		json_close(j);
	}
	json_close(j);
}

const struct report_part part_net = { "net", read_net, put_text, put_json };

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included more than once: VERB() is what the includer makes of it. */
VERB(capture)
VERB(dmesg)
VERB(info)
VERB(check)
VERB(config)
VERB(load)
VERB(unload)
VERB(show)
VERB(status)
VERB(image)

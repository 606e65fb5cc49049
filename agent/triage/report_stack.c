/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a frame was found stands behind it, unless it is certain. */
#include "report_stack.h"

#include "report_words.h"
#include "subject.h"

#define FRAMES_SHOWN 40u

static const char *how_text(enum frame_how how)
{
	switch (how) {
	case FRAME_RESYNC:
		return "  (resynced)";
	case FRAME_GUESS:
		return " ?";
	default:
		return "";
	}
}

void stack_lines(struct report *r, const struct stack *stack, struct text_page *p)
{
	char text[SYMBOL_TEXT];

	for (unsigned i = 0; i < stack->n && i < FRAMES_SHOWN; i++) {
		frame_text(&r->symbols, &stack->frames[i], text);
		page_line(p, "  #%-2u %s%s%s", i, text, how_text(stack->frames[i].how),
			  stack == &r->subject_stack && i && i == r->subject_first ?
			  "   <- the fault" : "");
	}
	page_end_line(p);
	if (stack->n > FRAMES_SHOWN)
		page_line(p, "  ... %u more", stack->n - FRAMES_SHOWN);
	if (stack->end == STACK_END_BROKEN)
		page_line(p, "  (it ends here: %s)", stack->why);
	page_end_line(p);
}

size_t report_stack_text(struct report *r, const struct stack *stack, char *text, size_t size)
{
	struct text_page p;

	page_init(&p, text, size);
	stack_lines(r, stack, &p);
	return page_end(&p);
}

static void put_frame(struct report *r, const struct frame *f, struct json *j)
{
	static const char *const hows[] = { "exact", "regs", "resync", "guess" };
	struct symbol sym;

	json_open(j, NULL, '{');
	json_hex(j, "ip", f->ip);
	if (frame_symbol(&r->symbols, f, &sym)) {
		json_string(j, "sym", sym.name);
		json_number(j, "off", sym.off);
		json_number(j, "size", sym.size);
		json_text_or_null(j, "mod", sym.module);
	} else {
		json_null(j, "sym");
	}
	json_string(j, "how", hows[f->how]);
	json_close(j);
}

void json_stack(struct json *j, struct report *r, const struct stack *stack)
{
	json_open(j, "stack", '[');
	for (unsigned i = 0; i < stack->n; i++)
		put_frame(r, &stack->frames[i], j);
	json_close(j);
}

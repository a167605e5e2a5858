/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * formula.c - a recursive-descent parser that writes postfix, and a stack machine that evaluates it.
 */
#include "config.h"

#include "base/formula.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEPTH_MAX 16 /* of brackets: bounds recursion and stack */

struct parser {
	const char *text, *at;
	unsigned depth;
	struct formula *formula;
	struct fs_reason *why;
};

static int parse_sum(struct parser *p);

static void skip_blanks(struct parser *p)
{
	while (isspace((unsigned char)*p->at))
		p->at++;
}

static int expected(const struct parser *p, const char *what)
{
	size_t column = (size_t)(p->at - p->text) + 1;

	if (*p->at == '\0')
		return fs_because(p->why, -EINVAL, "", "the formula ends where %s was expected", what);
	return fs_because(p->why, -EINVAL, "", "column %zu of the formula, at '%s': %s was expected", column, p->at, what);
}

static int add_term(struct parser *p, char what, double number, const char *name, size_t len)
{
	struct formula *f = p->formula;

	if (f->n == FORMULA_TERMS)
		return fs_because(p->why, -EINVAL, "", "the formula has more than %d terms", FORMULA_TERMS);
	f->term[f->n].what = what;
	f->term[f->n].number = number;
	snprintf(f->term[f->n].name, FORMULA_NAME, "%.*s", (int)len, name);
	f->n++;
	return 0;
}

static int parse_number(struct parser *p)
{
	char *end;
	double number = strtod(p->at, &end);

	if (end == p->at || !isfinite(number))
		return expected(p, "a number");
	p->at = end;
	return add_term(p, '#', number, "", 0);
}

static int parse_name(struct parser *p)
{
	size_t len = 0;
	int err;

	while (isalnum((unsigned char)p->at[len]) || p->at[len] == '_')
		len++;
	if (len >= FORMULA_NAME)
		return expected(p, "a shorter name");
	err = add_term(p, 'x', 0, p->at, len);
	p->at += len;
	return err;
}

static int parse_bracket(struct parser *p)
{
	int err;

	p->at++;
	if (++p->depth > DEPTH_MAX)
		return fs_because(p->why, -EINVAL, "", "the formula has brackets more than %d deep", DEPTH_MAX);
	err = parse_sum(p);
	if (err == 0 && *p->at != ')')
		err = expected(p, "an operator or a closing bracket");
	if (err == 0)
		p->at++;
	p->depth--;
	return err;
}

static int parse_factor(struct parser *p)
{
	bool negative = false;
	int err;

	skip_blanks(p);
	while (*p->at == '-') {
		negative = !negative;
		p->at++;
		skip_blanks(p);
	}
	if (*p->at == '(')
		err = parse_bracket(p);
	else if (isdigit((unsigned char)*p->at) || *p->at == '.')
		err = parse_number(p);
	else if (isalpha((unsigned char)*p->at) || *p->at == '_')
		err = parse_name(p);
	else
		err = expected(p, "a number, a name or an opening bracket");
	if (err == 0 && negative)
		err = add_term(p, '~', 0, "", 0);
	skip_blanks(p);
	return err;
}

static int parse_product(struct parser *p)
{
	int err = parse_factor(p);

	while (err == 0 && (*p->at == '*' || *p->at == '/')) {
		char what = *p->at++;

		err = parse_factor(p);
		if (err == 0)
			err = add_term(p, what, 0, "", 0);
	}
	return err;
}

static int parse_sum(struct parser *p)
{
	int err = parse_product(p);

	while (err == 0 && (*p->at == '+' || *p->at == '-')) {
		char what = *p->at++;

		err = parse_product(p);
		if (err == 0)
			err = add_term(p, what, 0, "", 0);
	}
	return err;
}

int formula_parse(const char *text, struct formula *formula, struct fs_reason *why)
{
	struct parser p = {.text = text, .at = text, .formula = formula, .why = why};
	int err;

	memset(formula, 0, sizeof(*formula));
	err = parse_sum(&p);
	if (err == 0 && *p.at != '\0')
		err = expected(&p, "an operator or the end");
	return err;
}

static int apply(char what, double *left, double right, struct fs_reason *why)
{
	switch (what) {
	case '+':
		*left += right;
		return 0;
	case '-':
		*left -= right;
		return 0;
	case '*':
		*left *= right;
		return 0;
	default:
		if (right == 0)
			return fs_because(why, -ENODATA, "", "division by zero");
		*left /= right;
		return 0;
	}
}

int formula_value(const struct formula *formula, formula_value_fn *value_of, void *arg, double *value, struct fs_reason *why)
{
	double stack[FORMULA_TERMS];
	unsigned depth = 0;
	int err = 0;

	for (unsigned i = 0; i < formula->n && err == 0; i++) {
		switch (formula->term[i].what) {
		case '#':
			stack[depth++] = formula->term[i].number;
			break;
		case 'x':
			err = value_of(arg, formula->term[i].name, &stack[depth++], why);
			break;
		case '~':
			stack[depth - 1] = -stack[depth - 1];
			break;
		default:
			err = apply(formula->term[i].what, &stack[depth - 2], stack[depth - 1], why);
			depth--;
		}
	}
	if (err == 0 && (depth != 1 || !isfinite(stack[0])))
		err = fs_because(why, -ENODATA, "", "not a finite number");
	if (err == 0)
		*value = stack[0];
	return err;
}

import type { Dialect } from '../dialect/index.ts';
import { functionName } from './function-name.ts';
import type { Expression } from './parse.ts';

/**
 * A value in SQL whose type may differ from row to row: `IF($a, "x", 1)`. Each part is SQL that is null on the rows
 * where the value is of another type; a part that can never be is absent. The parts are functions, since whoever
 * writes a statement may use each parameter only if it stands in it.
 */
export interface TypedSql {
  number?: () => string;
  text?: () => string;
  boolean?: () => string;
}

type Part = keyof TypedSql;
const PARTS: readonly Part[] = ['number', 'text', 'boolean'];

export interface ExpressionScope {
  dialect: Dialect;
  column(name: string): TypedSql;
  literal(value: string | number): string;
  /** seconds since the epoch at which the event began, and at which it was received */
  eventSeconds(): string;
  receivedSeconds(): string;
}

/** Longest SQL of one expression: conditions are repeated for each type, so nesting can make much of little. */
const MAX_SQL = 1_000_000;

/**
 * An expression as SQL. Rules: Honeycomb's calculated field reference. Where it says nothing, the lab's choice is: null
 * equals null; LENGTH, REG_VALUE, BUCKET, LOG10 and the time functions give null for what they cannot read; a bucket
 * is written `0 - 500`, what lies outside `< 0` and `>= 5000`.
 * @throws RangeError when the SQL would be too long
 */
export function expressionSql(expression: Expression, scope: ExpressionScope): TypedSql {
  const writer = new ExpressionWriter(scope);
  const typed = writer.write(expression);
  return Object.fromEntries(
    PARTS.flatMap((part) => {
      const sql = typed[part];
      return sql ? [[part, () => ofAllowedLength(sql())]] : [];
    }),
  );
}

function ofAllowedLength(sql: string): string {
  if (sql.length > MAX_SQL) throw new RangeError('its conditions are nested too deep');
  return sql;
}

class ExpressionWriter {
  readonly #scope: ExpressionScope;
  readonly #dialect: Dialect;

  constructor(scope: ExpressionScope) {
    this.#scope = scope;
    this.#dialect = scope.dialect;
  }

  write(expression: Expression): TypedSql {
    if (expression.kind === 'column') return this.#scope.column(expression.name);
    if (expression.kind === 'literal') return this.#literal(expression.value);
    const name = functionName(expression.name);
    const args = expression.args.map((arg) => this.write(arg));
    if (name === 'REG_VALUE') return this.#firstMatch(args, expression.args[1] as Expression);
    return (
      this.#conditional(name, args) ??
      this.#logical(name, args) ??
      this.#mathematical(name, args) ??
      this.#textual(name, args)
    );
  }

  #literal(value: string | number | boolean | null): TypedSql {
    if (value === null) return {};
    if (typeof value === 'boolean') return { boolean: () => `${value}` };
    const sql = () => this.#scope.literal(value);
    return typeof value === 'number' ? { number: sql } : { text: sql };
  }

  #conditional(name: string, args: TypedSql[]): TypedSql | null {
    const [first = {}] = args;
    if (name === 'IF') return choose(pairs(args, (condition) => truthy(condition)));
    if (name === 'SWITCH') return choose(pairs(args.slice(1), (key) => equal(first, key)));
    if (name === 'COALESCE') return choose(args.map((arg) => ({ when: () => exists(arg), value: arg })));
    return null;
  }

  #logical(name: string, args: TypedSql[]): TypedSql | null {
    const [first = {}, second = {}] = args;
    const boolean = (sql: () => string): TypedSql => ({ boolean: sql });
    const joined = (word: string) => boolean(() => `(${args.map(truthy).join(` ${word} `)})`);
    const among = () =>
      `(${args
        .slice(1)
        .map((arg) => equal(first, arg))
        .join(' or ')})`;
    switch (name) {
      case 'LT':
        return boolean(() => compare(first, '<', second));
      case 'LTE':
        return boolean(() => compare(first, '<=', second));
      case 'GT':
        return boolean(() => compare(first, '>', second));
      case 'GTE':
        return boolean(() => compare(first, '>=', second));
      case 'EQUALS':
        return boolean(() => equal(first, second));
      case 'IN':
        return boolean(among);
      case 'NOT_IN':
        return boolean(() => `(not ${among()})`);
      case 'EXISTS':
        return boolean(() => exists(first));
      case 'NOT':
        return boolean(() => `(not ${truthy(first)})`);
      case 'BOOL':
        return boolean(() => truthy(first));
      case 'AND':
        return joined('and');
      case 'OR':
        return joined('or');
      default:
        return null;
    }
  }

  #mathematical(name: string, args: TypedSql[]): TypedSql | null {
    const dialect = this.#dialect;
    const [first = {}, second = {}] = args;
    const number = (sql: () => string): TypedSql => ({ number: sql });
    // Adding zero makes minus zero the zero that it equals; else it would show as -0.
    const joined = (sign: string) =>
      number(() => `(${args.map((arg) => this.#amount(arg)).join(` ${sign} `)} + 0)`);
    const divided = (sql: (a: string, b: string) => string) =>
      number(
        () =>
          `(case when ${this.#amount(second)} <> 0 then ${sql(this.#amount(first), this.#amount(second))} + 0 end)`,
      );
    switch (name) {
      case 'SUM':
        return joined('+');
      case 'SUB':
        return joined('-');
      case 'MUL':
        return joined('*');
      case 'DIV':
        return divided((a, b) => `${a} / ${b}`);
      case 'MOD':
        return divided((a, b) => dialect.remainder(a, b));
      case 'MIN':
        return this.#extreme(args, dialect.smallest);
      case 'MAX':
        return this.#extreme(args, dialect.largest);
      case 'LOG10':
        return number(
          () => `(case when ${this.#amount(first)} > 0 then ${dialect.logarithm10(this.#amount(first))} end)`,
        );
      case 'INT':
        return number(() => `(${dialect.truncate(this.#amount(first))} + 0)`);
      case 'FLOAT':
        return number(() => this.#amount(first));
      case 'RAND':
        return number(() => dialect.random());
      case 'EVENT_TIMESTAMP':
        return number(() => this.#scope.eventSeconds());
      case 'INGEST_TIMESTAMP':
        return number(() => this.#scope.receivedSeconds());
      case 'UNIX_TIMESTAMP':
        return first.text ? number(() => dialect.unixSeconds(first.text?.() as string)) : {};
      default:
        return null;
    }
  }

  #textual(name: string, args: TypedSql[]): TypedSql {
    const dialect = this.#dialect;
    const [first = {}, second = {}] = args;
    const both = (sql: (a: string, b: string) => string): TypedSql => ({
      boolean: () =>
        first.text && second.text ? `coalesce(${sql(first.text(), second.text())}, false)` : 'false',
    });
    const ofText = (part: Part, sql: (text: string) => string): TypedSql => {
      const text = first.text;
      return text ? { [part]: () => sql(text()) } : {};
    };
    const pattern = () => second.text?.() as string;
    switch (name) {
      case 'STRING':
        return { text: () => `coalesce(${this.#textOf(first)}, '')` };
      case 'CONCAT':
        return { text: () => `(${args.map((arg) => `coalesce(${this.#textOf(arg)}, '')`).join(' || ')})` };
      case 'STARTS_WITH':
        return both(dialect.startsWith);
      case 'ENDS_WITH':
        return both(dialect.endsWith);
      case 'CONTAINS':
        return both(dialect.contains);
      case 'TO_LOWER':
        return ofText('text', dialect.lowerCase);
      case 'LENGTH':
        return ofText('number', (text) =>
          args[1] ? dialect.textLength(text, pattern()) : dialect.textLength(text, `'chars'`),
        );
      case 'REG_MATCH':
        return both(dialect.matches);
      case 'REG_COUNT':
        return {
          number: () =>
            first.text
              ? `coalesce(${dialect.countMatches(first.text(), pattern())}, 0)`
              : dialect.toDouble('0'),
        };
      case 'FORMAT_TIME':
        return second.number || second.text
          ? { text: () => dialect.formatTime(first.text?.() as string, this.#numberOrNull(second)) }
          : {};
      case 'BUCKET':
        return { text: () => this.#bucket(args) };
      default:
        throw new Error(`${name} has no SQL`);
    }
  }

  /** The first group of the first match, or all of it when the pattern has no group. */
  #firstMatch([{ text } = {}, pattern]: TypedSql[], written: Expression): TypedSql {
    if (!text) return {};
    const group = written.kind === 'literal' && hasGroup(String(written.value)) ? 1 : 0;
    return { text: () => this.#dialect.firstMatch(text(), pattern?.text?.() as string, group) };
  }

  /** The smallest or largest of the arguments that have the type of the first one that is there. */
  #extreme(args: TypedSql[], pick: Dialect['smallest']): TypedSql {
    const of = (part: Part) => args.flatMap((arg) => arg[part] ?? []);
    const present = PARTS.filter((part) => of(part).length > 0);
    const first = () => {
      const tags = args.flatMap((arg) =>
        present.flatMap((part) => (arg[part] ? [`when ${arg[part]?.()} is not null then '${part}'`] : [])),
      );
      return `(case ${tags.join(' ')} end)`;
    };
    return Object.fromEntries(
      present.map((part) => {
        const list = () => pick(of(part).map((sql) => sql()));
        return [
          part,
          present.length === 1 ? list : () => `(case when ${first()} = '${part}' then ${list()} end)`,
        ];
      }),
    );
  }

  #bucket([value = {}, size = {}, min, max]: TypedSql[]): string {
    const [v, step] = [this.#numberOrNull(value), this.#numberOrNull(size)];
    const [least, most] = [min ? this.#numberOrNull(min) : null, max ? this.#numberOrNull(max) : null];
    const origin = least ?? '0';
    const lower = `(${origin} + floor((${v} - ${origin}) / ${step}) * ${step} + 0)`;
    const text = (number: string) => this.#dialect.toText(number);
    const outside = [
      ...(least === null ? [] : [`when ${v} < ${least} then '< ' || ${text(least)}`]),
      ...(most === null ? [] : [`when ${v} >= ${most} then '>= ' || ${text(most)}`]),
    ];
    return `(case when not coalesce(${step} > 0, false) then null ${outside.join(' ')} else ${text(lower)} || ' - ' || ${text(`(${lower} + ${step})`)} end)`;
  }

  /** A number for arithmetic: texts are read as numbers, everything else counts as zero. */
  #amount(value: TypedSql): string {
    return `coalesce(${this.#numberOrNull(value)}, 0)`;
  }

  #numberOrNull({ number, text }: TypedSql): string {
    const parts = [number?.(), text && this.#dialect.toNumber(text())].filter((part) => part !== undefined);
    return parts.length > 1 ? `coalesce(${parts.join(', ')})` : (parts[0] ?? this.#dialect.noNumber());
  }

  #textOf(value: TypedSql): string {
    return textSql(value, this.#dialect);
  }
}

/** Whether a regular expression has a group that captures. */
function hasGroup(pattern: string): boolean {
  const withoutLiterals = pattern.replace(/\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  return /\((?!\?)|\(\?P?<[^=!]/.test(withoutLiterals);
}

/** A value as text, whatever its type; null where it is null. */
export function textSql({ number, text, boolean }: TypedSql, dialect: Dialect): string {
  const parts = [text?.(), number && dialect.toText(number()), boolean && dialect.truthAsText(boolean())];
  const present = parts.filter((part) => part !== undefined);
  return present.length > 1 ? `coalesce(${present.join(', ')})` : (present[0] ?? dialect.noText());
}

interface Choice {
  /** absent: always */
  when?: () => string;
  value: TypedSql;
}

/** Condition, value, condition, value …, and perhaps a last value for when none holds. */
function pairs(args: readonly TypedSql[], condition: (value: TypedSql) => string): Choice[] {
  const choices: Choice[] = [];
  for (let at = 0; at + 1 < args.length; at += 2) {
    const [when, value] = [args[at] as TypedSql, args[at + 1] as TypedSql];
    choices.push({ when: () => condition(when), value });
  }
  if (args.length % 2 === 1) choices.push({ value: args.at(-1) as TypedSql });
  return choices;
}

/** The first choice that holds. */
function choose(choices: readonly Choice[]): TypedSql {
  const present = PARTS.filter((part) => choices.some(({ value }) => value[part]));
  return Object.fromEntries(
    present.map((part) => {
      const sql = () => {
        const branches = choices.map(({ when, value }) => {
          const sql = value[part]?.() ?? 'null';
          return when ? `when ${when()} then ${sql}` : `else ${sql}`;
        });
        // A lone else is no case.
        return branches[0]?.startsWith('else') ? branches[0].slice(5) : `(case ${branches.join(' ')} end)`;
      };
      return [part, sql];
    }),
  );
}

/** True, never null: non-zero numbers, the text "true" and true itself. */
function truthy({ number, text, boolean }: TypedSql): string {
  const parts = [boolean?.(), number && `${number()} <> 0`, text && `${text()} = 'true'`];
  return `coalesce(${[...parts.filter((part) => part !== undefined), 'false'].join(', ')})`;
}

function exists(value: TypedSql): string {
  const parts = PARTS.flatMap((part) => value[part]?.() ?? []);
  return parts.length === 0 ? 'false' : `(${parts.map((part) => `${part} is not null`).join(' or ')})`;
}

/** Equal values of one type; null equals null. */
function equal(a: TypedSql, b: TypedSql): string {
  const parts = PARTS.flatMap((part) => {
    const [x, y] = [a[part], b[part]];
    return x && y ? [`${x()} = ${y()}`] : [];
  });
  const bothNull = `not ${exists(a)} and not ${exists(b)}`;
  return `coalesce(${[...parts, `(${bothNull})`].join(', ')})`;
}

/** Numbers by size, texts by their bytes; false when the types differ or one is null. */
function compare(a: TypedSql, sign: string, b: TypedSql): string {
  const parts = (['number', 'text'] as const).flatMap((part) => {
    const [x, y] = [a[part], b[part]];
    return x && y ? [`${x()} ${sign} ${y()}`] : [];
  });
  return `coalesce(${[...parts, 'false'].join(', ')})`;
}

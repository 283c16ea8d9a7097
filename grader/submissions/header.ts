import { WorkshopError } from '@workshop/base';
import { isReason, type Reason } from '../judge/index.ts';

/** What a submission is meant to show. `at`: the check that must say so; without it the first failing one. */
export type Expectation = { verdict: 'pass' } | { verdict: 'fail'; reason: Reason; at: string | null };

export interface Header {
  /** the chain's solutions that lie below it: 0 is the untouched start */
  base: number;
  /** the exercise's folder: `01-first-trace` */
  exercise: string;
  expect: Expectation;
  /** one or two sentences: what it does */
  what: string;
}

const FIRST_PATCH_LINE = /^(?:--- |diff |Index: )/m;

/**
 * Divides a patch file into its header and its patch. Line ends become LF.
 * @param name what messages call the submission
 * @throws WorkshopError when a line of the header is missing, unknown, or names no reason
 */
export function readPatchFile(text: string, name: string): { header: Header; patch: string } {
  const whole = text.replaceAll('\r\n', '\n');
  const at = FIRST_PATCH_LINE.exec(whole)?.index ?? whole.length;
  return { header: parseHeader(whole.slice(0, at), name), patch: whole.slice(at) };
}

/** The text of a patch file. */
export function writePatchFile(header: Header, patch: string): string {
  return `${headerText(header)}\n${patch}`;
}

export function headerText({ base, exercise, expect, what }: Header): string {
  return [`Base: ${base}`, `Exercise: ${exercise}`, `Expect: ${expectationText(expect)}`, `What: ${what}`, '']
    .join('\n')
    .replace(/^What: .*$/m, (line) => line.replace(/(.{1,96})(?:\s+|$)/g, '$1\n      ').trimEnd());
}

/** `pass`, `fail not-sampled`, `fail answer-wrong at answer` */
export function expectationText(expect: Expectation): string {
  if (expect.verdict === 'pass') return 'pass';
  return `fail ${expect.reason}${expect.at ? ` at ${expect.at}` : ''}`;
}

/** @throws WorkshopError, see readPatchFile */
export function parseHeader(text: string, name: string): Header {
  const refuse = (problem: string): never => {
    throw new WorkshopError(`${name}: ${problem}`);
  };
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const field = /^(\w+): *(.*)$/.exec(line);
    if (field?.[1]) {
      last = field[1];
      if (fields.has(last)) refuse(`its header says "${last}" twice.`);
      fields.set(last, (field[2] as string).trim());
    } else if (line.trim() !== '') {
      // An indented line goes on with the one before it.
      if (last === '' || !/^\s/.test(line)) refuse(`this line of its header is none: "${line.trim()}".`);
      fields.set(last, `${fields.get(last)} ${line.trim()}`);
    }
  }
  const field = (label: string): string => fields.get(label) || refuse(`its header has no line "${label}:".`);
  const unknown = [...fields.keys()].find((key) => !['Base', 'Exercise', 'Expect', 'What'].includes(key));
  if (unknown) refuse(`its header has an unknown line "${unknown}:".`);
  const base = field('Base');
  if (!/^\d{1,2}$/.test(base)) refuse(`Base is the number of a solution, got "${base}".`);
  const exercise = field('Exercise');
  if (!/^\d\d[a-z]?-[a-z0-9-]+$/.test(exercise))
    refuse(`Exercise is an exercise's folder, got "${exercise}".`);
  return { base: Number(base), exercise, expect: parseExpect(field('Expect'), refuse), what: field('What') };
}

function parseExpect(text: string, refuse: (problem: string) => never): Expectation {
  if (text === 'pass') return { verdict: 'pass' };
  const [, reason, at] = /^fail ([a-z-]+)(?: at ([a-z0-9-]+))?$/.exec(text) ?? [];
  if (reason === undefined)
    return refuse(`Expect is "pass" or "fail <reason> [at <check id>]", got "${text}".`);
  if (!isReason(reason)) return refuse(`"${reason}" is no reason of grader/judge/reasons.ts.`);
  if (reason === 'unexplained')
    return refuse('"unexplained" is no cause that anything could be meant to show.');
  return { verdict: 'fail', reason, at: at ?? null };
}

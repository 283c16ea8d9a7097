import type { Finding } from '../finding.ts';
import type { Failure } from '../verdict.ts';
import { viewsOf } from '../views.ts';
import { evidence } from './evidence.ts';

/** Thrown by a check that saw the learner's system do something else than the title says. */
export class CheckFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.saw);
    this.name = 'CheckFailure';
    this.failure = failure;
  }
}

/** Thrown instead of judging when a check that this one needs did not pass. */
export class CheckBlocked extends Error {
  readonly blockedBy: string[];
  constructor(blockedBy: string[]) {
    super(`waits for ${blockedBy.join(', ')}`);
    this.name = 'CheckBlocked';
    this.blockedBy = blockedBy;
  }
}

export interface DeclaredCheck {
  id: string;
  title: string;
  needs: string[];
}

interface JudgeGlobal {
  /** filled while the spec file loads; the environment reads it outside the sandbox */
  __declaredChecks?: DeclaredCheck[];
  __evidenceJson?: string;
  /** numbers of this run that done.md speaks of; the environment reads them, too */
  __told?: Record<string, string | number>;
  test(name: string, run: () => void): void;
}

const sandbox = globalThis as unknown as JudgeGlobal;
const passed = new Set<string>();

/**
 * One check of an exercise.
 *
 * @param id a slug that stays the same for ever; reports and submissions name it
 * @param title a true sentence about a right system; the learner reads it in the README and in the verdict
 * @param needs ids of earlier checks without which this one has nothing to judge
 * @param judge looks at the evidence; throws through `fail` when the title is not true
 */
export function check(id: string, title: string, judge: () => void): void;
export function check(id: string, title: string, needs: { needs: string[] }, judge: () => void): void;
export function check(
  id: string,
  title: string,
  second: { needs: string[] } | (() => void),
  third?: () => void,
): void {
  const judge = typeof second === 'function' ? second : (third as () => void);
  const needs = typeof second === 'function' ? [] : second.needs;
  sandbox.__declaredChecks ??= [];
  const declared = sandbox.__declaredChecks;
  if (!/^[a-z0-9-]+$/.test(id)) throw new TypeError(`a check's id is a slug, got "${id}"`);
  if (declared.some((other) => other.id === id || other.title === title))
    throw new TypeError(`check "${id}" is declared twice`);
  const unknown = needs.filter((need) => !declared.some((other) => other.id === need));
  if (unknown.length > 0)
    throw new TypeError(`check "${id}" needs ${unknown.join(', ')}, declared nowhere before it`);
  declared.push({ id, title, needs });
  sandbox.test(title, () => {
    const waitsFor = needs.filter((need) => !passed.has(need));
    if (waitsFor.length > 0) throw new CheckBlocked(waitsFor);
    judge();
    passed.add(id);
  });
}

/** Ends a check: its title is not true of this system, and this is what was found. Shows the traces of its marks. */
export function fail({ marks = [], ...finding }: Finding): never {
  throw new CheckFailure({ ...finding, views: viewsOf(evidence(), marks) });
}

/** Ends the check when diagnosis found something wrong. */
export function failOn(finding: Finding | null): void {
  if (finding) fail(finding);
}

/** A number or name of this learner's own run, for `{{name}}` in the exercise's done.md. */
export function tell(name: string, value: string | number): void {
  sandbox.__told = { ...sandbox.__told, [name]: value };
}

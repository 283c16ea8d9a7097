import type { Evidence } from '../../../../evidence/index.ts';

/**
 * One way in which evidence can be odd: less was seen than a right system shows, or other things. It may change the
 * evidence that it is given. `at` says where: the same number means the same place.
 */
export type Way = (evidence: Evidence, at: number) => void;

export function picked<T>(list: readonly T[], at: number): T | undefined {
  return list[at % list.length];
}

/** The scenario was not finished, so that what it would have written down later is missing. */
export function ended(evidence: Evidence): void {
  evidence.drive = { state: 'incomplete', step: 'opening the feed', message: 'the API answered nothing' };
}

import { type Draw, drawFrom } from '@workshop/base';
import type { Person } from '../drive/index.ts';

/** What somebody does in one visit of the page, in this order. */
export const visitSteps = ['open', 'sign in', 'feed', 'publish', 'like', 'leave'] as const;
export type VisitStep = (typeof visitSteps)[number];

/** The step at which a visit ended early; null: it was complete. */
export type VisitEnd = VisitStep | null;

export interface VisitsOptions {
  people: readonly Person[];
  /** How long visits begin; those under way are waited for. */
  seconds: number;
  /** How many visits at once; 3 by default. */
  sideBySide?: number;
  seed: number;
  visit: (person: Person, draw: Draw) => Promise<VisitEnd>;
  onProgress?: (text: string) => void;
  /** Ends the run at once, with what was seen until then. */
  signal?: AbortSignal;
}

export interface Visits {
  ends: VisitEnd[];
  people: number;
  seconds: number;
  /** True if it ended because the page does not open any more. */
  lostPage: boolean;
}

/** So many visits in a row that could not open the page: it is gone. */
const PATIENCE_VISITS = 3;

/** So many windows are open at once, as several people use Murmur at the same time. */
export const SIDE_BY_SIDE = 3;

/** Visits by each person in turn, several at once. */
export async function runVisits(options: VisitsOptions): Promise<Visits> {
  const { people, seconds, signal } = options;
  const ends: VisitEnd[] = [];
  const draw = drawFrom(options.seed, 'visits');
  const seen = new Set<Person>();
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const aborted = new Promise<'aborted'>((resolve) =>
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true }),
  );
  let lostPage = false;
  /** Nobody is at home in two windows at once. */
  const free = [...people];
  const window = async (): Promise<void> => {
    while (elapsed() < seconds && !lostPage && !signal?.aborted) {
      options.onProgress?.(`${ends.length} visits, ${Math.floor(elapsed())} of ${seconds} s`);
      const person = free.shift()!;
      const end = await Promise.race([options.visit(person, draw), aborted]);
      if (end === 'aborted') return;
      ends.push(end);
      seen.add(person);
      free.push(person);
      const last = ends.slice(-PATIENCE_VISITS);
      lostPage ||= last.length === PATIENCE_VISITS && last.every((step) => step === 'open');
    }
  };
  const windows = Math.min(options.sideBySide ?? SIDE_BY_SIDE, people.length);
  await Promise.all(Array.from({ length: windows }, window));
  return { ends, people: seen.size, seconds: elapsed(), lostPage };
}

/** The end of a run as text: `12 visits of 5 people in 60 s, all complete.` */
export function visitsLine({ ends, people, seconds }: Visits): string {
  const begun = `${counted(ends.length, 'visit')} of ${counted(people, 'person', 'people')} in ${Math.round(seconds)} s`;
  const early = visitSteps
    .map((step) => ({ step, times: ends.filter((end) => end === step).length }))
    .filter(({ times }) => times > 0)
    .map(({ step, times }) => `${step} x ${times}`);
  if (ends.length === 0) return `${begun}.`;
  return early.length === 0 ? `${begun}, all complete.` : `${begun}. Ended early at: ${early.join(', ')}.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

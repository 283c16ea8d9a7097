import type { Json } from '../../evidence/index.ts';
import { diagnoseDrive } from '../diagnosis/program/requests.ts';
import { failOn } from './check.ts';
import { evidence } from './evidence.ts';

/**
 * A value that the scenario noted. Fails with the diagnosed cause when the learner's system ended the scenario before it
 * could.
 * @throws Error when a whole scenario never noted it: the two files of the exercise do not fit
 */
export function fact<T extends Json>(name: string): T {
  const value = evidence().facts[name];
  if (value !== undefined) return value as T;
  failOn(diagnoseDrive(evidence()));
  throw new Error(`the scenario noted no "${name}"`);
}

import { labelled, type Screen } from '@workshop/base/terminal';

/** One check that is not as it was at the last verdict. */
export interface SaidChange {
  /** `03.2` */
  number: string;
  title: string;
  /** the end of a sentence that begins with the number: `passes now` */
  text: string;
}

/** What a verdict says that the one before did not; without a line when there was none before. */
export function changeLines(changes: readonly SaidChange[], hadVerdict: boolean, screen: Screen): string[] {
  if (!hadVerdict) return [];
  if (changes.length === 0) return ['Since the last verdict: nothing changed.'];
  return [
    'Since the last verdict:',
    ...changes.flatMap(({ number, title, text }) => labelled(`  ${number}  `, `${text}: ${title}`, screen)),
  ];
}

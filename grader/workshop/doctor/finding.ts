/** One line of `npm run doctor`. */
export interface Finding {
  /** what was looked at: `PostgreSQL` */
  what: string;
  /** missing: a part of the workshop cannot run; warning: it can, but look at it */
  state: 'ok' | 'warning' | 'missing';
  /** what was found, one sentence */
  text: string;
  /** what to do about it */
  advice?: string;
}

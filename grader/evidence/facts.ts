/** What scenarios note and checks read, where both must mean the same. */

/** One time that the collector of a process was away. Unix epoch milliseconds. */
export type Outage = {
  /** as the origin of the process's spans says */
  process: string;
  kind: 'api' | 'worker';
  fromMs: number;
  toMs: number;
  /** so long it was waited for what had ended meanwhile, from `toMs` on; null: everything came */
  waitedMs: number | null;
  /** ids of the spans that had not come then */
  missing: string[];
};

import type { AttributeValue, SpanKind, StatusCode } from '../model.ts';

/** Where spans stand in a trace: `below` is the parent's name, '' for a root. */
export interface DiffPlace {
  name: string;
  kind: SpanKind;
  service: string;
  below: string;
  /** How many spans stand there. */
  count: number;
}

export interface TraceDiff {
  /** Only in `a`. What is below such a place is counted in `spansBelow` and not listed. */
  missing: (DiffPlace & { spansBelow: number })[];
  /** Only in `b`. */
  extra: (DiffPlace & { spansBelow: number })[];
  /** In both, below something else. */
  moved: { a: DiffPlace; b: DiffPlace }[];
  /** At the same place under the same name, with another kind or in another service. */
  changed: { a: DiffPlace; b: DiffPlace }[];
  counts: { place: DiffPlace; a: number; b: number }[];
  statuses: { place: DiffPlace; a: StatusCode[]; b: StatusCode[] }[];
  /** undefined: the key is not there. */
  attributes: {
    place: DiffPlace;
    key: string;
    a: AttributeValue | undefined;
    b: AttributeValue | undefined;
  }[];
  /** All of it in sentences; empty if nothing differs. */
  lines: string[];
}

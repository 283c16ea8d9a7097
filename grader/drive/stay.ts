import type { ConnectedPage, Visitor } from '../world/index.ts';

/** How long spans may take to end after the last step. */
export const settleMs = 15_000;

/** What the words of a visit share. */
export interface Stay {
  connected: ConnectedPage;
  /** the layout of a visitor who has not arrived yet */
  layout: 'A' | 'B';
  /** the visitor, who arrives at first use. Fails the step when the page could not be built. */
  visitor(): Promise<Visitor>;
  /** Ends the scenario at this step, with a picture of the page. */
  fail(step: string, message: string): Promise<never>;
  /** Waits for a condition as long as the page is at work, and a little longer; false when it never held. */
  comes(condition: () => Promise<boolean>): Promise<boolean>;
  /** Goes somewhere and waits until the page shows its main part; fails the step when it does not. */
  arrive(where: string, go: (visitor: Visitor) => Promise<unknown>): Promise<void>;
}

import type { Actions } from './scenario.ts';

/** One part of a scenario: which posts were published in it, and when all their messages had been delivered. */
type Part = { what: string; postIds: string[]; fromMs: number; toMs: number; emptied: boolean };

/** The parts of a scenario that leaves messages to the worker. */
export interface DeliveryParts {
  /**
   * Leaves messages, waits until none waits, and notes what is known of them by then. It does nothing once some were left
   * behind: what still waits would be in the way of the next.
   * @param leave gives the ids of the posts that the messages are about
   */
  during(what: string, leave: () => Promise<string[]>): Promise<void>;
  /** whether every part's messages were delivered */
  allDelivered(): boolean;
}

/** Notes the facts `parts`, `messages` and `told`. */
export function deliveryParts({ outbox, note }: Pick<Actions, 'outbox' | 'note'>): DeliveryParts {
  const parts: Part[] = [];
  const allDelivered = (): boolean => parts.every(({ emptied }) => emptied);
  return {
    allDelivered,
    async during(what, leave) {
      if (!allDelivered()) return;
      const fromMs = Date.now();
      const postIds = await leave();
      const emptied = await outbox.emptied();
      parts.push({ what, postIds, fromMs, toMs: Date.now(), emptied });
      const all = parts.flatMap((part) => part.postIds);
      note('parts', parts);
      note(
        'messages',
        (await outbox.rowsOf(all)).map((row) => ({ ...row })),
      );
      note('told', await outbox.toldOf(all));
    },
  };
}

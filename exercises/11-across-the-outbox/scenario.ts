import { type Actions, deliveryParts, type Person, scenario } from '@workshop/grader/drive';

/** Whoever has so few followers is told of in no time, beside the one whom most people follow. */
const FEW_FOLLOWERS = 45;
/** How often the worker is called for nothing. */
const CALLS_FOR_NOTHING = 3;
/** A statement of the worker gives up after 2 s, and the batch is put together meanwhile. Milliseconds. */
const MOST_LOCKED_MS = 1_500;

/**
 * People publish, and the worker tells their followers. A post that cannot be put into the outbox; one alone; several
 * at once, which the worker finds together; one that fails at first and is tried again; a message from before the
 * exercise. At last the worker is called though there is nothing to do.
 */
export default scenario(
  async (actions) => {
    const { api, people, database, outbox, draw, note } = actions;
    const { popular, quiet } = await authorsOf(actions);
    const [failing, early, alone, first, again, ...others] = draw.sample(quiet, 8) as [
      Person,
      Person,
      Person,
      Person,
      Person,
      ...Person[],
    ];
    const publish = (author: Person, label: string) => api.publish(draw.word(), { as: author, label });
    const { during, allDelivered } = deliveryParts({ outbox, note });

    // Who is signed in already loses no time while a table is locked.
    for (const author of [failing, alone, first, again, popular, ...others]) await people.tokenOf(author);
    await outbox.emptied();
    await database.whileLocked('outbox', async () => {
      const sent = api.post('/posts', { as: failing, label: 'failing', body: { text: draw.word() } });
      await database.cancelWaiting();
      await sent;
    });

    await during('alone', async () => [await publish(alone, 'alone')]);

    await during('together', async () => {
      const [before, ...together] = await database.whileLocked(
        'notifications',
        async () => {
          const holding = await publish(first, 'before the others');
          await database.untilWaiting();
          return [
            holding,
            ...(await Promise.all([...others, popular].map((author) => publish(author, 'together')))),
          ];
        },
        MOST_LOCKED_MS,
      );
      note('before the others', before ?? null);
      return together;
    });

    await during('tried twice', () =>
      database.whileLocked('notifications', async () => {
        const id = await publish(again, 'tried twice');
        await database.cancelWaiting();
        return [id];
      }),
    );

    await during('old', async () => {
      const { rows } = await database.read('SELECT max(id)::text AS id FROM posts WHERE author_id = $1', [
        Number(early.id),
      ]);
      const id = String(rows[0]?.id);
      note('old', await outbox.leaveOld({ id, authorId: early.id }));
      return [id];
    });
    if (!allDelivered()) return;

    const fromMs = Date.now();
    const looked: boolean[] = [];
    for (let call = 0; call < CALLS_FOR_NOTHING; call++) looked.push(await outbox.ringForNothing());
    note('idle', { fromMs, toMs: Date.now(), looked });
  },
  { worker: true },
);

/** The one whom most people follow, and all who have few followers. */
async function authorsOf({ people, database }: Actions): Promise<{ popular: Person; quiet: Person[] }> {
  const { rows } = await database.read(
    'SELECT followee_id AS id, count(*)::int AS followers FROM follows GROUP BY 1 ORDER BY 2 DESC',
  );
  const all = await people.all();
  const byId = new Map(all.map((person) => [Number(person.id), person]));
  const popular = byId.get(Number(rows[0]?.id));
  if (!popular) throw new Error('nobody follows anybody');
  const quiet = rows.filter(({ followers }) => Number(followers) <= FEW_FOLLOWERS);
  return { popular, quiet: quiet.flatMap(({ id }) => byId.get(Number(id)) ?? []) };
}

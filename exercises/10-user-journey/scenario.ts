import { scenario } from '@workshop/grader/drive';

/**
 * Milliseconds each way between the API and the database, a third of what `npm start` has. The feed's many queries take
 * so much longer than the other requests that a stall of the machine does not change which wait is the longest.
 */
const DATABASE_DISTANCE_MS = 1;

/**
 * Somebody publishes a post: once alone, and once more, since the first of a process takes longer than the others. Then
 * twice at the same time: while the table is locked no publishing goes on, so both of the two are under way when it is
 * released. And three times with the database against it: nothing is saved; the post is, but then the feed cannot be
 * read; the feed can be, but then the news cannot.
 */
export default scenario(
  async ({ page, people, network, database, draw, note }) => {
    const [author] = await people.drawn(1, { min: 40, max: 60 });
    note('author', author.id);
    await page.open('/?variant=A', { as: author });
    await page.answered();
    network.setDistance(draw.integer(10, 20));

    const journeys: { what: string; texts: string[]; fromMs: number; toMs: number }[] = [];
    const during = async (what: string, texts: string[], publish: () => Promise<unknown>): Promise<void> => {
      const fromMs = Date.now();
      await publish();
      await page.settled();
      journeys.push({ what, texts, fromMs, toMs: Date.now() });
      note('journeys', journeys);
    };
    const alone = draw.word();
    const [one, another] = [draw.word(), draw.word()];
    const [lost, late] = [draw.word(), draw.word()];
    const again = draw.word();
    const between = draw.word();
    database.setDistance(DATABASE_DISTANCE_MS);
    await during('alone', [alone], () => page.publish(alone));
    await during('alone again', [again], () => page.publish(again));
    database.setDistance(0);
    await during('at the same time', [one, another], () =>
      database.whileLocked('posts', async () => {
        await page.publish(one, { wait: false });
        await page.publish(another, { wait: false });
      }),
    );
    await during('failing', [lost], () =>
      database.whileLocked('posts', async () => {
        await page.publish(lost, { wait: false });
        await database.cancelWaiting();
      }),
    );
    await during('failing in between', [between], () =>
      database.whileLocked('follows', async () => {
        await page.publish(between, { wait: false });
        await database.cancelWaiting();
      }),
    );
    await during('failing later', [late], () =>
      database.whileLocked('notifications', async () => {
        await page.publish(late, { wait: false });
        await database.cancelWaiting();
      }),
    );
  },
  { page: true },
);

import { scenario } from '@workshop/grader/drive';

/** The page, which is of another origin, asks for two feeds that take the API differently long, and reads the answers. */
export default scenario(
  async ({ page, people, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 20, max: 60 });
    const iris = await people.named('Iris');
    await page.open('/?variant=A');
    database.setDistance(draw.integer(1, 3));
    const read = [];
    for (const person of [reader, iris]) {
      const path = `/feed?visit=${draw.word()}`;
      const { status, headers, timing } = await page.fetch(path, { as: person });
      read.push({
        path,
        status,
        header: headers['server-timing'] ?? null,
        timing: timing?.serverTiming.map(({ name, duration }) => ({ name, duration })) ?? [],
        waitedMs: timing?.duration ?? null,
      });
    }
    note('read by the page', read);
    await page.settled();
  },
  { page: true },
);

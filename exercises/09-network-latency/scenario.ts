import { scenario } from '@workshop/grader/drive';

/**
 * A reader of many opens feed and notifications from 120 ms away, which the question is about. Then they search from two
 * distances, and from the nearer one with a slow database, too. The API's clock is seconds ahead all the time.
 * Each search has an address of its own, so the browser asks for permission before each of them.
 */
const CLOCK_SKEW_MS = 7_000;

export default scenario(
  async ({ page, people, network, database, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 25, max: 40 });
    note('clock skew', CLOCK_SKEW_MS);
    network.setDistance(120);
    await page.open('/?variant=A', { as: reader });
    await page.settled();
    await page.goTo('Notifications');
    await page.settled();

    const searched: { words: string; roundTripMs: number; slowDatabase: boolean }[] = [];
    const search = async (roundTripMs: number, slowDatabase: boolean): Promise<void> => {
      for (const words of [draw.word(), draw.word()]) {
        await page.search(words);
        searched.push({ words, roundTripMs, slowDatabase });
        note('searched', searched);
      }
    };
    const [near, far] = [draw.integer(50, 100), draw.integer(130, 200)];
    for (const roundTripMs of [far, near]) {
      network.setDistance(roundTripMs); // nothing is under way: a search is over when its result is there
      await search(roundTripMs, false);
    }
    database.setDistance(draw.integer(15, 25)); // each way, for each of several queries
    await search(near, true);
    const timings = await page.timings();
    const timed = searched.map(({ words }) => {
      const entry = timings.find(({ url }) => url.endsWith(`/search?q=${words}`));
      return [words, entry && entry.requestStart > 0 ? entry.responseStart - entry.requestStart : null];
    });
    note('timed', Object.fromEntries(timed));
  },
  { page: true, clockSkewMs: CLOCK_SKEW_MS, savedQueries: true },
);

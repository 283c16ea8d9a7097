import { scenario } from '@workshop/grader/drive';

/**
 * Iris reads her feed and her notifications from 120 ms away, which the question is about. Then she searches from two
 * distances, and from the farther one with a slow database, too. The API's clock is seconds ahead all the time.
 * Each search has an address of its own, so the browser asks for permission before each of them.
 */
const CLOCK_SKEW_MS = 7_000;

export default scenario(
  async ({ page, people, network, database, draw, note }) => {
    const iris = await people.named('Iris');
    note('clock skew', CLOCK_SKEW_MS);
    network.setDistance(120);
    await page.open('/?variant=A');
    await page.signInAs(iris);
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
    for (const roundTripMs of [near, far]) {
      network.setDistance(roundTripMs);
      await page.search(draw.word()); // what was under way when the distance changed says nothing
      await search(roundTripMs, false);
    }
    database.setDistance(draw.integer(30, 50));
    await search(far, true);
    const timings = await page.timings();
    const timed = searched.map(({ words }) => {
      const entry = timings.find(({ url }) => url.endsWith(`/search?q=${words}`));
      return [words, entry && entry.requestStart > 0 ? entry.responseStart - entry.requestStart : null];
    });
    note('timed', Object.fromEntries(timed));
  },
  { page: true, clockSkewMs: CLOCK_SKEW_MS, savedQueries: true },
);

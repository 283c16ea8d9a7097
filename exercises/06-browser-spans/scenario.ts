import { scenario } from '@workshop/grader/drive';

/**
 * Somebody opens the page, signs in, reads the feed, and loads the page once more: the question is about that load. They
 * stay a little where nothing is traced yet, since what starts late is no start that is missing.
 */
export default scenario(
  async ({ page, people, note }) => {
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    await page.open('/?variant=A');
    await page.signInAs(reader);
    await page.settled();
    note('second load', Date.now());
    await page.reload();
    await page.settled();
    await page.traced();
  },
  { page: true },
);

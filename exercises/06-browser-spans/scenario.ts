import { scenario } from '@workshop/grader/drive';

/**
 * Somebody opens the page, signs in, reads the feed, likes a post, looks at the news, searches, publishes a post, and
 * loads the page once more: the question is about that load. They stay a little where nothing is traced yet, since what starts late is no start that is missing.
 */
export default scenario(
  async ({ api, page, people, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    await page.open('/?variant=A');
    await page.signInAs(reader);
    await page.answered();
    const posts = (await api.feedOf(reader)).slice(0, 20);
    await page.like(posts.findIndex((post) => !post.likedByMe));
    await page.goTo('Notifications');
    await page.answered();
    await page.search(draw.word());
    await page.goTo('Feed');
    await page.answered();
    await page.publish(`A ${draw.word()} for everybody`);
    await page.settled();
    note('second load', Date.now());
    await page.reload();
    await page.settled();
    await page.traced();
  },
  { page: true },
);

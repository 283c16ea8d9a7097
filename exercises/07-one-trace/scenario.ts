import { scenario } from '@workshop/grader/drive';

/** Somebody reads the feed, likes a post, and the page asks somebody else's server for the weather. */
export default scenario(
  async ({ api, page, people, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const { body } = await api.get('/feed', { as: reader });
    const posts = (body.posts as { id: string; likedByMe: boolean }[]).slice(0, 20);
    const liked = draw.pick(posts.map((post, at) => ({ ...post, at })).filter((post) => !post.likedByMe));
    await page.open('/?variant=A', { as: reader });
    note('liked post', liked.id);
    await page.like(liked.at);
    await page.fetchFromThirdParty(`/weather?in=${draw.word()}`);
    await page.settled();
  },
  { page: true },
);

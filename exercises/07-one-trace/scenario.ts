import { scenario } from '@workshop/grader/drive';

/**
 * Somebody signs in, reads the feed, likes a post, searches, looks at the news and publishes a post. The page asks somebody else's server for the
 * weather, and a page of somebody else asks the API for a feed.
 */
export default scenario(
  async ({ api, page, people, draw, note }) => {
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const posts = (await api.feedOf(reader)).slice(0, 20);
    const liked = draw.pick(posts.map((post, at) => ({ ...post, at })).filter((post) => !post.likedByMe));
    await page.open('/?variant=A');
    await page.signInAs(reader);
    note('liked post', liked.id);
    await page.like(liked.at);
    await page.search(draw.word());
    await page.goTo('Notifications');
    await page.answered();
    await page.goTo('Feed');
    await page.answered();
    await page.publish(`A ${draw.word()} for everybody`);
    await page.fetchFromThirdParty(`/weather?in=${draw.word()}`);

    const origin = `https://${draw.word()}.example`;
    note('another origin', origin);
    await api.request('OPTIONS', '/feed', {
      label: 'preflight of another origin',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,traceparent',
      },
    });
    await api.get('/feed', { as: reader, label: 'request of another origin', headers: { origin } });
    await page.settled();
  },
  { page: true },
);

import { Murmur, SignedIn, startMurmur } from './support/murmur';
import { createSeededDatabase, TestDatabase } from './support/test-database';

describe('posts', () => {
  let database: TestDatabase;
  let murmur: Murmur;
  let iris: SignedIn;

  beforeAll(async () => {
    database = await createSeededDatabase();
    murmur = await startMurmur(database.url);
    iris = await murmur.signIn('iris');
  });
  afterAll(async () => {
    await murmur?.close();
    await database?.drop();
  });

  const publish = async (text: string) => (await iris.post('/posts', { text }).expect(201)).body;

  describe('GET /feed', () => {
    it('shows fifty posts of people whom the reader follows, none twice', async () => {
      const { posts } = (await iris.get('/feed').expect(200)).body;
      const rows = await database.query<{ followee_id: number }>(
        'SELECT followee_id FROM follows WHERE follower_id = $1',
        [iris.id],
      );
      const followed = new Set(rows.map((row) => row.followee_id));
      expect(posts).toHaveLength(50);
      expect(new Set(posts.map((post: { id: string }) => post.id)).size).toBe(50);
      expect(posts.every((post: { author: { id: string } }) => followed.has(Number(post.author.id)))).toBe(
        true,
      );
      expect(posts[0]).toEqual({
        id: expect.stringMatching(/^\d+$/),
        text: expect.any(String),
        createdAt: expect.stringMatching(/Z$/),
        author: {
          id: expect.stringMatching(/^\d{4}$/),
          name: expect.any(String),
          handle: expect.any(String),
        },
        likeCount: expect.any(Number),
        likedByMe: expect.any(Boolean),
      });
    });

    it('knows what the reader likes', async () => {
      const { posts } = (await iris.get('/feed')).body;
      const unliked = posts.find((post: { likedByMe: boolean }) => !post.likedByMe);
      await iris.post(`/posts/${unliked.id}/likes`).expect(201);
      const again = (await iris.get('/feed')).body.posts.find(
        (post: { id: string }) => post.id === unliked.id,
      );
      expect(again).toEqual({ ...unliked, likedByMe: true, likeCount: unliked.likeCount + 1 });
    });

    it('is for signed-in users', async () => {
      await murmur.visitor().get('/feed').expect(401);
    });

    it('fails when the ranking cannot read posts in time', async () => {
      const unlock = await database.lock('posts');
      try {
        await iris.get('/feed').expect(500);
      } finally {
        await unlock();
      }
      await iris.get('/feed').expect(200);
    });
  });

  describe('POST /posts', () => {
    it('publishes and leaves a message for the worker', async () => {
      const post = await publish('  Found a four-leaf clover.  ');
      expect(post).toMatchObject({
        text: 'Found a four-leaf clover.',
        author: { id: iris.id, handle: 'iris' },
        likeCount: 0,
        likedByMe: false,
      });
      const messages = await database.query(
        "SELECT type, payload, processed_at FROM outbox WHERE payload ->> 'postId' = $1",
        [post.id],
      );
      expect(messages).toEqual([
        { type: 'post.published', payload: { postId: post.id, authorId: iris.id }, processed_at: null },
      ]);
    });

    it('takes 280 characters, emoji counted as one', async () => {
      await publish('🙂'.repeat(280));
    });

    it.each([{}, { text: '' }, { text: '   ' }, { text: 'x'.repeat(281) }, { text: 7 }, { text: 'a\0b' }])(
      'refuses %j',
      async (body) => {
        await iris.post('/posts', body).expect(400);
      },
    );

    it('is for signed-in users', async () => {
      await murmur.visitor().post('/posts').send({ text: 'hello' }).expect(401);
    });
  });

  describe('GET /posts/:id', () => {
    it('shows a post to anybody', async () => {
      const post = await publish('Anybody may read this.');
      const response = await murmur.visitor().get(`/posts/${post.id}`).expect(200);
      expect(response.body).toEqual(post);
    });

    it('answers 404 for an unknown post', async () => {
      await murmur.visitor().get('/posts/999999999').expect(404);
    });

    it.each(['0', '-1', 'abc', '1e3', '99999999999999999999'])('answers 400 for "%s"', async (id) => {
      await murmur.visitor().get(`/posts/${id}`).expect(400);
    });
  });

  describe('POST /posts/:id/likes', () => {
    it('counts a like', async () => {
      const post = await publish('Like me.');
      const response = await iris.post(`/posts/${post.id}/likes`).expect(201);
      expect(response.body).toEqual({ postId: post.id, likeCount: 1, likedByMe: true });
    });

    it('answers 500 to a second like of the same user, and counts one', async () => {
      const post = await publish('Like me twice.');
      await iris.post(`/posts/${post.id}/likes`).expect(201);
      await iris.post(`/posts/${post.id}/likes`).expect(500);
      expect((await iris.get(`/posts/${post.id}`)).body).toMatchObject({ likeCount: 1, likedByMe: true });
    });

    it('answers 404 for an unknown post, 400 for no post and 401 to a visitor', async () => {
      await iris.post('/posts/999999999/likes').expect(404);
      await iris.post('/posts/abc/likes').expect(400);
      await murmur.visitor().post('/posts/1/likes').expect(401);
    });
  });

  describe('shares', () => {
    it('opens a post to whoever has the link', async () => {
      const post = await publish('Pass it on.');
      const { url, token } = (await iris.post(`/posts/${post.id}/shares`).expect(201)).body;
      expect(url).toBe(`http://localhost:4200/shared/${post.id}?token=${token}`);
      const response = await murmur.visitor().get(`/shared/${post.id}`).query({ token }).expect(200);
      expect(response.body).toEqual(post);
    });

    it('opens no other post with that link', async () => {
      const post = await publish('Only this one.');
      const { token } = (await iris.post(`/posts/${post.id}/shares`)).body;
      await murmur.visitor().get('/shared/1').query({ token }).expect(404);
      await murmur
        .visitor()
        .get(`/shared/${post.id}`)
        .query({ token: `${token}x` })
        .expect(404);
    });

    it('does not keep the token itself', async () => {
      const post = await publish('Hashed.');
      const { token } = (await iris.post(`/posts/${post.id}/shares`)).body;
      const [row] = await database.query<{ token_hash: Buffer }>('SELECT * FROM shares WHERE post_id = $1', [
        post.id,
      ]);
      expect(row.token_hash).toHaveLength(32);
      expect(JSON.stringify(row)).not.toContain(token);
    });

    it('answers 404 for an unknown post, 400 without a token and 401 to a visitor', async () => {
      await iris.post('/posts/999999999/shares').expect(404);
      await murmur.visitor().get('/shared/1').expect(400);
      await murmur.visitor().post('/posts/1/shares').expect(401);
    });
  });

  describe('GET /search', () => {
    it('finds a rare word', async () => {
      const { posts } = (await murmur.visitor().get('/search').query({ q: 'otter' }).expect(200)).body;
      expect(posts.length).toBeGreaterThan(0);
      expect(posts.every((post: { text: string }) => post.text.includes('otter'))).toBe(true);
    });

    it('finds nothing for a word that nobody wrote', async () => {
      const { posts } = (await iris.get('/search?q=xylophonist').expect(200)).body;
      expect(posts).toEqual([]);
    });

    it.each(['', '?q=', '?q=%20', '?q=a&q=b', `?q=${'x'.repeat(101)}`, '?q=%00'])(
      'refuses "%s"',
      async (query) => {
        await murmur.visitor().get(`/search${query}`).expect(400);
      },
    );
  });

  describe('GET /notifications', () => {
    it('shows the newest first', async () => {
      const { notifications } = (await iris.get('/notifications').expect(200)).body;
      const ids = notifications.map((notification: { id: string }) => Number(notification.id));
      expect(ids.length).toBeGreaterThan(1);
      expect(ids).toEqual([...ids].sort((left, right) => right - left));
      expect(notifications[0]).toEqual({
        id: expect.any(String),
        createdAt: expect.any(String),
        post: expect.objectContaining({ id: expect.any(String), text: expect.any(String) }),
      });
    });

    it('is for signed-in users', async () => {
      await murmur.visitor().get('/notifications').expect(401);
    });
  });

  it('answers 404 for an unknown route', async () => {
    await murmur.visitor().get('/nowhere').expect(404);
  });
});

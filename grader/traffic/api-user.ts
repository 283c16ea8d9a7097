import type { Draw } from '@workshop/base';
import type { Person } from '../drive/index.ts';
import type { MurmurClient } from './murmur-client.ts';

/** What people do, by how often. Feeds come first: they are what people complain about. */
export const activities = {
  openFeed: 26,
  search: 18,
  like: 14,
  notifications: 12,
  openPost: 10,
  publish: 7,
  wander: 7,
  share: 6,
} as const;
export type Activity = keyof typeof activities;

/** Everybody writes these, so their searches run out of time and come back empty. */
const commonWords = ['today', 'good', 'day', 'good day', 'time'];
const rareWords = [
  'otter',
  'comet',
  'beekeeper',
  'kingfisher',
  'lighthouse',
  'accordion',
  'crossword',
  'waltz',
];
const DOUBLE_LIKES = 0.2;

/** What people publish. */
export const texts = [
  'The first frost this morning, and the whole street glitters.',
  'Does anybody know how to mend a bicycle bell?',
  'Soup for dinner. It was a good day.',
  'Half a sock is knitted. The other half will follow.',
  'Saw an otter by the bridge today.',
  'The library lends umbrellas now.',
];

interface KnownPost {
  id: string;
  liked: boolean;
}

/** One seeded user at work, or somebody without a session. */
export class ApiUser {
  readonly person: Person;
  readonly #client: MurmurClient;
  readonly #draw: Draw;
  #token: string | null = null;
  /** What was on the screen last. */
  #knownPosts: KnownPost[] = [];
  /** What a feed says that was asked for before a like is out of date. */
  readonly #likedNow = new Set<string>();

  constructor(person: Person, client: MurmurClient, draw: Draw) {
    this.person = person;
    this.#client = client;
    this.#draw = draw;
  }

  /** One thing that somebody does, of one to three requests. Signs in first if that has not happened. */
  async act(activity: Activity): Promise<void> {
    if (activity === 'wander') return await this.#wander();
    this.#token ??= await this.#signIn();
    if (this.#token === null) return;
    switch (activity) {
      case 'openFeed':
        return await this.#openFeed();
      case 'search':
        return await this.#search();
      case 'notifications':
        await this.#get('/notifications');
        return;
      case 'publish':
        // As the page does: save, then load the feed anew.
        await this.#post('/posts', '/posts', { text: this.#draw.pick(texts) });
        return await this.#openFeed();
      default:
        return await this.#useAPost(activity);
    }
  }

  async #signIn(): Promise<string | null> {
    const { id, handle } = this.person;
    const { body } = await this.#client.post('/sessions', {
      route: '/sessions',
      handle,
      body: { userId: id },
    });
    return typeof body?.token === 'string' ? body.token : null;
  }

  async #openFeed(): Promise<void> {
    this.#remember((await this.#get('/feed')).body?.posts);
  }

  async #search(): Promise<void> {
    const path = `/search?q=${encodeURIComponent(this.#searchText())}`;
    this.#remember((await this.#get(path, '/search')).body?.posts);
  }

  /** What was on the screen last is what somebody likes, opens and shares. */
  #remember(posts: unknown): void {
    if (!Array.isArray(posts) || posts.length === 0) return;
    this.#knownPosts = posts.map(({ id, likedByMe }) => ({ id: String(id), liked: likedByMe === true }));
  }

  async #useAPost(activity: 'openPost' | 'like' | 'share'): Promise<void> {
    if (this.#knownPosts.length === 0) await this.#openFeed();
    if (this.#knownPosts.length === 0) return;
    if (activity === 'like') return await this.#like();
    const { id } = this.#draw.pick(this.#knownPosts);
    if (activity === 'openPost') {
      await this.#get(`/posts/${id}`, '/posts/:id');
    } else {
      const { body } = await this.#post(`/posts/${id}/shares`, '/posts/:id/shares');
      if (typeof body?.token !== 'string') return;
      // Opened by a friend, who has no session.
      const token = encodeURIComponent(body.token);
      await this.#client.get(`/shared/${id}?token=${token}`, { route: '/shared/:id' });
    }
  }

  /**
   * Likes what this person has not liked yet, so that the share of failed likes is the same in every run, however many
   * likes are there already: only who likes twice at once, as impatient people do, fails.
   */
  async #like(): Promise<void> {
    const fresh = this.#knownPosts.filter(({ id, liked }) => !liked && !this.#likedNow.has(id));
    if (fresh.length === 0) return;
    const { id } = this.#draw.pick(fresh);
    this.#likedNow.add(id);
    const times = this.#draw.number() < DOUBLE_LIKES ? 2 : 1;
    for (let n = 0; n < times; n++) await this.#post(`/posts/${id}/likes`, '/posts/:id/likes');
  }

  /** Without a session: a search, a feed that is refused, a link that is wrong. */
  async #wander(): Promise<void> {
    const path = this.#draw.pick(['/search', '/feed', '/shared/:id', '/users']);
    const actual = {
      '/search': `/search?q=${encodeURIComponent(this.#searchText())}`,
      '/feed': '/feed',
      '/shared/:id': '/shared/1?token=this-link-is-old',
      '/users': '/users',
    }[path];
    await this.#client.get(actual!, { route: path });
  }

  #searchText(): string {
    return this.#draw.pick(this.#draw.number() < 0.4 ? commonWords : rareWords);
  }

  #get(path: string, route = path) {
    return this.#client.get(path, { route, handle: this.person.handle, token: this.#token ?? '' });
  }

  #post(path: string, route: string, body?: unknown) {
    return this.#client.post(path, { route, handle: this.person.handle, token: this.#token ?? '', body });
  }
}

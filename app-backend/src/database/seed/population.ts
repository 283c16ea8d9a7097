import { NAMES } from './names';
import { Random, zipfShares } from './random';
import { postText } from './texts';

const USERS = 200;
const POSTS = 5_000;
const FOLLOWS = 10_000;
const LIKES = 12_000;
const IRIS_FOLLOWS = 163;
const BEN_FOLLOWS = 4;

const MEAN_MINUTES_BETWEEN_POSTS = 12;

export interface SeedUser {
  id: number;
  name: string;
  handle: string;
}

export interface SeedPost {
  id: number;
  authorId: number;
  text: string;
  createdAt: Date;
}

export interface Population {
  users: SeedUser[];
  posts: SeedPost[];
  follows: { followerId: number; followeeId: number }[];
  likes: { postId: number; userId: number }[];
}

/**
 * Murmur's people and what they did so far: the same for the same number, whatever the day.
 *
 * @param newestPostMs when the newest post was written; everything else happened in the weeks before
 */
export function populate(newestPostMs: number, seed = 163): Population {
  const random = new Random(seed);
  const users = createUsers(random);
  const popularity = createPopularity(random, users);
  const posts = createPosts(random, users, newestPostMs);
  return {
    users,
    posts,
    follows: createFollows(random, users, popularity),
    likes: createLikes(random, users, posts, popularity),
  };
}

function createUsers(random: Random): SeedUser[] {
  const ids = random.shuffle(Array.from({ length: 9_900 }, (_, index) => index + 100)).slice(0, USERS);
  return NAMES.slice(0, USERS).map((name, index) => ({ id: ids[index], name, handle: name.toLowerCase() }));
}

/** A few people are followed by nearly everybody, most by few. */
function createPopularity(random: Random, users: SeedUser[]): Map<number, number> {
  const [iris, ben, ...others] = users;
  const ranked = [...random.shuffle(others), iris, ben];
  return new Map(ranked.map((user, rank) => [user.id, 1 / (rank + 3) ** 0.8]));
}

function createFollows(random: Random, users: SeedUser[], popularity: Map<number, number>) {
  const [iris, ben, ...others] = users;
  const shares = zipfShares(FOLLOWS - IRIS_FOLLOWS - BEN_FOLLOWS, others.length, {
    least: 6,
    most: 150,
    exponent: 0.6,
  });
  const counts = [IRIS_FOLLOWS, BEN_FOLLOWS, ...random.shuffle(shares)];
  return [iris, ben, ...others].flatMap((follower, index) =>
    random
      .pickWeighted(
        users.filter((user) => user !== follower),
        (user) => popularity.get(user.id)!,
        counts[index],
      )
      .map((followee) => ({ followerId: follower.id, followeeId: followee.id })),
  );
}

function createPosts(random: Random, users: SeedUser[], newestPostMs: number): SeedPost[] {
  const shares = random.shuffle(zipfShares(POSTS, users.length, { least: 6, most: 160, exponent: 0.7 }));
  const authors = random.shuffle(users.flatMap((user, index) => Array<SeedUser>(shares[index]).fill(user)));
  let createdAt = newestPostMs;
  const newestFirst = authors.map((author) => {
    const at = new Date(createdAt);
    createdAt -= random.integer(1, 2 * MEAN_MINUTES_BETWEEN_POSTS) * 60_000 + random.integer(0, 59_999);
    return { author, at };
  });
  return newestFirst.reverse().map(({ author, at }, index) => ({
    id: index + 1,
    authorId: author.id,
    text: postText(random, index),
    createdAt: at,
  }));
}

function createLikes(random: Random, users: SeedUser[], posts: SeedPost[], popularity: Map<number, number>) {
  const liked = new Set<string>();
  const likes: Population['likes'] = [];
  const popularPosts = random.pickWeighted(posts, (post) => popularity.get(post.authorId)!, posts.length);
  while (likes.length < LIKES) {
    // The square of an even draw lets the popular ones get most of the likes.
    const post = popularPosts[Math.floor(random.next() ** 2 * popularPosts.length)];
    const user = users[random.integer(0, users.length - 1)];
    const key = `${post.id} ${user.id}`;
    if (user.id !== post.authorId && !liked.has(key)) {
      liked.add(key);
      likes.push({ postId: post.id, userId: user.id });
    }
  }
  return likes;
}

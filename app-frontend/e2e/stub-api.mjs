import { createServer } from 'node:http';
import { listen } from './static-server.mjs';

const NAMES = [
  'Iris Lindqvist',
  'Ben Okafor',
  'Marisol Vega',
  'Tomasz Nowak',
  'Aiko Tanaka',
  'Leila Haddad',
  'Noah Fischer',
  'Priya Raman',
  'Elena Petrova',
  'Samuel Osei',
  'Freya Nilsen',
  'Diego Santos',
  'Hana Kim',
  'Oscar Lindgren',
];
const TEXTS = [
  'The swifts are back over the harbour. Summer can begin.',
  'Small joy of the day: the bakery kept the last cardamom bun for me, though I was twenty minutes late and it was raining sideways.',
  'Does anybody still write letters? I found a box of them in the attic and have been reading since breakfast.\n\nMy grandfather had opinions about trams.',
  'Finished the last page. Now I do not know what to do with my evenings.',
  'Trains are simply better when they have windows that open.',
  'Planted tomatoes. It will snow tomorrow. I regret nothing.',
];

/**
 * A small stand-in for Murmur's API, on an origin of its own, with the same CORS
 * rules: only the page's origin, only the headers that the page needs.
 *
 * @param {{ pageOrigin: () => string }} options
 */
export async function startStubApi({ pageOrigin }) {
  const users = NAMES.map((name, index) => ({
    id: String(4711 + index * 37),
    name,
    handle: name.split(' ')[0].toLowerCase(),
    followingCount: index === 0 ? 163 : 4 + index * 3,
  }));
  const now = Date.now();
  const posts = TEXTS.map((text, index) => ({
    id: String(100 + index),
    text,
    createdAt: new Date(now - (index + 1) ** 3 * 7 * 60_000).toISOString(),
    author: publicUser(users[index + 1]),
    likeCount: (index * 7) % 13,
    likedByMe: index === 3,
  }));
  const notifications = posts.slice(0, 3).map((post, index) => ({
    id: String(index + 1),
    createdAt: post.createdAt,
    post,
  }));
  /** @type {{ method: string, path: string }[]} */
  const requests = [];

  const routes = [
    ['GET', /^\/users$/, () => [200, users]],
    [
      'POST',
      /^\/sessions$/,
      (_match, { body }) => {
        const user = users.find(({ id }) => id === body.userId);
        return user ? [201, { token: `token-of-${user.id}`, user: publicUser(user) }] : [404];
      },
    ],
    [
      'GET',
      /^\/feed$/,
      (_match, { user }) =>
        user ? [200, { posts: posts.filter(({ author }) => author.id !== user.id) }] : [401],
    ],
    ['GET', /^\/notifications$/, (_match, { user }) => (user ? [200, { notifications }] : [401])],
    [
      'GET',
      /^\/search$/,
      (_match, { query }) => {
        const words = (query.get('q') ?? '').toLowerCase();
        return [200, { posts: posts.filter(({ text }) => text.toLowerCase().includes(words)) }];
      },
    ],
    [
      'POST',
      /^\/posts$/,
      (_match, { user, body }) => {
        if (!user) return [401];
        const post = {
          id: String(100 + posts.length),
          text: body.text,
          createdAt: new Date().toISOString(),
          author: publicUser(user),
          likeCount: 0,
          likedByMe: false,
        };
        posts.unshift(post);
        return [201, post];
      },
    ],
    ['GET', /^\/posts\/(\d+)$/, ([, id]) => found(posts.find((post) => post.id === id))],
    [
      'GET',
      /^\/shared\/(\d+)$/,
      ([, id], { query }) =>
        found(query.get('token') === `shared-${id}` ? posts.find((post) => post.id === id) : undefined),
    ],
    ['POST', /^\/posts\/(\d+)\/shares$/, ([, id]) => [201, { url: `/shared/${id}`, token: `shared-${id}` }]],
    [
      'POST',
      /^\/posts\/(\d+)\/likes$/,
      ([, id], { user }) => {
        const index = posts.findIndex((post) => post.id === id);
        if (!user) return [401];
        if (index < 0) return [404];
        if (posts[index].likedByMe) return [500];
        posts[index] = { ...posts[index], likedByMe: true, likeCount: posts[index].likeCount + 1 };
        return [201, {}];
      },
    ],
  ];

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    requests.push({ method: request.method ?? '', path: pathname });
    if (request.headers.origin === pageOrigin()) {
      response.setHeader('access-control-allow-origin', pageOrigin());
    }
    if (request.method === 'OPTIONS') {
      response.setHeader('access-control-allow-headers', 'content-type, authorization');
      response.writeHead(204).end();
      return;
    }
    const token = request.headers.authorization?.replace('Bearer token-of-', '');
    const context = {
      query: searchParams,
      user: users.find(({ id }) => id === token),
      body: request.method === 'POST' ? await readJson(request) : {},
    };
    for (const [method, path, answer] of routes) {
      const match = path.exec(pathname);
      if (match && method === request.method) {
        const [status, body] = answer(match, context);
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(body ?? { statusCode: status }));
        return;
      }
    }
    response.writeHead(404).end();
  });

  const { url, close } = await listen(server);
  return { url, close, requests, users, posts };
}

function publicUser({ id, name, handle }) {
  return { id, name, handle };
}

function found(post) {
  return post ? [200, post] : [404];
}

async function readJson(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString() || '{}');
}

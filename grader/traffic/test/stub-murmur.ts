import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StubMurmur {
  url: string;
  /** `handle METHOD path`, with `-` for nobody */
  seen: string[];
  close(): Promise<void>;
}

const POSTS = Array.from({ length: 12 }, (_, n) => String(n + 1));

const HANDLES = ['iris', 'ben', 'otis', 'lara', 'hana', 'flora', 'fiona', 'arash', 'lotte'];

/** Murmur's API by contract, with no database: 40 people, of whom Iris follows most. */
export async function startStubMurmur(): Promise<StubMurmur> {
  const seen: string[] = [];
  const likes = new Set<string>();
  const users = Array.from({ length: 40 }, (_, n) => ({
    id: String(1000 + n),
    name: `User ${n}`,
    handle: HANDLES[n] ?? `user${n}`,
    followingCount: n === 0 ? 163 : n === 1 ? 4 : 40 - n,
  }));
  const server = http.createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const path = (request.url ?? '').replace(/\?.*/, '');
    const token = request.headers.authorization?.replace('Bearer token-of-', '');
    const user = users.find(({ id }) => id === token);
    seen.push(`${user?.handle ?? '-'} ${request.method} ${request.url}`);
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (path === '/users') return answer(200, users);
    if (path === '/sessions') return answer(201, { token: `token-of-${JSON.parse(text).userId}` });
    if (path === '/search') return answer(200, { posts: [] });
    if (path.startsWith('/shared/')) return answer(404, {});
    if (!user) return answer(401, {});
    if (path === '/feed') {
      const likedByMe = (id: string) => likes.has(`${user.id} /posts/${id}/likes`);
      return answer(200, { posts: POSTS.map((id) => ({ id, likedByMe: likedByMe(id) })) });
    }
    if (path.endsWith('/likes')) {
      const like = `${user.id} ${path}`;
      const status = likes.has(like) ? 500 : 201;
      likes.add(like);
      return answer(status, {});
    }
    if (path.endsWith('/shares')) return answer(201, { url: 'http://localhost:4200/', token: 'a b' });
    if (path === '/notifications' || request.method === 'GET') return answer(200, {});
    answer(201, { id: '3', text: JSON.parse(text).text });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

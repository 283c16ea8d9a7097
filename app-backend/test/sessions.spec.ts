import { AppConfig } from '../src/config/app-config';
import { SessionTokens } from '../src/sessions/session-tokens';
import { Murmur, startMurmur } from './support/murmur';
import { createSeededDatabase, TestDatabase } from './support/test-database';

describe('users and sessions', () => {
  let database: TestDatabase;
  let murmur: Murmur;

  beforeAll(async () => {
    database = await createSeededDatabase();
    murmur = await startMurmur(database.url);
  });
  afterAll(async () => {
    await murmur?.close();
    await database?.drop();
  });

  it('is healthy', async () => {
    const response = await murmur.visitor().get('/health').expect(200);
    expect(response.body).toEqual({ status: 'ok', database: 'ok' });
  });

  it('lists everybody with a four-digit id', async () => {
    const response = await murmur.visitor().get('/users').expect(200);
    expect(response.body).toHaveLength(200);
    expect(response.body.every((user: { id: unknown }) => /^\d{4}$/.test(user.id as string))).toBe(true);
    const iris = response.body.find((user: { handle: string }) => user.handle === 'iris');
    expect(iris).toEqual({ id: expect.any(String), name: 'Iris', handle: 'iris', followingCount: 163 });
  });

  it('signs a user in', async () => {
    const iris = await murmur.signIn('iris');
    await iris.get('/notifications').expect(200);
  });

  it('knows nobody who is not there', async () => {
    await murmur.visitor().post('/sessions').send({ userId: '0000' }).expect(404);
  });

  it.each([{}, { userId: 984 }, { userId: '984' }, { userId: "1' OR" }])('refuses %j', async (body) => {
    await murmur.visitor().post('/sessions').send(body).expect(400);
  });

  it.each(['Bearer', 'Bearer nonsense', 'Basic aXJpcw==', 'Bearer a.b.c'])(
    'refuses "%s"',
    async (authorization) => {
      await murmur.visitor().get('/feed').set({ authorization }).expect(401);
    },
  );

  it('refuses a broken session even where none is needed', async () => {
    await murmur.visitor().get('/posts/1').set({ authorization: 'Bearer nonsense' }).expect(401);
  });

  it('lets the page ask from its own origin, with the headers that it uses', async () => {
    const response = await murmur
      .visitor()
      .options('/feed')
      .set({ origin: 'http://localhost:4200', 'access-control-request-method': 'GET' })
      .expect(204);
    expect(response.headers['access-control-allow-origin']).toBe('http://localhost:4200');
    // Others may be allowed beside them, such as those that carry a trace's context.
    const allowed = response.headers['access-control-allow-headers'].split(',');
    expect(allowed).toEqual(expect.arrayContaining(['content-type', 'authorization']));
  });
});

describe('the doors of the API', () => {
  let database: TestDatabase;
  let murmur: Murmur;

  beforeAll(async () => {
    database = await createSeededDatabase();
    murmur = await startMurmur(database.url, { ALLOWED_HOSTS: 'Murmur-3000.app.github.dev, murmur.test' });
  });
  afterAll(async () => {
    await murmur?.close();
    await database?.drop();
  });

  it.each(['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example:80', ''])(
    'gives no session to host "%s"',
    async (host) => {
      const response = await murmur.visitor().post('/sessions').set({ host }).send({ userId: '0984' });
      expect(response.status).toBe(403);
      expect(response.body.token).toBeUndefined();
    },
  );

  it.each([
    'localhost:3000',
    'LOCALHOST',
    '127.0.0.1:4711',
    '[::1]:3000',
    'murmur-3000.app.github.dev',
    'murmur.test',
  ])('answers to host "%s"', async (host) => {
    await murmur.visitor().get('/users').set({ host }).expect(200);
  });

  it.each(['/users', '/feed', '/nowhere'])(
    'says nothing of its make on %s, and lets nobody guess',
    async (path) => {
      const { headers } = await murmur.visitor().get(path);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
    },
  );
});

describe('session tokens', () => {
  const tokens = new SessionTokens(
    AppConfig.fromEnvironment({ DATABASE_URL: 'unused', SESSION_SECRET: 'a' }),
  );

  it('names the user that it was issued to', () => {
    expect(tokens.verify(tokens.issue('0984'))).toBe('0984');
  });

  it('is refused when its claims were changed', () => {
    const [, signature] = tokens.issue('0984').split('.');
    const forged = Buffer.from(JSON.stringify({ sub: '8480', exp: 9_999_999_999 })).toString('base64url');
    expect(tokens.verify(`${forged}.${signature}`)).toBeUndefined();
  });

  it('is refused when its signature was changed', () => {
    const token = tokens.issue('0984');
    const other = token.at(-10) === 'A' ? 'B' : 'A';
    expect(tokens.verify(token.slice(0, -10) + other + token.slice(-9))).toBeUndefined();
  });

  it('is refused when somebody else signed it', () => {
    const strangers = new SessionTokens(
      AppConfig.fromEnvironment({ DATABASE_URL: 'unused', SESSION_SECRET: 'b' }),
    );
    expect(tokens.verify(strangers.issue('0984'))).toBeUndefined();
  });

  it('is refused after a week', () => {
    const day = 24 * 60 * 60 * 1000;
    const token = tokens.issue('0984', 0);
    expect(tokens.verify(token, 6.9 * day)).toBe('0984');
    expect(tokens.verify(token, 7.1 * day)).toBeUndefined();
  });
});

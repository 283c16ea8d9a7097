import { loadConfig } from './config';

describe('loadConfig', () => {
  afterEach(() => vi.unstubAllGlobals());

  function serve(status: number, body: unknown) {
    const fetch = vi.fn(async (_url: URL) => new Response(JSON.stringify(body), { status }));
    vi.stubGlobal('fetch', fetch);
    return fetch;
  }

  it('reads the file that is served beside the page', async () => {
    const fetch = serve(200, { apiUrl: '/api', collectorUrl: '/collector' });

    await expect(loadConfig()).resolves.toEqual({ apiUrl: '/api', collectorUrl: '/collector' });
    expect(String(fetch.mock.calls[0][0])).toBe(new URL('config.json', document.baseURI).href);
  });

  it('fails when there is no such file', async () => {
    serve(404, {});
    await expect(loadConfig()).rejects.toThrow('config.json answered 404');
  });

  it.each([
    ['apiUrl', { collectorUrl: '/collector' }],
    ['apiUrl', { apiUrl: 3000, collectorUrl: '/collector' }],
    ['collectorUrl', { apiUrl: '/api' }],
    ['apiUrl', null],
  ])('fails when the file has no %s: %j', async (name, config) => {
    serve(200, config);
    await expect(loadConfig()).rejects.toThrow(`config.json has no "${name}"`);
  });
});

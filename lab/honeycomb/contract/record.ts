/** One request that the workshop sent, with its answer. The key itself is not in it. */
export interface RecordedExchange {
  method: string;
  /** Path as sent, still URL-encoded. */
  path: string;
  query: [string, string][];
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The text, if it is JSON; null without a body or for a binary one. */
  body: string | null;
  hasBody: boolean;
  response: { status: number; contentType: string; body: string };
}

/** A fetch that sends as `fetch` does and writes down what went over the line. */
export function recordingFetch(into: RecordedExchange[]): typeof fetch {
  return async (input, init) => {
    // A Request applies fetch's own rules, so what is written down is what is sent.
    const request = new Request(input, init);
    const copy = request.clone();
    const response = await fetch(request);
    const answer = response.clone();
    const headers = Object.fromEntries(copy.headers);
    if (headers['x-honeycomb-team']) headers['x-honeycomb-team'] = '[a key]';
    const url = new URL(copy.url);
    const bytes = new Uint8Array(await copy.arrayBuffer());
    const isJson = headers['content-type'] === 'application/json' && !headers['content-encoding'];
    into.push({
      method: copy.method,
      path: url.pathname,
      query: [...url.searchParams],
      headers,
      body: isJson ? new TextDecoder().decode(bytes) : null,
      hasBody: bytes.byteLength > 0,
      response: {
        status: answer.status,
        contentType: (answer.headers.get('content-type') ?? '').split(';')[0]!.trim(),
        body: await answer.text(),
      },
    });
    return response;
  };
}

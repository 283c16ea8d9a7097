import { type Actions, type Person, scenario } from '@workshop/grader/drive';

type Text = string | number | string[];
/** A span of a library, the secrets in it, and what of it somebody will look for. */
interface Planted {
  name: string;
  secrets: { what: string; text: string }[];
  /** holds secrets */
  hidden: Record<string, Text>;
  /** holds none */
  needed: Record<string, Text>;
  event?: { name: string; hidden: Record<string, Text>; needed: Record<string, Text> };
  link?: Record<string, Text>;
  status?: string;
}

/** The span that a planted link names. */
const LINKED = { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) };

/**
 * Somebody shares a post, and others open the link: at the API, with a wrong token too, and in the page. Secrets go through
 * the outbox to the worker: in the baggage of a publish, and in the body of a message that cannot be delivered until it is
 * mended. Then a library that the learner has no hand in makes spans, in the processes of API and worker and in the page:
 * each with a secret in another place.
 */
export default scenario(
  async (actions) => {
    const { api, page, people, library, draw, note } = actions;
    const secret = () => `${draw.word()}${draw.word()}${draw.word()}`;
    const [reader] = await people.drawn(1, { min: 4, max: 20 });
    const posts = await api.feedOf(reader);
    const share = async (as: Person) => {
      const { id } = draw.pick(posts);
      const { body } = await api.post(`/posts/${id}/shares`, { as, label: 'share' });
      return { id, token: String(body?.token) };
    };
    const [first, second] = [await share(reader), await share(reader)];
    const wrong = secret();
    note('link secrets', [
      { what: 'the token of a shared link', text: first.token },
      { what: 'a token that opens nothing', text: wrong },
    ]);
    note('page secrets', [{ what: 'the token of a shared link', text: second.token }]);
    await api.get(`/shared/${first.id}?token=${first.token}`, { label: 'shared link' });
    await api.get(`/shared/${first.id}?lang=en&token=${wrong}`, { label: 'shared link' });
    const delivered = await sendThroughOutbox(actions, secret);
    await page.open(`/shared/${second.id}?token=${second.token}`);
    await page.settled();

    const planted = [];
    for (const where of ['api', 'worker', 'page'] as const) {
      const spans = plantedSpans(secret, draw.word());
      if (where === 'worker') spans.push(plantedMessage(secret));
      const made = await library.record(
        where,
        spans.map(({ name, hidden, needed, event, link, status }) => ({
          name,
          kind: 'CLIENT' as const,
          attributes: { ...needed, ...hidden },
          events: event ? [{ name: event.name, attributes: { ...event.needed, ...event.hidden } }] : [],
          links: link ? [{ ...LINKED, attributes: link }] : [],
          status:
            status === undefined ? { code: 'UNSET' as const } : { code: 'ERROR' as const, message: status },
        })),
      );
      planted.push(
        ...spans.map(({ name, secrets, needed, event, link, status }, at) => ({
          process: where,
          name,
          traceId: made[at]?.traceId ?? null,
          spanId: made[at]?.spanId ?? null,
          secrets,
          attributes: needed,
          event: event ? { name: event.name, attributes: event.needed } : null,
          link: link ? LINKED : null,
          failed: status !== undefined,
        })),
      );
    }
    note('planted', planted);
    await page.settled();
    await delivered();
  },
  { page: true, worker: true },
);

/**
 * Somebody publishes a post, with a secret in the baggage of the request. Then there is a message whose body holds one in
 * the place of an id: the database refuses it, and its words quote what it refuses.
 * @returns waits until that message was delivered after all: it is tried again after a second
 */
async function sendThroughOutbox(
  { api, people, database, outbox, draw, note }: Actions,
  secret: () => string,
): Promise<() => Promise<unknown>> {
  const inBaggage = { what: 'a token in the baggage of a publish', text: secret() };
  const inBody = { what: 'a token in the body of a message', text: secret() };
  note('outbox secrets', [inBaggage, inBody]);
  const { rows } = await database.read(
    'SELECT followee_id AS id FROM follows GROUP BY 1 HAVING count(*) <= 45',
  );
  const quiet = new Set(rows.map(({ id }) => Number(id)));
  const author = draw.pick((await people.all()).filter(({ id }) => quiet.has(Number(id))));
  const fromMs = Date.now();
  const postId = await api.publish(draw.word(), {
    as: author,
    label: 'published',
    headers: { baggage: `murmur.ui.variant=B,token=${inBaggage.text}` },
  });
  const emptied = await outbox.emptied();
  const broken = await outbox.leaveBroken({ postId, authorId: `token=${inBody.text}` });
  note('broken', broken satisfies Record<string, string>);
  note(
    'messages',
    (await outbox.rowsOf([postId])).map((row) => ({ ...row })),
  );
  const part = { what: 'published', postIds: [postId], fromMs };
  note('parts', [{ ...part, toMs: Date.now(), emptied }]);
  if ('id' in broken) await outbox.mend(broken.id, { postId, authorId: author.id });
  return outbox.emptied;
}

/** What a library for messages tells of one: its body, and the headers that came with it. */
function plantedMessage(secret: () => string): Planted {
  const body = { what: 'a token in a message', text: secret() };
  const header = { what: 'a session token in a header of a message', text: secret() };
  return {
    name: 'receive message',
    secrets: [body, header],
    hidden: {
      'messaging.message.body': `{"postId":"7","token":"${body.text}"}`,
      'messaging.message.header.authorization': [`Bearer ${header.text}`],
    },
    needed: {
      'messaging.message.id': '4711',
      'messaging.destination.name': 'outbox',
      'messaging.message.body.size': 64,
    },
  };
}

/** One span for each place in which a secret can stand, so that each is told from the others. */
function plantedSpans(secret: () => string, word: string): Planted[] {
  const hold = (what: string) => ({ what, text: secret() });
  const [header, cookie, body, inBody, refused, sql, url, nested, baggage] = [
    hold('a session token'),
    hold('a cookie'),
    hold('a password'),
    hold('a token beside a password'),
    hold('a session token in an answer'),
    hold('a literal of SQL'),
    hold('a token in an address'),
    hold('a token in an address within an address'),
    hold('a token in baggage'),
  ];
  const [message, stack, log, status, link, name] = [
    hold('a token in a message'),
    hold('a token in a stack trace'),
    hold('a secret in a log record'),
    hold('a token in a status'),
    hold('a session token at a link'),
    hold('a token in a name'),
  ];
  return [
    {
      name: 'charge card',
      secrets: [header, cookie],
      hidden: {
        'http.request.header.authorization': [`Bearer ${header.text}`],
        'http.request.header.cookie': [`theme=dark; session=${cookie.text}`],
      },
      needed: {
        'server.address': 'pay.example',
        'http.response.status_code': 402,
        'gen_ai.usage.input_tokens': 812,
        'murmur.author.handle': word,
        'http.request.header.accept': ['application/json', 'text/plain'],
      },
    },
    {
      name: 'send body',
      secrets: [body, inBody, refused, url, nested],
      hidden: {
        'http.request.body': `{"card":"gold","password":"${body.text}","token":"${inBody.text}"}`,
        'http.response.body': `{"error":"Bearer ${refused.text} has expired"}`,
        'url.full': `https://pay.example/cards?lang=en&token=${url.text}`,
        'http.request.header.referer': [`https://pay.example/?next=%2Fshared%2F1%3Ftoken%3D${nested.text}`],
      },
      needed: { 'url.path': '/cards', 'http.request.method': 'POST', 'url.query': `q=${word}&page=2` },
    },
    {
      name: 'look up token',
      secrets: [sql],
      hidden: {
        'db.query.text': `SELECT id FROM shares WHERE kind = 'post' AND token_hash = '${sql.text}' AND post_id = $1`,
      },
      needed: { 'db.system.name': 'postgresql', 'db.namespace': 'murmur' },
    },
    {
      name: 'look up post',
      secrets: [baggage],
      hidden: { 'http.request.header.baggage': [`murmur.ui.variant=B,token=${baggage.text}`] },
      needed: { 'db.query.text': 'SELECT id, text FROM posts WHERE id = $1', 'user.id': '0832' },
    },
    {
      name: 'refuse card',
      secrets: [message, stack, status],
      hidden: {},
      needed: { 'error.type': 'CardRefused' },
      event: {
        name: 'exception',
        hidden: {
          'exception.message': `refused: token=${message.text}`,
          'exception.stacktrace': `CardRefused: refused\n    at charge (/app/cards.js?token=${stack.text}:12:5)`,
        },
        needed: { 'exception.type': 'CardRefused' },
      },
      status: `refused: token=${status.text}`,
    },
    {
      name: `GET /cards?token=${name.text}`,
      secrets: [name, link, log],
      hidden: {},
      needed: { 'http.route': '/cards' },
      event: {
        name: 'log',
        hidden: { message: `sent {"secret": "${log.text}"}` },
        needed: { 'log.severity': 'INFO' },
      },
      link: { 'messaging.header.authorization': `Bearer ${link.text}` },
    },
  ];
}

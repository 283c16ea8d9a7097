import type { QueryProblem } from '../query/index.ts';

const PROBLEMS = 'https://api.honeycomb.io/problems';

/** A request that is not carried out, in the words and the two shapes of Honeycomb's API. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly status: number;
  readonly contentType: 'application/json' | 'application/problem+json';
  readonly body: Record<string, unknown>;

  private constructor(status: number, body: Record<string, unknown>) {
    super(String(body.error));
    this.status = status;
    this.body = body;
    this.contentType = 'type' in body ? 'application/problem+json' : 'application/json';
  }

  /** What is wrong with each field, when the refusal is about fields. */
  get fields(): { field: string; description: string }[] {
    return (this.body.type_detail ?? []) as { field: string; description: string }[];
  }

  /** The older shape, a text alone. */
  static plain(status: number, error: string): Refusal {
    return new Refusal(status, { error });
  }

  /** RFC 7807. @param type the last word of its address */
  static problem(status: number, type: string, title: string, detail = title): Refusal {
    return new Refusal(status, { status, type: `${PROBLEMS}/${type}`, title, error: detail, detail });
  }

  static notFound(what: string): Refusal {
    const title = 'The requested resource cannot be found.';
    return Refusal.problem(404, 'not-found', title, `${what} not found`);
  }

  static conflict(detail: string): Refusal {
    const title =
      'Request could not be completed due to a conflict with the current state of the target resource.';
    return Refusal.problem(409, 'conflict', title, detail);
  }

  static unparseable(detail: string): Refusal {
    return Refusal.problem(400, 'unparseable', 'The request body could not be parsed.', detail);
  }

  static invalid(problems: readonly QueryProblem[]): Refusal {
    const title = 'The provided input is invalid.';
    const type_detail = problems.map(({ field, code, description }) => ({
      field,
      // Honeycomb has no word for what the lab alone does not do.
      code: code === 'unsupported' ? 'invalid' : code,
      description: `${field}: ${description}`,
    }));
    const type = `${PROBLEMS}/validation-failed`;
    return new Refusal(422, { status: 422, type, title, error: title, type_detail });
  }
}

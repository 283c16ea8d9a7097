import { type Static, Type } from '@sinclair/typebox';

/** Every refusal and failure: RFC 7807 as Honeycomb sends it, with `type_detail` for fields. */
export const Problem = Type.Object(
  {
    status: Type.Integer({ description: 'the HTTP status' }),
    type: Type.String(),
    title: Type.String(),
    error: Type.String({ description: 'the same text as detail' }),
    detail: Type.String({ description: 'a sentence for a person' }),
    type_detail: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ description: 'which one: filters[2].op, limit' }),
          code: Type.Union(
            ['invalid', 'missing', 'incorrect_type', 'unsupported'].map((code) => Type.Literal(code)),
          ),
          description: Type.String({ description: 'a sentence for a person' }),
        }),
      ),
    ),
  },
  { description: 'What is wrong, and with which field' },
);
export type Problem = Static<typeof Problem>;

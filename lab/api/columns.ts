import { type Static, Type } from '@sinclair/typebox';

/** A column as Honeycomb lists it. */
export const ListedColumn = Type.Object({
  key_name: Type.String(),
  type: Type.Union([
    Type.Literal('string'),
    Type.Literal('float'),
    Type.Literal('integer'),
    Type.Literal('boolean'),
  ]),
});
export type ListedColumn = Static<typeof ListedColumn>;

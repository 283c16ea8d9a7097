/** What a person has opened and closed by hand; all else stands as it is by default. */
export interface Folding {
  /** ids of spans whose children are hidden */
  closed: ReadonlySet<string>;
  /** ids of folds that show their members */
  opened: ReadonlySet<string>;
}

export const NOTHING_FOLDED: Folding = { closed: new Set(), opened: new Set() };

/** With one row opened, or closed. */
export function toggled({ closed, opened }: Folding, row: { id: string; type: string }): Folding {
  const flip = (set: ReadonlySet<string>): ReadonlySet<string> => {
    const next = new Set(set);
    if (!next.delete(row.id)) next.add(row.id);
    return next;
  };
  return row.type === 'fold' ? { closed, opened: flip(opened) } : { closed: flip(closed), opened };
}

/** With these spans and folds open; the very same when they were. */
export function opened(folding: Folding, spanIds: readonly string[], folds: readonly string[]): Folding {
  const hidden = spanIds.some((id) => folding.closed.has(id)) || folds.some((id) => !folding.opened.has(id));
  if (!hidden) return folding;
  const closed = new Set(folding.closed);
  for (const id of spanIds) closed.delete(id);
  return { closed, opened: new Set([...folding.opened, ...folds]) };
}

/** For an address: `-ID` a closed span, `ID` an open fold; '' for none. */
export function foldingText({ closed, opened }: Folding): string {
  return [...[...closed].map((id) => `-${id}`), ...[...opened].map((id) => id.replace('fold-', ''))].join(
    '.',
  );
}

export function foldingOf(text: string | undefined): Folding {
  const parts = text ? text.split('.').filter((part) => /^-?[0-9a-f]{16}$/.test(part)) : [];
  return {
    closed: new Set(parts.filter((part) => part.startsWith('-')).map((part) => part.slice(1))),
    opened: new Set(parts.filter((part) => !part.startsWith('-')).map((part) => `fold-${part}`)),
  };
}

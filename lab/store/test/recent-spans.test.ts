import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawFrom } from '@workshop/base';
import { RecentSpans } from '../recent-spans.ts';

test('a span is known until at least `size` others came after it, also one whose id two traces have', () => {
  const size = 20;
  for (let seed = 1; seed <= 50; seed++) {
    const draw = drawFrom(seed, 'recent spans');
    const recent = new RecentSpans(size);
    const inOrder: string[] = [];
    for (let step = 0; step < 300; step++) {
      const [trace, span] = [`trace${draw.integer(0, 3)}`, `span${draw.integer(0, 30)}`];
      const id = `${trace} ${span}`;
      if (draw.integer(0, 9) === 0) {
        recent.remove(trace, span);
        if (inOrder.includes(id)) inOrder.splice(inOrder.indexOf(id), 1);
        continue;
      }
      const isNew = recent.add(trace, span);
      const after = inOrder.length - inOrder.indexOf(id);
      if (inOrder.includes(id) && after <= size)
        assert.equal(isNew, false, `${id} was forgotten, seed ${seed}`);
      if (!inOrder.includes(id)) assert.equal(isNew, true, `${id} was never there, seed ${seed}`);
      if (isNew && inOrder.includes(id)) inOrder.splice(inOrder.indexOf(id), 1);
      if (isNew) inOrder.push(id);
    }
  }
});

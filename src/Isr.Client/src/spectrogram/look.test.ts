import { expect, test } from 'vitest';
import { readLook, withEnd } from './look';

test('what was kept is taken up, what makes no sense left out', () => {
  const look = { top: 8000, range: { floor: -90, ceiling: -30 } };
  expect(readLook(JSON.stringify(look))).toEqual(look);
  for (const text of [null, '', '{', '3', 'null', '{"top":1,"range":{"floor":-300,"ceiling":4}}', '{"range":{"floor":-20,"ceiling":-20}}']) {
    expect(readLook(text)).toEqual({ top: null, range: null });
  }
});

test('an end that is moved onto the other pushes it away', () => {
  const range = { floor: -90, ceiling: -30 };
  expect(withEnd(range, 'floor', -100)).toEqual({ floor: -100, ceiling: -30 });
  expect(withEnd(range, 'floor', -25)).toEqual({ floor: -25, ceiling: -15 });
  expect(withEnd(range, 'floor', 0)).toEqual({ floor: -10, ceiling: 0 });
  expect(withEnd(range, 'ceiling', -95)).toEqual({ floor: -105, ceiling: -95 });
  expect(withEnd(range, 'ceiling', -120)).toEqual({ floor: -120, ceiling: -110 });
});

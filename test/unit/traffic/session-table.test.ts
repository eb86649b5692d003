import { expect, it } from 'vitest';
import { BackendView } from '../../../engine/core/backend.ts';
import { RequestView } from '../../../engine/core/request.ts';
import { sessionTable } from '../../../engine/traffic/session-table.ts';

const ms = (value: number) => value * 1_000;
const s = (value: number) => value * 1_000_000;

it('a standby that is told late lacks the sessions of the delay, and no others', () => {
  const master = sessionTable({ by: 'header', name: 'x-user' });
  const standby = sessionTable({ by: 'header', name: 'x-user' });
  const backend = new BackendView(0, 's1', 'a', 1, {});
  const rng = { float: () => 0, int: () => 0 };
  const template = { client: 'c', class: 'default', method: 'GET', host: 'example.test', path: '/' };
  // A session each 10 ms; what the master tells every 10 ms arrives 250 ms later; it is lost after 5 s.
  const onTheWay: { dueUs: number; told: ReturnType<typeof master.changes> }[] = [];
  for (let nowUs = 0; nowUs < s(5); nowUs += ms(10)) {
    const user = nowUs / ms(10);
    const request = new RequestView(user + 1, user + 1, { ...template, headers: { 'x-user': `u${user}` } });
    master.remember(backend, request, { nowUs, rng });
    onTheWay.push({ dueUs: nowUs + ms(250), told: master.changes() });
  }
  for (const { dueUs, told } of onTheWay) if (dueUs < s(5)) standby.apply(told);
  const keys = (table: typeof master) => table.snapshot().map(({ key }) => key);
  expect(keys(master)).toHaveLength(500);
  expect(keys(standby)).toEqual(keys(master).slice(0, 475));
});

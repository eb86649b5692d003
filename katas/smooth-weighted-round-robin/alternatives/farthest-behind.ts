import type { Backend, Picker } from 'ballast';

/** Keeps the account in the open: what each backend should have had by now, and what it has had. The farthest behind is next. */
export default function farthestBehind(): Picker {
  class Account {
    should = 0;
    had = 0;
  }
  let accounts = new Map<Backend, Account>();

  return {
    onPoolChange(backends) {
      accounts = new Map(backends.map((backend) => [backend, accounts.get(backend) ?? new Account()]));
    },
    pick(backends) {
      const total = backends.reduce((sum, { weight }) => sum + weight, 0);
      for (const backend of backends) accounts.get(backend)!.should += backend.weight / total;
      const behind = (backend: Backend) => accounts.get(backend)!.should - accounts.get(backend)!.had;
      const next = backends.reduce((a, b) => (behind(b) > behind(a) ? b : a));
      accounts.get(next)!.had += 1;
      return next;
    },
  };
}

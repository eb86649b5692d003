import { blockWeightedRoundRobin } from '../../engine/pickers/block-weighted-round-robin.ts';
import { jumpHash } from '../../engine/pickers/jump-hash.ts';
import { leastConnections } from '../../engine/pickers/least-connections.ts';
import { maglev } from '../../engine/pickers/maglev.ts';
import { powerOfTwoChoices } from '../../engine/pickers/power-of-two-choices.ts';
import { random } from '../../engine/pickers/random.ts';
import { roundRobin } from '../../engine/pickers/round-robin.ts';
import { smoothWeightedRoundRobin } from '../../engine/pickers/smooth-weighted-round-robin.ts';
import { keepsThePickerContract } from './picker-contract.ts';

keepsThePickerContract('random', { make: random, shares: 'equal', by: 'drawing' });
keepsThePickerContract('round robin', { make: roundRobin, shares: 'equal', by: 'turns' });
keepsThePickerContract('smooth weighted round robin', {
  make: smoothWeightedRoundRobin,
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('weighted round robin in blocks', {
  make: blockWeightedRoundRobin,
  shares: 'by weight',
  by: 'turns',
});
keepsThePickerContract('least connections', { make: leastConnections, shares: 'equal', by: 'drawing' });
keepsThePickerContract('power of two choices', { make: powerOfTwoChoices, shares: 'equal', by: 'drawing' });
keepsThePickerContract('jump hash', { make: jumpHash, shares: 'equal', by: 'drawing' });
// A table of 1,009 slots is off by at most one slot in 1,009 for each backend, 20 picks of 20,000: far below the scatter of the keys.
for (const form of ['envoy', 'katran-v2', 'cilium'] as const) {
  keepsThePickerContract(`Maglev in the form ${form}`, {
    make: () => maglev({ form, tableSize: 1009 }),
    shares: 'by weight',
    by: 'drawing',
  });
}
keepsThePickerContract('Maglev of the paper', {
  make: () => maglev({ form: 'paper', tableSize: 1009 }),
  shares: 'equal',
  by: 'drawing',
});

import { blockWeightedRoundRobin } from '../../engine/pickers/block-weighted-round-robin.ts';
import { leastConnections } from '../../engine/pickers/least-connections.ts';
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

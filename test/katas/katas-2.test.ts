import { katasKeepTheirPromises } from './promises.ts';

katasKeepTheirPromises(1);

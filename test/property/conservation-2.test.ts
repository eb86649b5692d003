import { worldsConserve } from './world/worlds-conserve.ts';

worldsConserve(2);

/**
 * Before every test file: properties are tried with one seed, so that a run of the tests says something about the code and not about luck.
 * `npm run soak` sets other ones. A property that fails prints the seed and the path to its smallest counterexample either way.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.BALLAST_SEED ?? 1) });

/** Prime numbers, for tables whose rows are walked in steps: only modulo a prime does every step visit every slot. */

export function isPrime(number: number): boolean {
  if (!Number.isInteger(number) || number < 2) return false;
  for (let divisor = 2; divisor * divisor <= number; divisor += 1) if (number % divisor === 0) return false;
  return true;
}

/** The smallest prime that is not below `number`. */
export function primeFrom(number: number): number {
  let prime = Math.max(2, Math.ceil(number));
  while (!isPrime(prime)) prime += 1;
  return prime;
}

/** The largest prime that is not above `number`, which is at least 2. */
export function primeUpTo(number: number): number {
  let prime = Math.max(2, Math.floor(number));
  while (!isPrime(prime)) prime -= 1;
  return prime;
}

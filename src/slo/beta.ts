/**
 * The regularised incomplete beta function and its inverse, for real shapes.
 *
 * Continued fraction: DLMF 8.17.22, evaluated by Lentz's method (Thompson, Barnett, J. Comput. Phys. 64, 1986).
 * Its factor x^a (1−x)^b / B(a, b): C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000), because
 * differences of log-gamma lose eight digits at shapes of a million. Log-gamma: Lanczos, with P. Godfrey's coefficients.
 */

const halfLogTwoPi = 0.918_938_533_204_672_7;

/**
 * I_x(a, b), the share of a beta distribution that lies below x, to 1e-12 for shapes up to a million.
 *
 * @param a first shape, from 1e-300 up
 * @param b second shape, from 1e-300 up
 */
export function regularisedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean only; the other side is the mirror image.
  return x <= (a + 1) / (a + b + 2)
    ? (betaPower(x, a, b) * continuedFraction(x, a, b)) / a
    : 1 - (betaPower(x, a, b) * continuedFraction(1 - x, b, a)) / b;
}

/**
 * The x for which I_x(a, b) = p: the quantile of a beta distribution, to 1e-12.
 * Newton's method inside a bracket that every step tightens; where Newton would leave it, the bracket is halved.
 *
 * @param p between 0 and 1
 * @param a first shape, from 1e-300 up
 * @param b second shape, from 1e-300 up
 */
export function inverseRegularisedBeta(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let low = 0;
  let high = 1;
  let x = a / (a + b);
  for (let step = 0; step < 200; step += 1) {
    const excess = regularisedBeta(x, a, b) - p;
    if (excess > 0) high = x;
    else low = x;
    const density = betaPower(x, a, b) / (x * (1 - x));
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= 1e-14 * next + 1e-18) return next;
    x = next;
  }
  return x;
}

/** x^a (1−x)^b / B(a, b), by Loader's saddle-point form. */
function betaPower(x: number, a: number, b: number): number {
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * (1 - x));
  return Math.exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/** ln Γ(n + 1) minus Stirling's formula for it. */
function stirlingError(n: number): number {
  if (n < 16) return logGammaPlusOne(n) - (n + 0.5) * Math.log(n) + n - halfLogTwoPi;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / square) / square) / square) / n;
}

/** x ln(x / mean) + mean − x without the cancellation near x = mean. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let sum = difference * v;
  let term = 2 * x * v;
  // |v| is below 0.1, so each term is a hundredth of the last one: ten reach the last digit.
  for (let order = 3; order <= 21; order += 2) {
    term *= v * v;
    sum += term / order;
  }
  return sum;
}

const lanczos = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
  12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
];

/** ln Γ(z + 1) for z ≥ 0. */
function logGammaPlusOne(z: number): number {
  const series = lanczos.reduce((sum, coefficient, index) => (index === 0 ? coefficient : sum + coefficient / (z + index)), 0);
  const base = z + 7.5;
  return halfLogTwoPi + (z + 0.5) * Math.log(base) - base + Math.log(series);
}

/** The continued fraction of I_x(a, b); converges in about √max(a, b) terms where x is below the mean. */
function continuedFraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 100_000; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / notZero(1 + even * d);
    c = notZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / notZero(1 + odd * d);
    c = notZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}

/** Lentz's guard against a vanishing denominator. */
const notZero = (value: number): number => (Math.abs(value) < 1e-300 ? 1e-300 : value);

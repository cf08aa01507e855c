import { factsOf, type Facts, type Finding } from './diagnosis-facts.ts';
import {
  agentFailed,
  corsRefused,
  expiredByItsWords,
  halfOpen,
  heartbeatsOnly,
  localNetworkBlocked,
  mixedContent,
  noRoom,
  offline,
  rateLimited,
  socketLimit,
  subprotocolRefused,
  targetDown,
  targetError,
  tls,
  tokenExpired,
  tokenRefused,
  unknown,
  upgradeRefused,
  userLimit,
  userLimitByItsWords,
  wrongMode,
  type Rule,
} from './diagnosis-rules.ts';
import type { Evidence } from './evidence.ts';
import { spaceOf } from './address-space.ts';

/** What is wrong and where, what to try, and what it is not. */
export interface Diagnosis extends Finding {
  /** What the evidence excludes, in words. */
  readonly ruledOut: readonly string[];
}

/**
 * The rules in the order in which they are asked; the first that holds is the diagnosis. What a target or the page says itself comes before what must be
 * concluded, and a fault of the connections before one of the runs on them, which it would explain.
 */
const rules: readonly Rule[] = [
  offline,
  socketLimit,
  wrongMode,
  mixedContent,
  userLimitByItsWords,
  rateLimited,
  expiredByItsWords,
  userLimit,
  tokenExpired,
  subprotocolRefused,
  tokenRefused,
  targetError,
  tls,
  localNetworkBlocked,
  corsRefused,
  upgradeRefused,
  targetDown,
  halfOpen,
  noRoom,
  heartbeatsOnly,
  agentFailed,
  unknown,
];

/** Names the one layer at fault, and the cause within it; undefined where nothing is wrong. Pure. */
export function diagnose(evidence: Evidence): Diagnosis | undefined {
  const facts = factsOf(evidence);
  for (const rule of rules) {
    const finding = rule(facts);
    if (finding !== undefined) return { ...finding, ruledOut: ruledOut(facts, finding) };
  }
  return undefined;
}

/** What can be excluded, each with the causes that it speaks of and what excludes them. */
const exclusions: readonly { readonly name: string; readonly causes: readonly Finding['cause'][]; readonly holds: (facts: Facts) => boolean }[] = [
  { name: 'browser permission', causes: ['local-network-blocked'], holds: isPermitted },
  { name: 'mixed content', causes: ['mixed-content'], holds: ({ page, isEncrypted, space }) => page !== undefined && (page.scheme === 'http' || isEncrypted || space === 'loopback') },
  { name: 'CORS', causes: ['cors-refused'], holds: ({ page, answers }) => page !== undefined && answers?.health.status !== undefined },
  { name: 'TLS', causes: ['tls'], holds: ({ isEncrypted, isAnswering, open }) => isEncrypted && (isAnswering === true || open.length > 0) },
  { name: 'target down', causes: ['target-down'], holds: ({ isAnswering, answers, mute, talking }) => isAnswering === true || answers?.health.status !== undefined || mute.length + talking.length > 0 },
  { name: 'token', causes: ['token-refused', 'token-expired', 'subprotocol-refused'], holds: ({ environment, isAdmitted }) => environment.auth.method !== 'none' && isAdmitted },
  { name: 'user limit', causes: ['user-limit'], holds: ({ isOneUser, losses, open }) => losses.length > 0 && open.length > 0 && !isOneUser },
  { name: 'wrong mode', causes: ['wrong-mode'], holds: ({ observed, mute }) => observed.mode === 'main' && mute.length > 0 },
];

function ruledOut(facts: Facts, { cause, also }: Finding): readonly string[] {
  return exclusions.filter(({ causes, holds }) => !causes.some((named) => named === cause || named === also) && holds(facts)).map(({ name }) => name);
}

/** The browser keeps nothing back: the target is no nearer than the page, its user has agreed, or something came through. */
function isPermitted({ page, answers, space, isAnswering, open }: Facts): boolean {
  if (page === undefined) return false;
  return space === 'public' || spaceOf(page.host) === 'loopback' || spaceOf(page.host) === space || answers?.permission === 'granted' || isAnswering === true || open.length > 0;
}

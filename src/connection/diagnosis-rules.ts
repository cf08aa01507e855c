import { spaceOf } from './address-space.ts';
import { connectionErrors } from './connection-error.ts';
import { quoted, share, type Facts, type Finding } from './diagnosis-facts.ts';
import type { ConnectionLoss } from './evidence.ts';
import { expiryOf } from './token-expiry.ts';

/** Looks for one cause; undefined: the evidence does not show it. */
export type Rule = (facts: Facts) => Finding | undefined;

const speaksOfRate = /rate[\s_-]?limit|too many requests|\b429\b/i;
const speaksOfExpiry = /\bexpir/i;
/** As a health answers: a page that stands at its path by mistake says other things. */
const speaksOfTrouble = /^it says (degraded|unhealthy|critical|down|error|fail\w*|not[ _-]?ready|starting|initializing|unavailable)\b/i;
const speaksOfSubprotocol = /sub-?protocol/i;
const speaksOfUserLimit = /too many (open |active |concurrent )?(connections|sessions|sockets)|(connections?|sessions?)( per user)? (limit|quota|exceeded)|max(imum)?( number of)?( open| active| concurrent)? (connections|sessions)/i;

/** The target's own trouble: internal error, restart, overload, bad gateway (RFC 6455 and its registry). */
const errorCodes: ReadonlySet<number> = new Set([1011, 1012, 1013, 1014]);
/** A connection that lived this long was let in, and is not turned away for being one too many. */
const briefMs = 10_000;
const certificateCode = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const tlsCode = /^(ERR_TLS|ERR_SSL|EPROTO)/;
/** The way there failed, and not the target. */
const routeCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);
const brokenCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE']);
const longestName = 60;
const logRemedy = 'Look at the log of the target at this time.';

export const offline: Rule = ({ observed, environment }) =>
  observed.online
    ? undefined
    : { layer: 'monitor', cause: 'offline', sentence: `This machine is offline; of ${environment.name} nothing can be said.`, remedy: 'Connect this machine to its network. Runs of this time are left out.' };

export const socketLimit: Rule = ({ losses }) => {
  const limited = losses.find(({ reason }) => reason === 'socket-limit');
  if (limited === undefined) return undefined;
  const { remedy } = connectionErrors.socketLimit(0);
  return { layer: 'monitor', cause: 'socket-limit', sentence: 'This page holds as many sockets as the browser lets it.', remedy };
};

export const wrongMode: Rule = ({ losses, observed: { mode }, place }) =>
  mode === undefined || mode === 'main' || !losses.some(({ reason }) => reason === 'unusable')
    ? undefined
    : {
        layer: 'server',
        cause: 'wrong-mode',
        sentence: `${place} serves this monitor in its mode "${mode}", which never streams the events of agents.`,
        remedy: 'Correct the path or the mode of eventsUrl: the target streams on /ws in its mode "main".',
      };

export const mixedContent: Rule = ({ page, loss, isEncrypted, space, isAnswering, place }) =>
  page?.scheme !== 'https' || loss === undefined || isEncrypted || space === 'loopback' || isAnswering === true
    ? undefined
    : {
        layer: 'monitor',
        cause: 'mixed-content',
        sentence: `This page came over HTTPS, and a browser lets such a page reach nothing that is not encrypted: not ${place}.`,
        remedy: 'Give the target https:// and wss:// addresses, or open this page over http:// or on the machine of the target.',
      };

export const userLimitByItsWords: Rule = (facts) => (facts.losses.some(({ words }) => says(words, speaksOfUserLimit)) ? tooManyOfOneUser(facts) : undefined);

export const rateLimited: Rule = ({ losses, observed, answers, place }) => {
  const loss = losses.find(({ code, words }) => code === 429 || says(words, speaksOfRate));
  const isAsked = answers?.health.status === 429 || answers?.upgrade?.status === 429;
  if (loss === undefined && !isAsked && observed.limited === undefined) return undefined;
  const how = loss?.code === 429 || (loss === undefined && isAsked) ? ' (HTTP 429)' : quoted(loss?.words ?? observed.limited);
  return {
    layer: 'server',
    cause: 'rate-limited',
    sentence: `${place} limits the rate of this monitor${how}.`,
    remedy: 'Raise probe.everyMs, lower probe.maxRunsPerHour or concurrentConnections, or raise the limit of the target for these users.',
  };
};

export const expiredByItsWords: Rule = (facts) => {
  const loss = facts.losses.find(({ words, cause }) => cause !== 'network' && says(words, speaksOfExpiry));
  return loss === undefined ? undefined : expired(facts, quoted(loss.words));
};

export const userLimit: Rule = (facts) => {
  const { isOneUser, open, losses, isAnswering } = facts;
  if (!isOneUser || open.length === 0) return undefined;
  const turnedAway = losses.filter((loss) => isTurnedAway(loss, isAnswering === true));
  return turnedAway.length === 0 ? undefined : tooManyOfOneUser(facts);
};

export const tokenExpired: Rule = (facts) => {
  const { environment, losses, observed } = facts;
  const isEnded = losses.some(({ reason }) => reason === 'session-expired');
  if (isEnded) return { ...expired(facts, ''), also: 'token-refused' };
  const expiry = environment.auth.method === 'token' ? expiryOf(environment.auth.token) : undefined;
  const isRelevant = losses.some(({ cause, reason }) => cause === 'auth' || reason === 'unreachable');
  return expiry === undefined || expiry > observed.at || !isRelevant ? undefined : expired(facts, ` (at ${new Date(expiry).toISOString()})`);
};

export const subprotocolRefused: Rule = ({ losses, carriage, answers, place }) => {
  const remedy = 'Set auth.as to a form that the target accepts, for example `bearer.{token}`, or auth.carry to query or message.';
  const finding = { cause: 'subprotocol-refused', remedy } as const;
  const said = losses.find(({ words, reason }) => reason !== 'unusable' && says(words, speaksOfSubprotocol));
  if (said !== undefined) return { ...finding, layer: 'auth', sentence: `${place} refuses the subprotocol that carries the token${quoted(said.words)}.` };
  if (carriage !== 'subprotocol') return undefined;
  const closed = losses.find(({ code }) => code === 1003);
  if (closed !== undefined) return { ...finding, layer: 'auth', sentence: `${place} closed with code 1003${quoted(closed.words)}: it does not take the subprotocol that carries the token.` };
  if (losses.some(({ reason, words }) => reason === 'unusable' && says(words, /SyntaxError/))) {
    return { ...finding, layer: 'monitor', sentence: 'The token holds characters that no subprotocol may have, so no connection can be tried with it.', remedy: 'Set auth.carry to query or message, or give the token without padding and spaces.' };
  }
  const isLetInWithout = answers?.upgrade?.outcome === 'answered' && losses.some(isRefusedUpgrade);
  return isLetInWithout
    ? { ...finding, layer: 'auth', sentence: `${place} lets a WebSocket in without a subprotocol, and refuses the one that carries the token.`, also: 'token-refused' }
    : undefined;
};

export const tokenRefused: Rule = ({ losses, answers, place, page }) => {
  const refused = losses.find(({ cause }) => cause === 'auth');
  const { remedy } = connectionErrors.authRefused(place, undefined);
  const finding = { layer: 'auth', cause: 'token-refused', remedy } as const;
  if (refused !== undefined) {
    const how = refused.code === undefined ? quoted(refused.words) : refused.code < 1000 ? ` (HTTP ${refused.code})` : ` (code ${refused.code}${refused.words === undefined ? '' : `, "${refused.words}"`})`;
    return { ...finding, sentence: `${place} refuses the sign-in${how}.` };
  }
  const status = answers?.upgrade?.status;
  if (page !== undefined || (status !== 401 && status !== 403) || !losses.some(isRefusedUpgrade)) return undefined;
  return { ...finding, sentence: `${place} refuses the upgrade to a WebSocket with HTTP ${status}.`, ...(status === 403 && { also: 'cors-refused' as const }) };
};

export const targetError: Rule = ({ losses, answers, place }) => {
  const loss = losses.find(({ code }) => code !== undefined && (errorCodes.has(code) || (code >= 500 && code < 600)));
  const finding = { layer: 'server', cause: 'target-error', remedy: logRemedy } as const;
  if (loss?.code !== undefined) {
    return { ...finding, sentence: `${place} has an error of its own: it ${loss.code < 1000 ? `answered with HTTP ${loss.code}` : `closed with code ${loss.code}`}${loss.code < 1000 ? '' : quoted(loss.words)}.` };
  }
  if (losses.length === 0) return undefined;
  const upgrade = answers?.upgrade?.status;
  if (upgrade !== undefined && upgrade >= 500) return { ...finding, sentence: `${place} has an error of its own: it refused the upgrade to a WebSocket with HTTP ${upgrade}.` };
  const health = answers?.health;
  const isBad = health?.status !== undefined && !health.ok && (health.status >= 500 || says(health.reason, speaksOfTrouble));
  return isBad ? { ...finding, sentence: `${place} has an error of its own: its health is bad (${health.reason ?? `HTTP ${health.status}`}).` } : undefined;
};

export const tls: Rule = ({ answers, losses, origin }) => {
  const codes = [answers?.host?.code, answers?.upgrade?.code].filter((code) => code !== undefined);
  const certificate = codes.find((code) => certificateCode.test(code));
  const code = certificate ?? codes.find((each) => tlsCode.test(each)) ?? (losses.some((loss) => loss.code === 1015) ? 'code 1015' : undefined);
  if (losses.length === 0 || code === undefined) return undefined;
  const finding = { layer: 'network', cause: 'tls' } as const;
  if (certificate === undefined) {
    return { ...finding, sentence: `No secure channel to ${origin} comes about (${code}).`, remedy: 'Check that the target speaks TLS at this port, in a version that is known here; without TLS its addresses begin with http:// and ws://.' };
  }
  return {
    ...finding,
    sentence: `The certificate of ${origin} is not accepted here (${code}).`,
    remedy: 'Have the target show a certificate of a trusted authority for this name, or make its authority known here (for Node: NODE_EXTRA_CA_CERTS).',
  };
};

export const localNetworkBlocked: Rule = ({ page, answers, space, isAnswering, losses, origin }) => {
  if (page === undefined || isAnswering !== false || losses.length === 0 || answers?.permission === undefined || answers.permission === 'granted') return undefined;
  if (space === 'public' || space === 'named') return undefined;
  const from = spaceOf(page.host);
  const isNearer = from !== 'loopback' && from !== space;
  // A request that the browser keeps back turns the permission of a secure page to denied; of any other page it always is.
  const isDenied = page.isSecure && answers.permission === 'denied';
  if (!isDenied && !isNearer) return undefined;
  const where = space === 'loopback' ? 'this machine itself' : 'the local network';
  return {
    layer: 'monitor',
    cause: 'local-network-blocked',
    sentence: `The browser keeps this page from ${origin}: it has no permission to reach ${where} (Local Network Access).`,
    remedy: page.isSecure
      ? 'Allow this page access to the local network (beside its address, or with the policy LocalNetworkAccessAllowedForUrls), then connect again; or open the page from the machine of the target.'
      : 'Open this page over HTTPS or at localhost, where the browser can ask for the permission.',
    also: 'target-down',
  };
};

export const corsRefused: Rule = ({ page, answers, isAnswering, losses, origin, carriage }) => {
  if (page === undefined || isAnswering !== true) return undefined;
  const isLogin = losses.some(({ stage, reason }) => stage === 'login' && reason === 'unreachable');
  const isUnreadable = answers?.health.status === undefined && losses.some(isRefusedUpgrade) && answers?.upgrade?.outcome !== 'answered';
  if (!isLogin && !isUnreadable) return undefined;
  const finding = {
    layer: 'server',
    cause: 'cors-refused',
    sentence: `${origin} answers, but not to this page: it does not allow the origin ${page.origin}.`,
    remedy: `Add ${page.origin} to the origins that the target allows, for ${isLogin ? 'CORS with the method POST and the header Content-Type' : 'CORS and for WebSockets'}.`,
  } as const;
  return isLogin || carriage === undefined ? finding : { ...finding, also: 'token-refused' };
};

/** A page is told no more of a refused upgrade than that there was none. */
export const upgradeRefused: Rule = ({ page, environment, isAnswering, losses, place, carriage }) => {
  if (page === undefined || isAnswering !== true || !losses.some(isRefusedUpgrade)) return undefined;
  const sentence = `${place} answers, but refuses the upgrade to a WebSocket from ${page.origin}.`;
  const remedy = `Check the path of eventsUrl, that the target allows the origin ${page.origin} for WebSockets, and that the token is valid.`;
  const isTokenOld = environment.auth.method === 'token' && carriage !== 'message';
  if (isTokenOld) return { layer: 'auth', cause: 'token-refused', sentence, remedy, also: 'cors-refused' };
  return { layer: 'server', cause: 'cors-refused', sentence, remedy, ...(carriage !== undefined && { also: 'token-refused' as const }) };
};

export const targetDown: Rule = ({ answers, isAnswering, losses, origin, isEncrypted, page }) => {
  const host = answers?.host;
  if (host?.outcome !== 'failed' || isAnswering === true || losses.length === 0) return undefined;
  const { code } = host;
  // Something does speak there, but not HTTP.
  if (code?.startsWith('HPE_') === true) return undefined;
  const finding = { cause: 'target-down', remedy: 'Check that the target runs, and the address, path and allowed origins.' } as const;
  if (code !== undefined && routeCodes.has(code)) {
    const why = code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'its name is not known here' : 'no way leads there';
    return { ...finding, layer: 'network', sentence: `${origin} cannot be reached: ${why} (${code}).`, remedy: 'Check the name in the environment, and the network, VPN and name service of this machine.' };
  }
  if (code !== undefined && brokenCodes.has(code)) {
    return { ...finding, layer: 'network', sentence: `${origin} accepts connections and breaks them off at once (${code}): a proxy without its target, or a target that ends.` };
  }
  const told = code === undefined ? '' : ` (${code})`;
  return { ...finding, layer: 'server', sentence: `Nothing answers at ${origin}${told}: the target is down.`, ...(page !== undefined && isEncrypted && { also: 'tls' as const }) };
};

export const halfOpen: Rule = (facts) => {
  const { silent, losses, answers, isAnswering, place } = facts;
  const finding = { layer: 'network', cause: 'half-open', remedy: 'Look at proxies, load balancers and firewalls in between, and whether the target hangs.' } as const;
  if (silent.length > 0) {
    const seconds = Math.round(Math.max(...silent.map(({ silentMs }) => silentMs ?? 0)) / 1000);
    const isDeaf = answers !== undefined && answers.health.status === undefined;
    return { ...finding, sentence: `Nothing came over ${share(silent.length, facts)} to ${place} for ${seconds} s, not even a heartbeat, though ${silent.length === 1 ? 'it looks' : 'they look'} open.`, ...(isDeaf && { also: 'target-down' as const }) };
  }
  if (losses.some(({ reason }) => reason === 'fell-silent')) {
    return { ...finding, sentence: `The connection to ${place} was open at this end alone: no heartbeat came for as long as the target allows.` };
  }
  if (answers === undefined || !losses.some(({ reason }) => reason === 'timeout')) return undefined;
  if (isAnswering === true) return { ...finding, sentence: `${place} answers, but does not complete a connection.`, also: 'target-error' };
  return { ...finding, sentence: `${place} neither accepts nor refuses a connection: what is sent there is swallowed.`, also: 'target-down' };
};

export const noRoom: Rule = (facts) => {
  const { mute, talking, place } = facts;
  const isAcknowledged = mute.some((connection) => connection.mute === 'acknowledged');
  if (mute.length === 0 || (talking.length === 0 && !isAcknowledged)) return undefined;
  const others = talking.length === 0 ? '' : `, while ${talking.length === 1 ? 'another one gets its' : `${talking.length} others get their`} events`;
  return {
    layer: 'server',
    cause: 'no-room',
    sentence: `${share(mute.length, facts)} to ${place} ${mute.length === 1 ? 'is' : 'are'} in no room: alive, ${isAcknowledged ? 'and the target takes the triggers' : 'and triggered'}, yet no event comes${others}.`,
    remedy: 'Check that the target joins each connection to the room (thread, channel) of its user, also after a reconnect, and that the trigger names it.',
    ...(talking.length === 0 && { also: 'heartbeats-only' as const }),
  };
};

export const heartbeatsOnly: Rule = (facts) => {
  const { mute, place } = facts;
  if (mute.length === 0) return undefined;
  return {
    layer: 'agent',
    cause: 'heartbeats-only',
    sentence: `${place} is alive, but sends nothing beyond heartbeats: ${share(mute.length, facts)} triggered a run, and no event came.`,
    remedy: 'Look at the agents behind the target: whether they take the trigger (probe.message), run at all, and emit events.',
    also: 'no-room',
  };
};

export const agentFailed: Rule = ({ observed: { runs }, place }) =>
  runs.failed === 0 || runs.failed * 2 < runs.judged
    ? undefined
    : {
        layer: 'agent',
        cause: 'agent-failed',
        sentence: `The agents behind ${place} give up: ${runs.failed} of ${runs.judged} ${runs.judged === 1 ? 'run' : 'runs'} of the last minute ended with an error of their own.`,
        remedy: 'Open one of the failed runs to read its error, and look at the log of the agents.',
      };

export const unknown: Rule = ({ loss, losses, place, answers }) => {
  if (loss === undefined) return undefined;
  const layer = loss.cause === 'auth' ? 'auth' : loss.cause === 'server' ? 'server' : loss.cause === 'network' ? 'network' : 'monitor';
  const status = answers?.upgrade?.status ?? loss.code;
  const told = status === undefined ? quoted(loss.words) : ` (${status < 1000 ? 'HTTP' : 'code'} ${status}${loss.words === undefined ? '' : `, "${loss.words}"`})`;
  const what = losses.some(({ stage }) => stage === 'open') ? 'was lost' : 'does not come about';
  return { layer, cause: 'unknown', sentence: `The connection to ${place} ${what}${told}, and nothing that can be asked tells why.`, remedy: logRemedy };
};

function tooManyOfOneUser(facts: Facts): Finding {
  const { open, losses, isOneUser, observed, environment, place } = facts;
  const user = observed.connections.find((connection) => connection.user !== undefined)?.user;
  const said = losses.find(({ words }) => words !== undefined)?.words;
  const isOne = isOneUser ? `all come as one user${user === undefined ? '' : ` (${user.slice(0, longestName)})`}, of whom it takes only so many` : 'it takes no more';
  const own = `Give each connection a user of its own: "user": "probe-{n}"${environment.auth.method === 'none' ? '' : ', and {n} in the token or the login’s body'}`;
  return {
    layer: 'server',
    cause: 'user-limit',
    sentence: `${place} holds ${share(open.length, facts)} and turns the others away${quoted(said)}: ${isOne}.`,
    remedy: isOneUser ? `${own}; or lower concurrentConnections to ${Math.max(1, open.length)}.` : `Lower concurrentConnections to ${Math.max(1, open.length)}, or raise the limit of the target.`,
  };
}

function expired({ place, environment }: Facts, how: string): Finding {
  return {
    layer: 'auth',
    cause: 'token-expired',
    sentence: `The token for ${place} has expired${how}.`,
    remedy: environment.auth.method === 'login' ? 'Nothing to do: it signs in anew. If this happens often, look at the life of the tokens.' : 'Put a new token into the environment’s auth, or let it log in (auth.method "login"), which brings a new one each time.',
  };
}

function isTurnedAway({ cause, stage, code, words, openForMs, reason }: ConnectionLoss, isAnswering: boolean): boolean {
  if ((openForMs ?? 0) >= briefMs || stage === 'login') return false;
  if (code !== undefined && (errorCodes.has(code) || code === 1003)) return false;
  if (says(words, speaksOfExpiry) || says(words, speaksOfSubprotocol)) return false;
  return cause === 'server' || cause === 'auth' || (isAnswering && reason === 'unreachable');
}

/** A socket that never opened. */
const isRefusedUpgrade = ({ stage, reason }: ConnectionLoss): boolean => stage === 'connection' && reason === 'unreachable';

const says = (words: string | undefined, what: RegExp): boolean => words !== undefined && what.test(words);

/** Values that are nested deeper are not told: no configuration goes so deep, and their paths would grow without bound. */
const deepest = 64;

interface Container {
  /** Of the container itself; undefined below `deepest`. */
  readonly path: string | undefined;
  readonly isList: boolean;
  /** Items so far. */
  items: number;
}

/**
 * Goes through a JSON text (RFC 8259) and tells of each value where it begins, its path written as in a fault: `environments[0].slo.target`,
 * and the empty text for the whole. `JSON.parse` gives the values and not their places, and each engine words its faults in its own way.
 *
 * @returns where the text stops being JSON, or undefined where all of it is
 */
export function scanJson(text: string, visit: (path: string, offset: number) => void): number | undefined {
  const open: Container[] = [];
  let path: string | undefined = '';
  let at = skipSpace(text, 0);
  for (;;) {
    if (path !== undefined) visit(path, at);
    const first = text[at];
    if (first === '{' || first === '[') {
      const container: Container = { path: open.length < deepest ? path : undefined, isList: first === '[', items: 0 };
      at = skipSpace(text, at + 1);
      if (text[at] === closing(container)) at += 1;
      else {
        open.push(container);
        const member = beginMember(text, at, container);
        if ('fault' in member) return member.fault;
        ({ at, path } = member);
        continue;
      }
    } else {
      const end = endOfScalar(text, at);
      if ('fault' in end) return end.fault;
      at = end.at;
    }

    // A value has ended: so may what it stands in.
    for (;;) {
      at = skipSpace(text, at);
      const container = open.at(-1);
      if (container === undefined) return at === text.length ? undefined : at;
      if (text[at] === closing(container)) {
        open.pop();
        at += 1;
        continue;
      }
      if (text[at] !== ',') return at;
      const member = beginMember(text, skipSpace(text, at + 1), container);
      if ('fault' in member) return member.fault;
      ({ at, path } = member);
      break;
    }
  }
}

type Step = { readonly at: number } | { readonly fault: number };

const closing = ({ isList }: Container): string => (isList ? ']' : '}');

/** The place and the path of a container's next value; of an object, its key is read first. */
function beginMember(text: string, at: number, container: Container): { readonly at: number; readonly path: string | undefined } | { readonly fault: number } {
  const { path, isList, items } = container;
  container.items += 1;
  if (isList) return { at, path: path === undefined ? undefined : `${path}[${items}]` };
  if (text[at] !== '"') return { fault: at };
  const end = endOfString(text, at);
  if ('fault' in end) return end;
  const colon = skipSpace(text, end.at);
  if (text[colon] !== ':') return { fault: colon };
  const value = skipSpace(text, colon + 1);
  if (path === undefined) return { at: value, path };
  const key: unknown = JSON.parse(text.slice(at, end.at));
  return { at: value, path: path === '' ? String(key) : `${path}.${String(key)}` };
}

function endOfScalar(text: string, at: number): Step {
  if (text[at] === '"') return endOfString(text, at);
  scalar.lastIndex = at;
  const found = scalar.exec(text)?.[0];
  return found === undefined ? { fault: at } : { at: at + found.length };
}

const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const escaped = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y;

/** By hand: a pattern for a whole string would overflow on a long one. */
function endOfString(text: string, start: number): Step {
  let at = start + 1;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') return { at: at + 1 };
    if (char === undefined || char < ' ') break;
    if (char === '\\') {
      escaped.lastIndex = at;
      const found = escaped.exec(text)?.[0];
      if (found === undefined) break;
      at += found.length;
    } else at += 1;
  }
  return { fault: at };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at += 1;
  return at;
}

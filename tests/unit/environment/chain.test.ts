import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMs } from '#base/units.ts';
import { advanceChain, beginChain, offerAfterMs, restMs, type Chain, type ChainFact, type SeenEnvironment } from '#environment/chain.ts';
import type { ChainLink, StepState } from '#environment/chain-step.ts';

const limit = 30_000;
const link = (id: string, fields: Partial<ChainLink> = {}): ChainLink => ({ id, kind: 'local', startupTimeoutMs: limit, healthIntervalMs: 10_000, needs: [], ...fields });
const three = [link('local'), link('staging', { kind: 'staging' }), link('mock', { kind: 'mock' })];
const token = { reason: 'auth-refused', message: 'wss://staging/ws refused the sign-in ("HTTP 401").' };

/** A chain on a clock of its own, over environments whose state the test sets. */
class World {
  chain: Chain;
  at = 1000;
  readonly seen = new Map<string, SeenEnvironment>();

  constructor(links: readonly ChainLink[] = three) {
    this.chain = beginChain(links, epochMs(this.at));
    for (const { id } of links) this.seen.set(id, { id, health: null, phase: 'idle', open: 0, problem: null, diagnosis: null });
  }

  /** Lets time pass and says how everything stands. */
  pass(ms = 250): this {
    this.at += ms;
    return this.tell({ kind: 'seen', at: epochMs(this.at), environments: [...this.seen.values()] });
  }

  /** An environment answers the question how it is. */
  answer(id: string, ok: boolean, reason = 'did not answer'): this {
    return this.set(id, { health: { at: epochMs(this.at), durationMs: 3, ok, reason: ok ? null : reason } }).pass(0);
  }

  set(id: string, change: Partial<SeenEnvironment>): this {
    const before = this.seen.get(id);
    if (before !== undefined) this.seen.set(id, { ...before, ...change });
    return this;
  }

  /** The watch that is wished for has begun, and its connections stand as `change` says. */
  watched(id: string, change: Partial<SeenEnvironment>): this {
    this.tell({ kind: 'watched', at: epochMs(this.at), id, problem: null });
    return this.set(id, change).pass();
  }

  /** The step that is being tried comes up. */
  comesUp(id: string): this {
    return this.pass().answer(id, true).watched(id, { phase: 'watching', open: 3, problem: null });
  }

  /** The step that is being tried answers badly until its time is over. */
  staysDown(id: string): this {
    while (this.step(id)?.state === 'trying') this.pass(this.step(id)?.askEveryMs ?? 1000).answer(id, false);
    return this;
  }

  say(kind: 'use' | 'declined', id: string): this {
    return this.tell({ kind, at: epochMs(this.at), id });
  }

  again(): this {
    return this.tell({ kind: 'again', at: epochMs(this.at) });
  }

  tell(fact: ChainFact): this {
    this.chain = advanceChain(this.chain, fact);
    return this;
  }

  step(id: string) {
    return this.chain.steps.find((step) => step.id === id);
  }

  get states(): (StepState | undefined)[] {
    return this.chain.steps.map(({ state }) => state);
  }

  get place() {
    const { inUse, wish } = this.chain;
    return { inUse, wish };
  }
}

describe('the preferred environment', () => {
  test('is asked how it is before anything is connected', () => {
    const world = new World();
    expect([world.states, world.place]).toEqual([['trying', 'standby', 'standby'], { inUse: null, wish: null }]);
    expect(world.chain.steps.map(({ askEveryMs }) => askEveryMs)).toEqual([1000, null, null]);
  });

  test('is used once it is healthy and a connection is open, and the others are left alone', () => {
    const world = new World().pass().answer('local', true);
    expect([world.states[0], world.place]).toEqual(['trying', { inUse: null, wish: 'local' }]);
    world.watched('local', { phase: 'starting' });
    expect(world.place).toEqual({ inUse: null, wish: 'local' });
    world.set('local', { phase: 'watching', open: 1 }).pass();
    expect([world.states, world.place]).toEqual([['in-use', 'standby', 'standby'], { inUse: 'local', wish: 'local' }]);
    expect(world.chain.steps.map(({ askEveryMs }) => askEveryMs)).toEqual([10_000, null, null]);
    expect(world.step('local')).toMatchObject({ reason: null, tries: [{ at: 1250, durationMs: 3, ok: true }], healthyAt: 1250, upAt: 1750 });
  });

  test('is asked after pauses of 1, 2, 4, 8 s, and the last time just at its limit; then it is refused with what it said', () => {
    const world = new World();
    const at: number[] = [];
    world.answer('local', false);
    while (world.step('local')?.state === 'trying') {
      at.push(world.at - 1000);
      world.pass(world.step('local')?.askEveryMs ?? 0).answer('local', false, 'HTTP 503');
    }
    expect([...at, world.at - 1000]).toEqual([0, 1000, 3000, 7000, 15_000, 30_000]);
    expect(world.step('local')).toMatchObject({ state: 'refused', since: 31_000, reason: 'HTTP 503' });
    expect(world.step('local')?.tries).toHaveLength(6);
    expect(world.states).toEqual(['refused', 'trying', 'standby']);
  });

  test('is used also where it becomes healthy only later', () => {
    const world = new World().answer('local', false).pass(1000).answer('local', false).pass(2000).comesUp('local');
    expect(world.place).toEqual({ inUse: 'local', wish: 'local' });
  });
});

describe('a step is refused', () => {
  test('at once where its sign-in is refused, although it answers that it is well', () => {
    const world = new World().staysDown('local').pass().answer('staging', true).watched('staging', { phase: 'starting', problem: token });
    expect(world.states).toEqual(['refused', 'refused', 'trying']);
    expect(world.step('staging')).toMatchObject({ reason: token.message, locked: true });
    expect(world.step('staging')?.askEveryMs).toBeNull();
  });

  test('where every connection was given up', () => {
    const world = new World().pass().answer('local', true).watched('local', { phase: 'failed', problem: { reason: 'retries-used-up', message: 'Given up after 5 retries.' } });
    expect(world.step('local')).toMatchObject({ state: 'refused', reason: 'Given up after 5 retries.', locked: false });
  });

  test('where it is healthy and no connection opens in time', () => {
    const world = new World().pass().answer('local', true).watched('local', { phase: 'starting', problem: { reason: 'timeout', message: 'slow' } });
    world.pass(limit - 500);
    expect(world.states[0]).toBe('trying');
    world.pass(500);
    expect(world.step('local')).toMatchObject({ state: 'refused', reason: 'it is healthy, but no connection opened within 30 s' });
  });

  test('where it cannot be watched at all', () => {
    const world = new World().pass().answer('local', true).tell({ kind: 'watched', at: epochMs(2000), id: 'local', problem: 'eventsUrl: found x' });
    expect(world.step('local')).toMatchObject({ state: 'refused', reason: 'eventsUrl: found x', locked: true });
  });

  test('and what was found out about it is kept when it is let go', () => {
    const diagnosis = { sentence: 'Nothing listens there.', remedy: 'Start it.', ruledOut: ['token'] };
    const world = new World().pass().answer('local', true).watched('local', { phase: 'starting', diagnosis }).set('local', { phase: 'failed' }).pass().set('local', { phase: 'idle', diagnosis: null }).pass();
    expect(world.step('local')).toMatchObject({ state: 'refused', diagnosis });
    expect(world.say('use', 'local').step('local')?.diagnosis).toBeNull();
  });

  test('but not for what was seen before its watch began', () => {
    const world = new World().set('local', { phase: 'failed', problem: token }).pass().answer('local', true).pass();
    expect(world.states[0]).toBe('trying');
    world.watched('local', { phase: 'watching', open: 2, problem: null });
    expect(world.chain.inUse).toBe('local');
  });
});

describe('the fallback', () => {
  test('is the first healthy one in the order of the list, and both refusals stay readable', () => {
    const world = new World().staysDown('local').pass().answer('staging', true).watched('staging', { phase: 'starting', problem: token }).comesUp('mock');
    expect([world.states, world.place]).toEqual([['refused', 'refused', 'in-use'], { inUse: 'mock', wish: 'mock' }]);
    expect(world.chain.steps.map(({ reason }) => reason)).toEqual(['did not answer', token.message, null]);
    expect(world.chain.steps.map(({ tries }) => tries.length)).toEqual([6, 1, 1]);
  });

  test('stays until it fails: a connection that is lost may come back', () => {
    const world = new World().staysDown('local').comesUp('staging').set('staging', { phase: 'starting', open: 0 }).pass().pass(limit - 1000);
    expect(world.chain.inUse).toBe('staging');
    world.set('staging', { phase: 'watching', open: 1 }).pass().set('staging', { open: 0 }).pass(limit - 1000);
    expect(world.chain.inUse).toBe('staging');
  });

  test.each([
    ['its connections stay away', { phase: 'starting', open: 0, problem: { reason: 'connection-lost', message: 'The connection was lost.' } } as const, 'The connection was lost.'],
    ['it says that it is not well', { health: { at: epochMs(900_000), durationMs: 1, ok: false, reason: 'it says degraded' } } as const, 'it says degraded'],
  ])('is left where %s as long as it had to start', (_what, change, reason) => {
    const world = new World().staysDown('local').comesUp('staging').set('staging', change).pass().pass(limit);
    expect([world.states, world.chain.wish]).toEqual([['refused', 'refused', 'trying'], null]);
    expect(world.step('staging')?.reason).toBe(reason);
  });

  test('is left at once where its sign-in is refused later on', () => {
    const world = new World().staysDown('local').comesUp('staging').set('staging', { phase: 'failed', open: 0, problem: token }).pass();
    expect(world.states).toEqual(['refused', 'refused', 'trying']);
  });

  test('goes on to the preferred one, if that is well again, where the one in use fails', () => {
    const world = new World().staysDown('local').comesUp('staging').pass(5000).answer('local', true).set('staging', { phase: 'failed', open: 0 }).pass();
    expect(world.states).toEqual(['trying', 'refused', 'standby']);
  });

  test('that needs a value is passed over, and used when somebody enters it', () => {
    const world = new World([link('local'), link('staging', { needs: ['STAGING_KEY'] }), link('mock')]).staysDown('local');
    expect([world.states, world.step('staging')?.reason]).toEqual([['refused', 'refused', 'trying'], 'it needs a value for STAGING_KEY']);
    world.comesUp('mock').say('use', 'staging');
    expect([world.states, world.place]).toEqual([['refused', 'trying', 'standby'], { inUse: null, wish: 'mock' }]);
    world.comesUp('staging');
    expect(world.place).toEqual({ inUse: 'staging', wish: 'staging' });
  });
});

describe('where nothing is healthy', () => {
  const down = (): World => new World().staysDown('local').staysDown('staging').staysDown('mock');

  test('nothing is watched, and all of them go on being asked', () => {
    const world = down();
    expect([world.states, world.chain.current, world.place]).toEqual([['refused', 'refused', 'refused'], null, { inUse: null, wish: null }]);
    expect(world.chain.steps.map(({ askEveryMs }) => askEveryMs)).toEqual([10_000, 10_000, 10_000]);
  });

  test('the first that becomes healthy is used', () => {
    expect(down().pass(10_000).answer('staging', true).comesUp('staging').chain.inUse).toBe('staging');
  });

  test('one that is healthy but does not let anybody in is tried anew after a rest', () => {
    const world = new World([link('local'), link('mock', { startupTimeoutMs: 1000 })]).pass().answer('local', true);
    world.watched('local', { phase: 'failed', problem: { reason: 'retries-used-up', message: 'Given up.' } }).staysDown('mock').pass(restMs - 2000);
    expect(world.states).toEqual(['refused', 'refused']);
    world.pass(2000);
    expect(world.states).toEqual(['trying', 'refused']);
  });

  test('a sign-in that was refused is not tried again, however healthy its target is', () => {
    const world = new World([link('local'), link('mock')]).pass().answer('local', true).watched('local', { phase: 'failed', problem: token }).staysDown('mock');
    for (let i = 0; i < 100; i += 1) world.pass(10_000).answer('local', true).answer('mock', false);
    expect(world.states).toEqual(['refused', 'refused']);
    expect(world.again().states).toEqual(['trying', 'standby']);
  });
});

describe('the way back', () => {
  const onStaging = (): World => new World().staysDown('local').comesUp('staging');

  test('is offered once the preferred one has been healthy for a minute, and taken by nobody but the reader', () => {
    const world = onStaging().pass(1000).answer('local', true);
    expect(world.step('local')).toMatchObject({ state: 'refused', healthySince: world.at, offerAt: world.at + offerAfterMs });
    for (let i = 0; i < 5; i += 1) world.pass(10_000).answer('local', true);
    expect(world.states).toEqual(['refused', 'in-use', 'standby']);
    world.pass(10_000).answer('local', true);
    expect([world.states, world.place]).toEqual([['offered', 'in-use', 'standby'], { inUse: 'staging', wish: 'staging' }]);
    for (let i = 0; i < 100; i += 1) world.pass(10_000).answer('local', true);
    expect(world.place).toEqual({ inUse: 'staging', wish: 'staging' });

    // What is in use is watched on until the other one is really there.
    world.say('use', 'local');
    expect([world.states, world.place]).toEqual([['trying', 'standby', 'standby'], { inUse: null, wish: 'staging' }]);
    world.comesUp('local');
    expect([world.states, world.place]).toEqual([['in-use', 'standby', 'standby'], { inUse: 'local', wish: 'local' }]);
  });

  test('is no longer offered when it is not healthy any more, and the minute begins anew', () => {
    const world = onStaging();
    for (let i = 0; i < 7; i += 1) world.pass(10_000).answer('local', true);
    expect(world.states[0]).toBe('offered');
    world.pass(1000).answer('local', false, 'HTTP 500');
    expect(world.step('local')).toMatchObject({ state: 'refused', reason: 'HTTP 500', offerAt: null });
    expect(world.pass(10_000).answer('local', true).step('local')?.offerAt).toBe(world.at + offerAfterMs);
  });

  test('that comes to nothing leads back to what was watched on, without a gap', () => {
    const world = onStaging().say('use', 'local').staysDown('local');
    expect([world.states, world.place]).toEqual([['refused', 'trying', 'standby'], { inUse: null, wish: 'staging' }]);
    world.pass().answer('staging', true).pass();
    expect([world.states, world.place]).toEqual([['refused', 'in-use', 'standby'], { inUse: 'staging', wish: 'staging' }]);
  });

  test('is not offered where the sign-in was refused', () => {
    const world = new World().pass().answer('local', true).watched('local', { phase: 'failed', problem: token }).comesUp('staging');
    for (let i = 0; i < 20; i += 1) world.pass(10_000).answer('local', true);
    expect(world.step('local')).toMatchObject({ state: 'refused', offerAt: null });
  });
});

describe('production', () => {
  const links = [link('production', { kind: 'production' }), link('staging', { needs: ['KEY'] }), link('mock', { kind: 'mock' })];

  test('is not left without a word: it goes on being watched, and the next one waits', () => {
    const world = new World(links).staysDown('production');
    expect([world.states, world.place]).toEqual([['refused', 'needs-consent', 'standby'], { inUse: null, wish: 'production' }]);
    expect(world.step('staging')?.reason).toBe('it needs a value for KEY');
    for (let i = 0; i < 100; i += 1) world.pass(10_000).answer('production', false).answer('mock', true);
    expect(world.chain.wish).toBe('production');
  });

  test('comes back by itself', () => {
    const world = new World(links).staysDown('production').watched('production', { phase: 'starting' }).pass(10_000).answer('production', true).set('production', { phase: 'watching', open: 1 }).pass();
    expect([world.states, world.place]).toEqual([['in-use', 'standby', 'standby'], { inUse: 'production', wish: 'production' }]);
  });

  test('is left when somebody says so, and watched until the other one is there', () => {
    const world = new World(links).staysDown('production').watched('production', { phase: 'starting' }).say('use', 'mock');
    expect([world.states, world.place]).toEqual([['refused', 'standby', 'trying'], { inUse: null, wish: 'production' }]);
    world.comesUp('mock');
    expect(world.place).toEqual({ inUse: 'mock', wish: 'mock' });
  });

  test('asks as well where it was in use and fails', () => {
    const world = new World(links).comesUp('production').set('production', { phase: 'failed', open: 0, problem: token }).pass();
    expect([world.states, world.place]).toEqual([['refused', 'needs-consent', 'standby'], { inUse: null, wish: 'production' }]);
  });

  test('is asked about also where it is itself a fallback', () => {
    const world = new World([link('local'), link('production', { kind: 'production' }), link('mock')]).staysDown('local').staysDown('production');
    expect([world.states, world.chain.wish]).toEqual([['refused', 'refused', 'needs-consent'], 'production']);
  });
});

describe('a preferred environment that needs a value', () => {
  const links = [link('local', { needs: ['TOKEN', 'KEY'] }), link('mock')];

  test('waits for it', () => {
    const world = new World(links);
    expect([world.states, world.step('local')?.reason]).toEqual([['needs-consent', 'standby'], 'it needs values for TOKEN, KEY']);
    for (let i = 0; i < 10; i += 1) world.pass(10_000);
    expect(world.states).toEqual(['needs-consent', 'standby']);
    expect(world.say('use', 'local').comesUp('local').chain.inUse).toBe('local');
  });

  test('is passed over where nobody enters it', () => {
    const world = new World(links).say('declined', 'local');
    expect([world.states, world.step('local')?.reason]).toEqual([['refused', 'trying'], 'the values that it needs were not entered']);
  });

  test('is asked for it again where its sign-in was refused', () => {
    const world = new World(links).say('use', 'local').pass().answer('local', true).watched('local', { phase: 'failed', problem: token }).comesUp('mock').again();
    expect([world.states, world.place]).toEqual([['needs-consent', 'standby'], { inUse: null, wish: 'mock' }]);
  });
});

test('everything again begins with the preferred one, and watches on what is in use meanwhile', () => {
  const world = new World().staysDown('local').comesUp('staging').again();
  expect([world.states, world.place]).toEqual([['trying', 'standby', 'standby'], { inUse: null, wish: 'staging' }]);
  world.staysDown('local').pass().answer('staging', true).pass();
  expect(world.place).toEqual({ inUse: 'staging', wish: 'staging' });
});

test('a watch that could not begin is no news of what is in use already', () => {
  const world = new World().comesUp('local');
  expect(world.tell({ kind: 'watched', at: epochMs(world.at), id: 'local', problem: 'no' }).place).toEqual({ inUse: 'local', wish: 'local' });
});

test('what nothing but a value can mend is not watched on while everything is tried again', () => {
  const world = new World([link('local'), link('production', { kind: 'production', needs: ['KEY'] })]).say('use', 'production').answer('production', true);
  world.tell({ kind: 'watched', at: epochMs(world.at), id: 'production', problem: 'no' });
  expect(world.chain.wish).toBe('production');
  expect(world.again().place).toEqual({ inUse: null, wish: null });
});

test('production that gave up does not come back with a connection that is still counted', () => {
  const world = new World([link('production', { kind: 'production' }), link('mock')]).comesUp('production').set('production', { phase: 'failed' }).pass();
  expect([world.pass().states[0], world.pass().states[0]]).toEqual(['refused', 'refused']);
  expect(world.set('production', { phase: 'watching' }).pass().chain.inUse).toBe('production');
});

test('what says nothing new changes nothing', () => {
  const world = new World().staysDown('local').comesUp('staging').pass();
  const { chain } = world;
  expect(world.pass().pass().say('use', 'staging').say('use', 'moon').say('declined', 'local').chain).toBe(chain);
});

test('a chain of nothing stays empty', () => {
  const empty = beginChain([], epochMs(0));
  expect(advanceChain(advanceChain(empty, { kind: 'seen', at: epochMs(1), environments: [] }), { kind: 'again', at: epochMs(2) })).toMatchObject({ steps: [], current: null, inUse: null, wish: null });
});

describe('whatever happens', () => {
  const ids = ['a', 'b', 'c', 'd'] as const;
  const id = fc.constantFrom(...ids);
  const happening = fc.oneof(
    fc.record({ what: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ what: fc.constant('answer' as const), id, ok: fc.boolean() }),
    fc.record({ what: fc.constant('set' as const), id, phase: fc.constantFrom('idle', 'starting', 'watching', 'failed'), open: fc.integer({ min: 0, max: 2 }), auth: fc.boolean() }),
    fc.record({ what: fc.constant('watched' as const), ok: fc.boolean() }),
    fc.record({ what: fc.constantFrom('use', 'declined'), id }),
    fc.record({ what: fc.constant('again' as const) }),
  );
  type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;
  const linksOf = fc.tuple(...ids.map((name) => fc.record({ kind: fc.constantFrom('local', 'production', 'mock'), needs: fc.constantFrom<readonly string[]>([], ['KEY']) }).map((fields) => link(name, { ...fields, startupTimeoutMs: 20_000 }))));

  type Look = (before: Chain, after: Chain, what: string, world: World) => boolean;

  /** Holds after each of any row of happenings. */
  const always = (holds: Look) => fc.property(linksOf, fc.array(happening, { maxLength: 60 }), (links, happenings) => play(links, happenings, holds));

  function play(links: readonly ChainLink[], happenings: readonly Happening[], holds: Look): boolean {
    const world = new World(links);
    return happenings.every((each) => {
      const before = world.chain;
      happen(world, each);
      return holds(before, world.chain, each.what, world);
    });
  }

  function happen(world: World, each: Happening): void {
    switch (each.what) {
      case 'pass':
        world.pass(each.ms);
        break;
      case 'answer':
        // An answer is known by its time, and no two come at once.
        world.pass(1).answer(each.id, each.ok);
        break;
      case 'set':
        world.set(each.id, { phase: each.phase, open: each.open, problem: each.auth ? token : null }).pass(1);
        break;
      case 'watched':
        world.tell({ kind: 'watched', at: epochMs(world.at), id: world.chain.wish ?? '', problem: each.ok ? null : 'no' });
        break;
      case 'again':
        world.again();
        break;
      case 'use':
      case 'declined':
        world.say(each.what, each.id);
        break;
    }
  }

  const isWord = (what: string): boolean => what === 'use' || what === 'again';
  const isWell = (seen: SeenEnvironment | undefined): boolean => seen?.health?.ok === true && seen.open > 0;

  test('the order never changes, one step at most is in use, and what is in use is wished for', () => {
    fc.assert(
      always((before, after) => {
        const used = after.steps.filter(({ state }) => state === 'in-use').map((step) => step.id);
        const isOne = after.inUse === null ? used.length === 0 : used.join() === after.inUse && after.wish === after.inUse && after.current === after.inUse;
        return isOne && after.steps.every((step, index) => step.id === before.links[index]?.id) && [null, ...ids].some((each) => each === after.wish);
      }),
      { numRuns: 300 },
    );
  });

  test('what comes to be in use is healthy and connected', () => {
    fc.assert(
      always((before, after, _what, world) => after.inUse === null || after.inUse === before.inUse || isWell(world.seen.get(after.inUse))),
      { numRuns: 300 },
    );
  });

  test('what is in use stays so while it is well, unless somebody says otherwise', () => {
    fc.assert(
      always((before, after, what, world) => {
        const seen = world.seen.get(before.inUse ?? '');
        return isWord(what) || !isWell(seen) || seen?.phase === 'failed' || after.inUse === before.inUse;
      }),
      { numRuns: 300 },
    );
  });

  test('production is never left for another one without a word', () => {
    fc.assert(
      always((before, after, what) => before.links.find((each) => each.id === before.current)?.kind !== 'production' || isWord(what) || after.current === before.current),
      { numRuns: 300 },
    );
  });

  test('nothing is wished for whose values nobody entered', () => {
    fc.assert(always((_before, after) => after.steps.every((step) => step.id !== after.wish || step.needs.length === 0)));
  });

  test('every step that is refused says why, and every try what came of it', () => {
    const says = (text: string | null): boolean => text !== null && text !== '';
    fc.assert(always((_before, after) => after.steps.every(({ state, reason, tries }) => (state !== 'refused' || says(reason)) && tries.every((each) => each.ok || says(each.reason)))));
  });

  test('facts that are told twice change nothing the second time', () => {
    fc.assert(
      always((_before, after, _what, world) => {
        const fact: ChainFact = { kind: 'seen', at: epochMs(world.at), environments: [...world.seen.values()] };
        // One step that is refused lets the next one be tried, which the same facts refuse as well: after all of them nothing is left to happen.
        const told = ids.reduce((chain) => advanceChain(advanceChain(chain, fact), fact), after);
        return advanceChain(told, fact) === told;
      }),
    );
  });
});

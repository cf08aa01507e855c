import { nodeSockets } from '#connection/socket-factory.node.ts';
import { dialectOf } from '#protocol/dialects.ts';
import { diagnosisKit } from './diagnosis-kit.ts';
import { systemClock, systemRandom, wallTime } from './system-clock.ts';
import type { Platform } from './watch.ts';

/** What Node gives a monitor. */
export const nodePlatform = (): Platform => ({ clock: systemClock(), wall: wallTime, random: systemRandom(), sockets: nodeSockets, fetch, dialectOf, diagnosis: diagnosisKit });

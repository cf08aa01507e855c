import type { JsonValue } from '#base/json.ts';
import type { Paths } from './mapping-path.ts';

/** What has to stand where: path → value, `"*"` for anything but null. All of it has to fit. */
export type Conditions = Readonly<Record<string, string | number | boolean>>;
/** A frame by its name or by conditions. */
export type FrameMatch = string | Conditions;

/** A team's own event format, as the environments file describes it: every field is explained there. Paths are dotted. */
export interface Mapping {
  readonly type: Paths;
  readonly names: Readonly<Record<string, string>>;
  readonly runId?: Paths | undefined;
  readonly threadId?: Paths | undefined;
  readonly userId?: Paths | undefined;
  readonly eventId?: Paths | undefined;
  readonly seq?: Paths | undefined;
  readonly sentAt?: Paths | undefined;
  readonly agent?: Paths | undefined;
  readonly tool?: Paths | undefined;
  readonly toolCallId?: Paths | undefined;
  readonly recovered?: Paths | undefined;
  readonly control: readonly FrameMatch[];
  readonly batch?: Paths | undefined;
  readonly rules: readonly { readonly when: Conditions; readonly type: string }[];
  readonly welcome?: FrameMatch | undefined;
  readonly answers: Readonly<Record<string, JsonValue>>;
  readonly clock?: { readonly ask: JsonValue; readonly answer: FrameMatch; readonly at: string } | undefined;
}

import type { Decoded, Dialect, Frame, Remark } from './dialect.ts';

/** What a dialect makes of one frame. */
export interface FrameExplanation {
  readonly decoded: Decoded;
  /** The name of the frame's shape; undefined where it was rejected. */
  readonly shape: string | undefined;
  /** Where a mapping does not fit the frame, in the order of its fields; empty where it fits, and for the dialects that are built in. */
  readonly remarks: readonly Remark[];
}

/** Explains one frame by itself: what a dialect learns from the frames before it, such as the pieces of a large message, is not there. */
export function explainFrame(dialect: Dialect, frame: Frame): FrameExplanation {
  const decoder = dialect.createDecoder();
  const decoded = decoder.decode(frame);
  return {
    decoded,
    shape: decoded.kind === 'rejected' ? undefined : decoder.shapeOf?.(frame, decoded),
    remarks: dialect.explain?.(frame) ?? [],
  };
}

import { diagnose } from '#connection/diagnosis.ts';
import { gatherEvidence, pageHere, permissionHere } from '#connection/evidence.ts';

/** What a diagnosis takes, as one thing that can be loaded once something is wrong: a target that is well needs none of it. */
export const diagnosisKit = { diagnose, gatherEvidence, pageHere, permissionHere };

export type DiagnosisKit = typeof diagnosisKit;

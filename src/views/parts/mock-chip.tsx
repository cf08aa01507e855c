/** Says that what stands here was made by the mock target. */
export const MockChip = () => <span className="chip mock">MOCK</span>;

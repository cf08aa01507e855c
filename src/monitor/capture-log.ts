/** The newest lines of a capture, as text, within a budget; the header is kept whatever else goes. */
export class CaptureLog {
  readonly #budget: number;
  #header = '';
  #lines: string[] = [];
  #start = 0;
  #length = 0;
  evicted = 0;

  /** @param budget most UTF-16 code units that are kept. */
  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Takes the next line, line feed included; the first is the header. */
  add(line: string): void {
    if (this.#header === '') {
      this.#header = line;
      return;
    }
    this.#lines.push(line);
    this.#length += line.length;
    while (this.#length > this.#budget) {
      this.#length -= this.#lines[this.#start]?.length ?? 0;
      this.#lines[this.#start] = '';
      this.#start += 1;
      this.evicted += 1;
    }
    if (this.#start > 4096 && this.#start * 2 > this.#lines.length) {
      this.#lines = this.#lines.slice(this.#start);
      this.#start = 0;
    }
  }

  text(): string {
    return this.#header + this.#lines.slice(this.#start).join('');
  }
}

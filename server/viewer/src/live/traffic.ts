/** How much comes in: bytes and messages per second over the last seconds. */

const WINDOW = 3;

export class Traffic {
  bytes = 0;
  messages = 0;
  private recent: { at: number; bytes: number }[] = [];

  count(bytes: number): void {
    this.bytes += bytes;
    this.messages++;
    this.recent.push({ at: performance.now() / 1000, bytes });
  }

  /** Bytes and messages per second. */
  rates(): { bytes: number; messages: number } {
    const from = performance.now() / 1000 - WINDOW;
    this.recent = this.recent.filter((item) => item.at > from);
    const bytes = this.recent.reduce((sum, item) => sum + item.bytes, 0);
    return { bytes: bytes / WINDOW, messages: this.recent.length / WINDOW };
  }
}

/** One WebSocket that stays: subprotocol twin.v1, requests with answers, pings, reconnect. */
import { SUBPROTOCOL } from "./protocol";
import { hasToken, needsToken, withToken } from "./token";
import { Traffic } from "./traffic";

export type Link = "connecting" | "preparing" | "live" | "stale" | "lost" | "ended" | "refused" | "expired";

export interface Hello {
  op: "hello";
  protocol: string;
  scene: string;
  name: string;
  epoch: number;
  speed: number;
  playing: boolean;
  run: string;
  client: string;
  role: string;
  head: number;
  driver: string;
  history?: [number, number, number][];
}

export interface Answer {
  op: string;
  id?: number;
  message?: string;
  path?: string;
  client?: number;
  wall?: number;
  [key: string]: unknown;
}

export interface Listener {
  hello(hello: Hello): void;
  binary(buffer: ArrayBuffer): void;
  pong(sent: number, received: number, wall: number): void;
  link(state: Link): void;
  /** What is said to all: a run's state, who drives. */
  news(message: Answer): void;
  /** There is no such run any more. */
  gone(): void;
}

const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 8;
const PING_EVERY = 0.5;
const STALE_AFTER = 1;
const ANSWER_WITHIN = 15;
/** Close codes of the server. */
const EXPIRED = 4401;
const NO_RUN = 4404;

/** Local monotonic time [s]. */
export const now = (): number => performance.now() / 1000;

interface Pending {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export class Connection {
  readonly traffic = new Traffic();
  link: Link = "connecting";
  private socket: WebSocket | null = null;
  private wait = FIRST_WAIT;
  private nextId = 1;
  private heard = 0;
  private greeted = false;
  private retry = 0;
  private readonly pending = new Map<number, Pending>();

  constructor(
    private url: string,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.open();
    setInterval(() => this.watch(), PING_EVERY * 1000);
  }

  /** Send an operation; resolves with the acknowledgement, rejects with the server's words. */
  request(op: string, fields: Record<string, unknown> = {}): Promise<Answer> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      if (this.link === "ended") return reject(new Error("this run is not running; start it in the list of runs"));
      if (this.link === "preparing") return reject(new Error("the engine is still being compiled"));
      if (!this.send({ op, id, ...fields })) return reject(new Error("not connected to the server"));
      this.pending.set(id, { resolve, reject });
      setTimeout(() => this.settle({ op: "error", id, message: `no answer to "${op}"` }), ANSWER_WITHIN * 1000);
    });
  }

  /** Connect to another address, or to the same one with another token. */
  go(url = this.url): void {
    this.url = url;
    this.wait = FIRST_WAIT;
    this.socket?.close();
    this.forget();
    this.become("connecting");
    this.open();
  }

  private open(): void {
    clearTimeout(this.retry);
    const socket = new WebSocket(this.url, withToken(SUBPROTOCOL));
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => socket === this.socket && this.receive(event.data as string | ArrayBuffer);
    socket.onclose = (event) => socket === this.socket && void this.closed(event.code);
    this.socket = socket;
    this.greeted = false;
  }

  private receive(data: string | ArrayBuffer): void {
    this.heard = now();
    this.traffic.count(typeof data === "string" ? data.length : data.byteLength);
    if (typeof data === "string") this.receiveText(JSON.parse(data) as Answer);
    else if (this.greeted) this.listener.binary(data);
    if (this.greeted) this.become("live");
  }

  private receiveText(answer: Answer): void {
    if (answer.op === "hello") {
      this.greeted = true;
      this.wait = FIRST_WAIT;
      this.listener.hello(answer as unknown as Hello);
      this.ping();
    } else if (answer.op === "preparing") this.become("preparing");
    else if (answer.op === "run") this.turn(answer);
    else if (answer.op === "driver") this.listener.news(answer);
    else if (answer.op === "pong") this.listener.pong(answer.client! / 1000, now(), answer.wall!);
    else this.settle(answer);
  }

  private settle(answer: Answer): void {
    const pending = this.pending.get(answer.id ?? -1);
    if (!pending) return;
    this.pending.delete(answer.id!);
    if (answer.op === "error") pending.reject(new Error(answer.message ?? "refused"));
    else pending.resolve(answer);
  }

  /** The run's process begins or ends; the socket stays, and is greeted again by a new one. */
  private turn(message: Answer): void {
    if (message.state === "preparing" || message.state === "ready") {
      if (!this.greeted) this.become("preparing");
    } else {
      this.greeted = false;
      this.become("ended");
    }
    this.listener.news(message);
  }

  private async closed(code: number): Promise<void> {
    const socket = this.socket;
    const wasGreeted = this.greeted;
    this.forget();
    if (code === EXPIRED) return this.become("expired");
    if (code === NO_RUN) return this.listener.gone();
    this.become("lost");
    // A browser does not say why a WebSocket was refused; the same question by HTTP does.
    if (!wasGreeted && (await needsToken()) && socket === this.socket) return this.become(hasToken() ? "expired" : "refused");
    if (socket !== this.socket) return;
    this.retry = window.setTimeout(() => this.open(), this.wait * (0.75 + 0.5 * Math.random()) * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  private forget(): void {
    this.greeted = false;
    for (const id of [...this.pending.keys()]) this.settle({ op: "error", id, message: "connection lost" });
  }

  private watch(): void {
    if (!this.greeted || this.socket?.readyState !== WebSocket.OPEN) return;
    if (now() - this.heard > STALE_AFTER) this.become("stale");
    this.ping();
  }

  private ping(): void {
    this.send({ op: "ping", id: this.nextId++, client: performance.now() });
  }

  private send(message: object): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  private become(link: Link): void {
    if (link === this.link) return;
    this.link = link;
    this.listener.link(link);
  }
}

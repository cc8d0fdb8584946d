/** One WebSocket that stays: subprotocol twin.v1, requests with answers, pings, reconnect. */
import { SUBPROTOCOL } from "./protocol";
import { withToken } from "./token";
import { Traffic } from "./traffic";

export type Link = "connecting" | "preparing" | "live" | "stale" | "lost";

export interface Hello {
  op: "hello";
  protocol: string;
  scene: string;
  name: string;
  epoch: number;
  speed: number;
  playing: boolean;
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
}

const FIRST_WAIT = 0.5;
const LONGEST_WAIT = 8;
const PING_EVERY = 0.5;
const STALE_AFTER = 1;
const ANSWER_WITHIN = 15;

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
  private readonly pending = new Map<number, Pending>();

  constructor(
    private readonly url: string,
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
      if (this.link === "preparing") return reject(new Error("the engine is still being compiled"));
      if (!this.send({ op, id, ...fields })) return reject(new Error("not connected to the server"));
      this.pending.set(id, { resolve, reject });
      setTimeout(() => this.settle({ op: "error", id, message: `no answer to "${op}"` }), ANSWER_WITHIN * 1000);
    });
  }

  private open(): void {
    const socket = new WebSocket(this.url, withToken(SUBPROTOCOL));
    socket.binaryType = "arraybuffer";
    socket.onmessage = (event) => this.receive(event.data as string | ArrayBuffer);
    socket.onclose = () => this.closed();
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

  private closed(): void {
    this.become("lost");
    for (const id of [...this.pending.keys()]) this.settle({ op: "error", id, message: "connection lost" });
    setTimeout(() => this.open(), this.wait * (0.75 + 0.5 * Math.random()) * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
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

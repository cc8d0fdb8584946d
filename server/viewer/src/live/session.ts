/** One live session: connection, clock, store and pack together, and what an operator can ask. */
import { Connection, now, type Hello, type Link } from "./connection";
import { Clock } from "./clock";
import { besidePage, loadPack, type Pack } from "./pack";
import { decodeFrame } from "./protocol";
import { Poser } from "./poser";
import { Signal } from "./signal";
import { Store } from "./store";

export type PlaceAction = "stop" | "start" | "fail";

export class Session {
  readonly store = new Store();
  readonly clock = new Clock();
  readonly connection: Connection;
  pack: Pack | null = null;
  poser: Poser | null = null;
  speed = 1;
  playing = false;
  /** Tick shown now; set once per display frame. */
  tick = 0;

  readonly onPack = new Signal<Pack>();
  readonly onLink = new Signal<Link>();
  readonly onPace = new Signal<void>();
  /** Words for the operator: refusals and failures. */
  readonly onTrouble = new Signal<string>();

  constructor() {
    const url = besidePage("ws");
    url.protocol = url.protocol.replace("http", "ws");
    this.connection = new Connection(url.href, {
      hello: (hello) => this.greet(hello),
      binary: (buffer) => this.takeFrame(buffer),
      pong: (sent, received, wall) => this.clock.addPong(sent, received, wall),
      link: (link) => this.linkChanged(link),
    });
  }

  start(): void {
    this.connection.start();
  }

  /** Move the display to the present: call once per display frame. */
  advance(): void {
    this.tick = Math.max(0, this.clock.tick(now()));
    this.store.advance(this.tick);
  }

  async play(playing: boolean): Promise<void> {
    if (await this.ask(playing ? "play" : "pause")) this.setPace(playing, this.speed);
  }

  async setSpeed(value: number): Promise<void> {
    this.setPace(this.playing, value);
    await this.ask("speed", { value });
  }

  reset(): Promise<boolean> {
    return this.ask("reset");
  }

  /** Go forward by simulated seconds as fast as the server can. */
  jump(seconds: number): Promise<boolean> {
    return this.ask("jump", { seconds });
  }

  act(path: string, action: PlaceAction): Promise<boolean> {
    return this.ask("command", { path, action });
  }

  setParameter(path: string, attribute: string, value: number): Promise<boolean> {
    return this.ask("command", { path, action: "set", attribute, value });
  }

  private async ask(op: string, fields: Record<string, unknown> = {}): Promise<boolean> {
    try {
      await this.connection.request(op, fields);
      return true;
    } catch (error) {
      this.onTrouble.emit((error as Error).message);
      return false;
    }
  }

  private greet(hello: Hello): void {
    this.clock.forget();
    this.store.begin(hello.epoch, hello.history ?? []);
    this.setPace(hello.playing, hello.speed);
    if (this.pack?.hash !== hello.scene) void this.load(hello.scene);
  }

  private async load(hash: string): Promise<void> {
    if (this.pack) return location.reload();
    try {
      const pack = await loadPack(hash);
      this.pack = pack;
      this.poser = new Poser(pack, this.store.segments);
      this.onPack.emit(pack);
    } catch (error) {
      this.onTrouble.emit((error as Error).message);
    }
  }

  private takeFrame(buffer: ArrayBuffer): void {
    const frame = decodeFrame(buffer);
    if (!this.store.take(frame)) return;
    if (frame.kind !== "time") return;
    this.clock.setMap(frame.map, now());
    const playing = frame.map.rate > 0;
    this.setPace(playing, playing ? frame.map.rate : this.speed);
  }

  private setPace(playing: boolean, speed: number): void {
    if (playing === this.playing && speed === this.speed) return;
    this.playing = playing;
    this.speed = speed;
    this.onPace.emit();
  }

  private linkChanged(link: Link): void {
    if (link === "live") this.clock.release();
    else this.clock.hold(now());
    this.onLink.emit(link);
  }
}

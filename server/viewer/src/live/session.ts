/** One live session: connection, clock, store and pack together, and what an operator can ask. */
import { Connection, now, type Answer, type Hello, type Link } from "./connection";
import { Clock } from "./clock";
import { besidePage, loadPack, type Pack } from "./pack";
import { decodeFrame } from "./protocol";
import { Poser } from "./poser";
import { Runs } from "./runs";
import { Signal } from "./signal";
import { Store } from "./store";

/** Ticks behind the head that still count as live, at real time: the run is ahead of what is shown. */
const LIVE = 1.5e6;

export type PlaceAction = "stop" | "start" | "fail";

export class Session {
  readonly store = new Store();
  readonly clock = new Clock();
  readonly connection: Connection;
  pack: Pack | null = null;
  poser: Poser | null = null;
  readonly runs = new Runs();
  speed = 1;
  playing = false;
  /** The run that is looked at, and the name that this client has there. */
  run = "";
  client = "";
  /** The farthest tick that the run has reached, as far as is known. */
  head = 0;
  /** Who alone may change the time, and until when in local time [s]. */
  driver = { client: "", until: 0 };
  /** Why the run has ended, in the server's words. */
  ending = "";
  /** Tick shown now; set once per display frame. */
  tick = 0;

  readonly onPack = new Signal<Pack>();
  readonly onLink = new Signal<Link>();
  readonly onPace = new Signal<void>();
  readonly onDriver = new Signal<void>();
  /** Another run is looked at. */
  readonly onRun = new Signal<void>();
  /** Words for the operator: refusals and failures. */
  readonly onTrouble = new Signal<string>();

  /** @param chosen the run to look at; empty: the server's first one, whatever its name. */
  constructor(public chosen: string) {
    this.connection = new Connection(addressOf(chosen), {
      hello: (hello) => this.greet(hello),
      binary: (buffer) => this.takeFrame(buffer),
      pong: (sent, received, wall) => this.clock.addPong(sent, received, wall),
      link: (link) => this.linkChanged(link),
      news: (message) => this.hear(message),
      gone: () => {
        this.onTrouble.emit("That run is gone. This is the first one.");
        this.look("");
      },
    });
  }

  start(): void {
    this.connection.start();
  }

  /** Move the display to the present: call once per display frame. */
  advance(): void {
    this.tick = Math.max(0, this.clock.tick(now()));
    this.store.advance(this.tick);
    this.head = Math.max(this.head, this.tick);
  }

  /** Whether what is shown is as far as the run has come. */
  get isLive(): boolean {
    return this.tick >= this.head - LIVE * Math.max(1, this.speed);
  }

  /** Look at another run; an empty name is the server's first one. */
  look(run: string): void {
    this.chosen = run;
    this.driver = { client: "", until: 0 };
    this.onRun.emit();
    this.connection.go(addressOf(run));
  }

  /** Show another time of the run's past [s]. */
  seek(seconds: number): Promise<boolean> {
    return this.ask("seek", { seconds });
  }

  goLive(): Promise<boolean> {
    return this.ask("live");
  }

  drive(seconds: number): Promise<boolean> {
    return this.ask("drive", { seconds });
  }

  stopDriving(): Promise<boolean> {
    return this.ask("release");
  }

  handOver(to: string): Promise<boolean> {
    return this.ask("handover", { to });
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
    this.head = hello.head;
    this.client = hello.client;
    this.ending = "";
    this.run = hello.run;
    this.setDriver(hello.driver, Infinity);
    this.setPace(hello.playing, hello.speed);
    if (hello.driver) void this.askForDriver();
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
    const { epoch } = this.store;
    if (!this.store.take(frame)) return;
    if (this.store.epoch > epoch) void this.askForHead();
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

  private hear(message: Answer): void {
    if (message.op === "driver") this.setDriver(String(message.client), Number(message.seconds));
    else this.ending = message.message ?? "";
    if (message.op === "run") void this.runs.refresh().catch(() => undefined);
  }

  private setDriver(client: string, seconds: number): void {
    this.driver = { client, until: now() + seconds };
    this.onDriver.emit();
  }

  private async askForDriver(): Promise<void> {
    const { client, seconds } = await this.runs.watched(this.run).catch(() => ({ client: "", seconds: 0 }));
    this.setDriver(client, seconds);
  }

  /** Time was set anew: back to a past that has its head still, or to the beginning. */
  private async askForHead(): Promise<void> {
    const info = await this.runs.info(this.run).catch(() => null);
    if (info) this.head = info.head;
  }

  private linkChanged(link: Link): void {
    if (link === "live") this.clock.release();
    else this.clock.hold(now());
    this.onLink.emit(link);
  }
}

function addressOf(run: string): string {
  const url = besidePage("ws");
  url.protocol = url.protocol.replace("http", "ws");
  if (run) url.searchParams.set("run", run);
  return url.href;
}

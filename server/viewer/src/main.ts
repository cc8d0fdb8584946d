/** The page: puts session, user interface and stage together and turns the wheel of time. */
import "./style.css";
import type { Inspection } from "./inspect";
import { now } from "./live/connection";
import { Session } from "./live/session";
import { takeToken } from "./live/token";
import { Selection } from "./selection";
import { Settings } from "./settings";
import type { Stage } from "./stage";
import { Board } from "./ui/board";
import { byId } from "./ui/dom";
import { Door } from "./ui/door";
import { Hud } from "./ui/hud";
import { fillHelp, listen, type Key } from "./ui/keys";
import { Panel } from "./ui/panel";
import { cameraOf, pathOf, readHash, thingAt, writeHash } from "./ui/permalink";
import { Ticker } from "./ui/ticker";
import { Tools } from "./ui/tools";
import { Transport } from "./ui/transport";
import { Toast, Veil } from "./ui/veil";

const hash = readHash();
takeToken(hash);
const settings = new Settings(new URLSearchParams(location.search), hash);
const session = new Session(hash.get("run") ?? "");
const selection = new Selection();
const toast = new Toast(byId("toast"));
const help = byId("help") as HTMLDialogElement;
let stage: Stage | null = null;
let frames = 0;

const follow = (): boolean => stage?.cameraman.follow() ?? false;
const focus = (): void => stage?.cameraman.focus();
const toggle = (option: "hud" | "labels"): void => settings.set({ [option]: !settings.options[option] });
const showHelp = (): void => (help.open ? help.close() : help.showModal());

const board = new Board(byId("board"), session, selection);
const transport = new Transport(byId("transport"), session);
const panel = new Panel(byId("panel"), selection, { session, focus, follow, select: (thing) => selection.set(thing) });
const ticker = new Ticker(byId("ticker"), session, selection);
const hud = new Hud(byId("hud"), session, () => stage?.governor ?? null, () => settings.options.quality);
new Tools(byId("tools"), settings, () => stage?.cameraman ?? null, showHelp);
new Veil(byId("veil"), session);
new Door(byId("door") as HTMLDialogElement, session);

const KEYS: Key[] = [
  { keys: [" "], shown: "Space", words: "Play or pause", run: () => void session.play(!session.playing) },
  { keys: ["["], shown: "[", words: "Slower", run: () => transport.nudge(-1) },
  { keys: ["]"], shown: "]", words: "Faster", run: () => transport.nudge(1) },
  { keys: [","], shown: ",", words: "Ten seconds back", run: () => transport.timeline.skip(-10) },
  { keys: ["."], shown: ".", words: "Ten seconds ahead", run: () => transport.timeline.skip(10) },
  { keys: ["End"], shown: "End", words: "Go live", run: () => void session.goLive() },
  { keys: ["f"], shown: "F", words: "Go to the selection, or see the whole line", run: focus },
  { keys: ["F", "4"], shown: "Shift F", words: "Follow a body", run: follow },
  { keys: ["1"], shown: "1", words: "Whole line", run: () => stage?.cameraman.view("iso") },
  { keys: ["2"], shown: "2", words: "From above", run: () => stage?.cameraman.view("top") },
  { keys: ["3"], shown: "3", words: "From the side", run: () => stage?.cameraman.view("side") },
  { keys: ["Escape"], shown: "Esc", words: "Select nothing", run: () => selection.set(null) },
  { keys: ["l", "L"], shown: "L", words: "Labels", run: () => toggle("labels") },
  { keys: ["h", "H"], shown: "H", words: "Connection and frame rate", run: () => toggle("hud") },
  { keys: ["t", "T"], shown: "T", words: "Dark or light", run: () => settings.toggleTheme() },
  { keys: ["?"], shown: "?", words: "This help", run: showHelp },
];

function applySettings(): void {
  const { theme, hud: hudShown, clean } = settings.options;
  const changed = document.documentElement.dataset.theme !== theme;
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.quality = settings.options.quality;
  document.body.classList.toggle("clean", clean);
  byId("hud").hidden = !hudShown;
  if (changed) board.retheme();
}

async function packArrived(): Promise<void> {
  if (settings.options.render) {
    const { Stage } = await import("./stage");
    stage = await Stage.raise(byId("stage") as HTMLCanvasElement, byId("labels"), session, selection, settings);
    const seen = cameraOf(hash);
    if (seen) stage.lookFrom(seen);
  } else byId("stage").hidden = true;
  selection.set(thingAt(session.pack!, hash.get("sel")));
  window.twin.ready = !settings.options.render;
}

function turn(): void {
  requestAnimationFrame(turn);
  session.advance();
  if (!stage) return;
  stage.draw(now());
  frames++;
  window.twin.ready = true;
}

function updateWords(): void {
  for (const part of [board, transport, panel, ticker, hud]) part.update();
}

function partsNow(): number {
  const { poser, tick } = session;
  if (!poser) return 0;
  return Array.from({ length: poser.slotCount }, (_, slot) => poser.part(slot, tick)).filter(Boolean).length;
}

const inspection: Inspection = {
  store: session.store,
  clock: session.clock,
  ready: false,
  get pack() {
    return session.pack;
  },
  tick: () => session.tick,
  poseOf: (subject, link = 0) => session.poser?.poseOf(subject, session.tick, link) ?? null,
  stats: () => {
    const { connection, store } = session;
    const rates = connection.traffic.rates();
    return {
      link: connection.link, fps: stage?.governor.fps ?? 0, quality: settings.options.quality,
      bytesPerSecond: rates.bytes, messagesPerSecond: rates.messages, bytes: connection.traffic.bytes,
      segments: store.segments.received, parts: partsNow(), frames, triangles: stage?.triangles ?? 0,
    };
  },
  select: (path) => {
    const thing = session.pack && thingAt(session.pack, path);
    selection.set(thing);
    return thing !== null;
  },
};

window.twin = inspection;
settings.onChange.on(applySettings);
applySettings();
fillHelp(help, KEYS);
listen(KEYS);
session.onTrouble.on((words) => toast.say(words));
session.onPack.on(() => {
  packArrived().catch((error: Error) => toast.say(`The picture could not be made: ${error.message}`));
});
session.start();
turn();
setInterval(updateWords, 100);
function writeAddress(): void {
  const { pack, chosen } = session;
  if (pack) writeHash(stage?.camera ?? null, pathOf(pack, selection.current), settings.options.theme, chosen);
}

session.onRun.on(writeAddress); // at once: a run of another scene loads the page anew
setInterval(writeAddress, 500);

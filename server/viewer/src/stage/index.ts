/** The 3D stage: builds the scene of a pack and draws it at the display's rate. */
import { Fog, Scene, Vector3, type Box3, type Group } from "three";
import type { Pack } from "../live/pack";
import type { Session } from "../live/session";
import type { Selection, Thing } from "../selection";
import { prefersStillness, type Options, type Settings, type Theme } from "../settings";
import { cameraBounds, lineBounds } from "./bounds";
import { Cameraman } from "./cameraman";
import { insets } from "./covers";
import { hallEnvironment } from "./environment";
import { Floor } from "./floor";
import { Footprints } from "./footprints";
import { Governor, isSoftware } from "./governor";
import { Labels } from "./labels";
import { Lamps } from "./lamps";
import { Lights } from "./lights";
import { PALETTES } from "./palette";
import { Parts } from "./parts";
import { Picker } from "./picker";
import { Pipeline } from "./pipeline";
import { loadPrototypes, polishMetals, type Prototype } from "./prototypes";
import { Rig } from "./rig";
import { Robots } from "./robots";
import { Sparks } from "./sparks";
import { Statics } from "./statics";
import { Viewpoint } from "./viewpoint";

export interface CameraPose {
  eye: number[];
  target: number[];
}

export class Stage {
  readonly governor = new Governor();
  readonly rig: Rig;
  private readonly scene = new Scene();
  private readonly view = new Viewpoint();
  private readonly pipeline: Pipeline;
  private readonly lights: Lights;
  private readonly floor: Floor;
  private readonly statics: Statics;
  private readonly robots: Robots;
  private readonly parts: Parts;
  private readonly lamps: Lamps;
  private readonly sparks: Sparks;
  private readonly footprints: Footprints;
  private readonly labels: Labels;
  readonly cameraman: Cameraman;
  private readonly bounds: Box3;
  private applied: Partial<Options> = {};

  constructor(
    private readonly canvas: HTMLCanvasElement,
    labelLayer: HTMLElement,
    private readonly session: Session,
    private readonly selection: Selection,
    private readonly settings: Settings,
    private readonly pack: Pack,
    private readonly prototypes: Prototype[],
  ) {
    const poser = session.poser!;
    const statics = (this.statics = new Statics(pack, prototypes, this.view));
    this.bounds = cameraBounds(pack);
    this.rig = new Rig(canvas, this.bounds, () => insets(canvas));
    this.cameraman = new Cameraman(this.rig, session, selection);
    this.pipeline = new Pipeline(canvas, this.scene, this.rig.camera);
    this.lights = new Lights(this.scene, this.bounds);
    this.floor = new Floor(lineBounds(pack));
    this.robots = new Robots(pack, prototypes, poser, this.view);
    this.parts = new Parts(pack, prototypes, poser, this.view);
    this.lamps = new Lamps(pack, prototypes);
    this.sparks = new Sparks(pack, prototypes, poser);
    this.footprints = new Footprints(pack);
    this.labels = new Labels(labelLayer, pack, selection);
    const solid: Group[] = [statics.group, this.robots.group, this.parts.group];
    this.scene.add(this.floor.mesh, ...solid, this.lamps.group, this.sparks.glow.points, this.footprints.group);
    new Picker(canvas, this.rig.camera, solid, pack, (thing, twice) => this.picked(thing, twice));
    this.begin();
  }

  /** Load the geometry of a pack and raise its stage. */
  static async raise(
    canvas: HTMLCanvasElement, labelLayer: HTMLElement, session: Session, selection: Selection, settings: Settings,
  ): Promise<Stage> {
    const pack = session.pack!;
    return new Stage(canvas, labelLayer, session, selection, settings, pack, await loadPrototypes(pack));
  }

  get camera(): CameraPose {
    return { eye: this.rig.camera.position.toArray(), target: this.rig.controls.target.toArray() };
  }

  lookFrom(pose: CameraPose): void {
    this.rig.set(new Vector3().fromArray(pose.eye), new Vector3().fromArray(pose.target));
  }

  /** Triangles in the last picture. */
  get triangles(): number {
    return this.pipeline.triangles;
  }

  draw(seconds: number): void {
    const { session } = this;
    const blink = prefersStillness() || seconds % 1 < 0.55;
    this.updateCamera();
    this.robots.update(session.tick);
    this.parts.update(session.tick);
    this.lamps.update(session.store.places, blink);
    this.footprints.update(session.store.places, blink);
    this.sparks.update(session.tick, seconds, session.playing && session.speed <= 4);
    this.pipeline.render();
    this.labels.update(this.rig.camera, this.canvas.clientWidth, this.canvas.clientHeight, session.store.places);
    const lower = this.governor.frame(seconds, this.settings.options.quality);
    if (lower && !this.settings.options.qualityFixed) this.settings.set({ quality: lower });
  }

  private begin(): void {
    if (!this.settings.options.qualityFixed && isSoftware(this.pipeline.renderer.getContext()))
      this.settings.options.quality = "low";
    this.apply();
    this.settings.onChange.on(() => this.apply());
    this.selection.onChange.on(() => this.mark());
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    this.resize();
    const { eye, target } = this.pack.camera ?? {};
    if (eye && target) this.lookFrom({ eye, target });
    else this.cameraman.view("iso");
  }

  private apply(): void {
    const { theme, quality, labels } = this.settings.options;
    this.labels.visible = labels;
    if (theme === this.applied.theme && quality === this.applied.quality) return;
    const palette = PALETTES[theme];
    this.pipeline.setQuality(quality);
    this.lights.setShadows(this.pipeline.shadows);
    this.pipeline.paint(palette);
    if (theme !== this.applied.theme) this.relight(theme);
    this.applied = { theme, quality };
    this.resize();
  }

  private relight(theme: Theme): void {
    const palette = PALETTES[theme];
    this.scene.environment?.dispose();
    this.scene.environment = hallEnvironment(this.pipeline.renderer, theme);
    this.scene.environmentIntensity = palette.environment;
    polishMetals(this.prototypes, this.scene.environment, palette.metal);
    this.lights.paint(palette);
    this.floor.paint(palette);
    this.mark();
  }

  private resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    this.pipeline.resize(clientWidth, clientHeight);
    this.rig.resize(clientWidth, clientHeight);
    this.lamps.glow.setHeight(this.pipeline.height);
    this.sparks.glow.setHeight(this.pipeline.height);
  }

  private updateCamera(): void {
    this.cameraman.update();
    this.rig.update();
    this.view.tolerance = this.pipeline.tolerance;
    if (this.view.take(this.rig.camera, this.pipeline.height)) this.statics.update(this.rig.camera.position.z);
    const fog = this.scene.fog as Fog;
    fog.near = this.rig.distance + 70;
    fog.far = this.rig.distance + 330;
    this.lights.follow(this.rig.controls.target, this.rig.distance);
  }

  private picked(thing: Thing | null, twice: boolean): void {
    this.selection.set(thing);
    if (thing && twice) this.cameraman.focus();
  }

  private mark(): void {
    const thing = this.selection.current;
    const row = thing?.kind === "place" ? thing.row : thing?.kind === "robot" ? this.pack.robots[thing.row].place : -1;
    this.footprints.choose(row, PALETTES[this.settings.options.theme].accent);
  }
}

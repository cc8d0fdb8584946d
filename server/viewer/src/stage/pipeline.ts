/** How a picture is made at each quality: plain, with shadows, or with ambient occlusion as well. */
import {
  ACESFilmicToneMapping, Color, Fog, HalfFloatType, PCFShadowMap, Vector2, WebGLRenderer, WebGLRenderTarget,
  type PerspectiveCamera, type Scene,
} from "three";
import { EffectComposer } from "three/addons/postprocessing/EffectComposer.js";
import { GTAOPass } from "three/addons/postprocessing/GTAOPass.js";
import { OutputPass } from "three/addons/postprocessing/OutputPass.js";
import { RenderPass } from "three/addons/postprocessing/RenderPass.js";
import type { Quality } from "../settings";
import { beforeToneMapping, type Palette } from "./palette";

interface Level {
  pixelRatio: number;
  shadows: number;
  occlusion: boolean;
  /** Pixels that a cell of a coarse mesh may be large. */
  tolerance: number;
}

const LEVELS: Record<Quality, Level> = {
  low: { pixelRatio: 0.75, shadows: 0, occlusion: false, tolerance: 7 },
  medium: { pixelRatio: 1.5, shadows: 2048, occlusion: false, tolerance: 3 },
  high: { pixelRatio: 2, shadows: 4096, occlusion: true, tolerance: 2.2 },
};

export class Pipeline {
  readonly renderer: WebGLRenderer;
  private composer: EffectComposer | null = null;
  private readonly size = new Vector2(1, 1);
  private level = LEVELS.medium;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly scene: Scene,
    private readonly camera: PerspectiveCamera,
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, powerPreference: "high-performance" });
    this.renderer.toneMapping = ACESFilmicToneMapping;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.info.autoReset = false;
  }

  /** Shadow map size [texels]; 0 is none. */
  get shadows(): number {
    return this.level.shadows;
  }

  /** Triangles in the last picture, all passes. */
  get triangles(): number {
    return this.renderer.info.render.triangles;
  }

  get tolerance(): number {
    return this.level.tolerance;
  }

  /** Height of the picture [device pixels]. */
  get height(): number {
    return this.size.y * this.renderer.getPixelRatio();
  }

  setQuality(quality: Quality): void {
    this.level = LEVELS[quality];
    this.renderer.shadowMap.enabled = this.level.shadows > 0;
    this.composer?.dispose();
    this.composer = this.level.occlusion ? this.newComposer() : null;
    this.resize(this.size.x, this.size.y);
  }

  resize(width: number, height: number): void {
    this.size.set(width, height);
    const ratio = Math.min(devicePixelRatio, 2) * Math.min(1, this.level.pixelRatio / Math.min(devicePixelRatio, 2));
    this.renderer.setPixelRatio(this.level.pixelRatio < 1 ? this.level.pixelRatio : ratio);
    this.renderer.setSize(width, height, false);
    this.composer?.setPixelRatio(this.renderer.getPixelRatio());
    this.composer?.setSize(width, height);
  }

  /** Background and fog such that the screen shows exactly the palette's colour. */
  paint(palette: Palette): void {
    this.renderer.toneMappingExposure = palette.exposure;
    const wanted = new Color(palette.background);
    const color = this.composer ? beforeToneMapping(wanted, palette.exposure) : wanted;
    this.scene.background = color;
    this.scene.fog = new Fog(color, 1, 1000);
  }

  render(): void {
    this.renderer.info.reset();
    if (this.composer) this.composer.render();
    else this.renderer.render(this.scene, this.camera);
  }

  private newComposer(): EffectComposer {
    const target = new WebGLRenderTarget(1, 1, { type: HalfFloatType, samples: 4 });
    const composer = new EffectComposer(this.renderer, target);
    const occlusion = new GTAOPass(this.scene, this.camera, 1, 1);
    occlusion.updateGtaoMaterial({ radius: 0.7, distanceExponent: 1.4, thickness: 1.2, scale: 1, samples: 16 });
    occlusion.updatePdMaterial({ lumaPhi: 10, depthPhi: 2, normalPhi: 3, radius: 8, rings: 3, samples: 16 });
    occlusion.blendIntensity = 0.85;
    composer.addPass(new RenderPass(this.scene, this.camera));
    composer.addPass(occlusion);
    composer.addPass(new OutputPass());
    return composer;
  }
}

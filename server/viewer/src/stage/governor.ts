/** Lowers the quality when the display is too slow for several seconds. */
import type { Quality } from "../settings";

const SLOW_FPS = 20;
const PATIENCE = 4;
const LOWER: Record<Quality, Quality | null> = { high: "medium", medium: "low", low: null };

export class Governor {
  fps = 0;
  /** Milliseconds of work per picture. */
  work = 0;
  private count = 0;
  private since = 0;
  private slow = 0;

  /** Count a frame at a time [s]; returns a lower quality if it is time for one. */
  frame(at: number, quality: Quality): Quality | null {
    this.count++;
    const span = at - this.since;
    if (span < 1) return null;
    const fresh = span > 3;
    this.fps = this.count / span;
    this.count = 0;
    this.since = at;
    this.slow = !fresh && this.fps < SLOW_FPS && !document.hidden ? this.slow + span : 0;
    if (this.slow < PATIENCE) return null;
    this.slow = 0;
    return LOWER[quality];
  }
}

/** True if pictures are made by the processor: no need to try the high quality. */
export function isSoftware(gl: WebGLRenderingContext | WebGL2RenderingContext): boolean {
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

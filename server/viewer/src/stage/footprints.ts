/** A thin frame on the floor around each station in its state's colour, and one for the selection. */
import { BoxGeometry, Color, DynamicDrawUsage, Group, InstancedMesh, Matrix4, MeshBasicMaterial } from "three";
import type { Pack, Place } from "../live/pack";
import type { PlaceState } from "../live/store";
import { hasState, stateLook } from "../states";

const WIDTH = 0.07;
const HEIGHT = 0.012;
const BARS = 4;

export class Footprints {
  readonly group = new Group();
  private readonly rows: number[];
  private readonly bars: InstancedMesh;
  private readonly chosen: InstancedMesh;
  private readonly color = new Color();

  constructor(private readonly pack: Pack) {
    const framed = ({ kind, size }: Place) => hasState(kind) && size !== null;
    this.rows = pack.places.map((_, row) => row).filter((row) => framed(pack.places[row]));
    this.bars = newBars(this.rows.length * BARS);
    this.chosen = newBars(BARS);
    this.rows.forEach((row, i) => placeBars(this.bars, i * BARS, pack.places[row], 0, WIDTH));
    this.group.add(this.bars, this.chosen);
    this.choose(-1, "#fff");
  }

  update(places: PlaceState[], blink: boolean): void {
    this.rows.forEach((row, i) => {
      const look = stateLook(places[row]?.state);
      this.color.set(look.color).multiplyScalar(look.flashes && !blink ? 0.35 : 1);
      for (let k = 0; k < BARS; k++) this.bars.setColorAt(i * BARS + k, this.color);
    });
    if (this.bars.instanceColor) this.bars.instanceColor.needsUpdate = true;
  }

  /** Frame the selected place; none with -1. */
  choose(row: number, color: string): void {
    const place = this.pack.places[row];
    this.chosen.visible = !!place?.size;
    if (!this.chosen.visible) return;
    placeBars(this.chosen, 0, place, 0.25, WIDTH * 2);
    for (let k = 0; k < BARS; k++) this.chosen.setColorAt(k, this.color.set(color));
    this.chosen.instanceMatrix.needsUpdate = true;
    this.chosen.instanceColor!.needsUpdate = true;
  }
}

function newBars(count: number): InstancedMesh {
  const mesh = new InstancedMesh(new BoxGeometry(1, 1, 1), new MeshBasicMaterial(), count);
  mesh.instanceMatrix.setUsage(DynamicDrawUsage);
  mesh.frustumCulled = false;
  mesh.raycast = () => {};
  return mesh;
}

function placeBars(mesh: InstancedMesh, at: number, place: Place, margin: number, width: number): void {
  const [x, y] = place.xyz;
  const dx = place.size![0] + 2 * margin;
  const dy = place.size![1] + 2 * margin;
  const bars = [
    [x, y - dy / 2, dx + width, width], [x, y + dy / 2, dx + width, width],
    [x - dx / 2, y, width, dy - width], [x + dx / 2, y, width, dy - width],
  ];
  bars.forEach(([cx, cy, sx, sy], k) => {
    const matrix = new Matrix4().makeScale(sx, sy, HEIGHT).setPosition(cx, cy, HEIGHT / 2 + 0.002);
    mesh.setMatrixAt(at + k, matrix);
  });
}

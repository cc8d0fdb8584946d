/** The TypeScript evaluator and the NumPy evaluator agree on the golden vectors. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { compare, type Golden } from "../golden";

const IN_REPOSITORY = new URL("../../../tests/motion/golden_segments.json", import.meta.url);
const file = process.env.TWIN_GOLDEN ?? fileURLToPath(IN_REPOSITORY);

test("every formula agrees with NumPy to 1e-9", () => {
  const golden = JSON.parse(readFileSync(file, "utf8")) as Golden;
  for (const { name, cases, error } of compare(golden)) {
    expect(cases, `${name}: cases`).toBeGreaterThan(0);
    expect(error, `${name}: largest difference`).toBeLessThan(1e-9);
  }
});

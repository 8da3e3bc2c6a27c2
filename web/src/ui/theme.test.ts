import { describe, expect, it } from "vitest";
import { AGENT, GROUND, SPEAKERS } from "./theme";

type Vector = readonly [number, number, number];

const SEEING: Record<string, readonly Vector[]> = {
  // Source: Machado, Oliveira, Fernandes 2009, severity 1.0, on linear RGB.
  everyone: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function linear(hex: string): Vector {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return [r ?? 0, g ?? 0, b ?? 0];
}

function contrast(a: string, b: string): number {
  const [low, high] = [a, b].map((hex) => dot([0.2126, 0.7152, 0.0722], linear(hex))).sort((x, y) => x - y);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

/** Source: Ottosson 2020, OKLab. */
function lab(rgb: Vector): Vector {
  const rows: Vector[] = [
    [0.4122, 0.5363, 0.0514],
    [0.2119, 0.6807, 0.1074],
    [0.0883, 0.2817, 0.63],
  ];
  const [l, m, s] = rows.map((row) => Math.cbrt(Math.max(0, dot(row, rgb))));
  const cone: Vector = [l ?? 0, m ?? 0, s ?? 0];
  return [
    dot([0.2105, 0.7936, -0.0041], cone),
    dot([1.978, -2.4286, 0.4506], cone),
    dot([0.0259, 0.7828, -0.8087], cone),
  ];
}

function seen(hex: string, matrix: readonly Vector[]): Vector {
  const rgb = linear(hex);
  const [r, g, b] = matrix.map((row) => Math.min(1, Math.max(0, dot(row, rgb))));
  return lab([r ?? 0, g ?? 0, b ?? 0]);
}

const distance = (a: Vector, b: Vector) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each(["light", "dark"] as const)("voices in the %s mode", (mode) => {
  const hues = [AGENT[mode] ?? "", ...SPEAKERS[mode]];

  it("are readable as text", () => {
    for (const hue of hues) expect(contrast(hue, GROUND[mode] ?? ""), hue).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(SEEING))("are told apart: %s", (_, matrix) => {
    for (const [n, a] of hues.entries())
      for (const b of hues.slice(n + 1))
        expect(distance(seen(a, matrix), seen(b, matrix)), `${a} and ${b}`).toBeGreaterThan(0.05);
  });
});

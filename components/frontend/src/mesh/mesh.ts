// A height map as numbers. Pure.

export type Grid = number[][]; // mm; rows from the front of the bed

export interface Range {
  min: number;
  max: number;
  range: number;
  mean: number;
}

export function rangeOf(grid: Grid): Range {
  const all = grid.flat();
  const [min, max] = [Math.min(...all), Math.max(...all)];
  return { min, max, range: max - min, mean: all.reduce((sum, z) => sum + z, 0) / all.length };
}

// Points between the points, `times` as many steps each way.
export function finer(grid: Grid, times: number): Grid {
  const [rows, columns] = [grid.length, grid[0].length];
  const steps = (count: number) => (count - 1) * times + 1;
  return Array.from({ length: steps(rows) }, (_, row) =>
    Array.from({ length: steps(columns) }, (_, column) => {
      const [y, x] = [row / times, column / times];
      const [y0, x0] = [Math.floor(y), Math.floor(x)];
      const [y1, x1] = [Math.min(y0 + 1, rows - 1), Math.min(x0 + 1, columns - 1)];
      const [v, u] = [y - y0, x - x0];
      const front = grid[y0][x0] * (1 - u) + grid[y0][x1] * u;
      return front * (1 - v) + (grid[y1][x0] * (1 - u) + grid[y1][x1] * u) * v;
    }),
  );
}

// Blue below, white at zero, red above; as far as the larger side reaches.
export function colourOf(z: number, most: number): string {
  const share = Math.max(-1, Math.min(1, most ? z / most : 0));
  const to = share < 0 ? [33, 102, 172] : [178, 24, 43];
  const mixed = to.map((end) => Math.round(247 + (end - 247) * Math.abs(share)));
  return `rgb(${mixed.join(" ")})`;
}

// What can be read on that colour.
export const inkOn = (z: number, most: number): string =>
  most && Math.abs(z) / most > 0.6 ? "#ffffff" : "#111517";

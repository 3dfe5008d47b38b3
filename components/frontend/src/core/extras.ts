// Cards that few have: their scripts come when the server has what they show.
import { store } from "./store";

const loads: Record<string, () => Promise<unknown>> = {
  power: () => import("../views/power"),
  sensor: () => import("../views/sensors"),
};
const begun = new Set<string>();

export function loadExtras(): void {
  for (const name of Object.keys(loads)) {
    if (!store.components.has(name) || begun.has(name)) continue;
    begun.add(name);
    loads[name]().catch(() => begun.delete(name)); // nobody there: once more, later
  }
}

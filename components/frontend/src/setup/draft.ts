// What a person has chosen so far. It outlives a reload of this tab, and no longer.

export const STEPS = ["claim", "printer", "machine", "camera", "connect", "review"] as const;
export type Step = (typeof STEPS)[number];

export interface Firmware {
  name: string;
  machine: string | null;
  extruders: number | null;
  area: Record<"min_x" | "min_y" | "min_z" | "max_x" | "max_y" | "max_z", number> | null;
}

export interface Found {
  port: string;
  baudrate: number | null;
  firmware: Firmware | null;
  limits: Record<string, number>; // mm/s by axis (M203)
  heaters: string[];
  printer: string | null;
  reason: string | null;
  advice: string | null;
}

export interface Present {
  name: string;
  printers: { id: string; name: string | null; platform: string; port: string | null }[];
  cameras: string[];
  mqtt: { broker: string } | null;
}

export interface Machine {
  name: string;
  width: number;
  depth: number;
  height: number;
  center: boolean;
  heated_bed: boolean;
  heated_chamber: boolean;
  extruders: number;
  max_tool: number;
  max_bed: number;
}

export interface Draft {
  step: Step;
  claimed: boolean; // on the way
  // "keep": nothing about printers is changed.
  platform: "serial" | "simulator" | "keep" | "";
  found: Found | null;
  replaces: string | null;
  machine: Machine | null;
  camera: { kind: "none" | "device" | "network"; device: string; stream: string; snapshot: string };
  mqtt: { use: boolean; broker: string; port: number | null; username: string; password: string };
  key: string;
}

const STORED = "gantry.setup";

export const fresh = (): Draft => ({
  step: "claim",
  claimed: false,
  platform: "",
  found: null,
  replaces: null,
  machine: null,
  camera: { kind: "none", device: "", stream: "", snapshot: "" },
  mqtt: { use: false, broker: "", port: null, username: "", password: "" },
  key: "",
});

export function load(): Draft {
  try {
    return { ...fresh(), ...JSON.parse(sessionStorage.getItem(STORED) ?? "{}") };
  } catch {
    return fresh();
  }
}

export const save = (draft: Draft) => sessionStorage.setItem(STORED, JSON.stringify(draft));
export const forget = () => sessionStorage.removeItem(STORED);

// What the firmware said, where it said anything; else what most machines are.
export function machineOf(found: Found | null): Machine {
  const area = found?.firmware?.area;
  const center = area !== null && area !== undefined && area.min_x < -20;
  const span = (low: number, high: number) => (center ? high - low : high);
  return {
    name: found?.firmware?.machine ?? "",
    width: area ? span(area.min_x, area.max_x) : 220,
    depth: area ? span(area.min_y, area.max_y) : 220,
    height: area?.max_z ?? 250,
    center,
    heated_bed: found?.firmware ? found.heaters.includes("bed") : true,
    heated_chamber: found?.heaters.includes("chamber") ?? false,
    extruders: found?.firmware?.extruders ?? 1,
    max_tool: 300,
    max_bed: 130,
  };
}

// Letters of the Latin alphabet lose their marks, everything else becomes a dash.
export function idFrom(name: string, taken: string[]): string {
  const plain = name.normalize("NFKD").replace(/[̀-ͯ]/g, "").toLowerCase();
  const id = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "printer";
  if (!taken.includes(id)) return id;
  let number = 2;
  while (taken.includes(`${id}-${number}`)) number++;
  return `${id}-${number}`;
}

// The body for /api/gantry/setup.
export function wishes(draft: Draft, present: Present): Record<string, unknown> {
  const wish: Record<string, unknown> = {};
  if (draft.machine && (draft.platform === "serial" || draft.platform === "simulator")) {
    wish.printer = printerOf(draft, draft.machine, present);
  }
  const { camera, mqtt } = draft;
  if (camera.kind === "device" && camera.device) wish.camera = { name: "Camera", device: camera.device };
  if (camera.kind === "network" && (camera.stream || camera.snapshot)) {
    wish.camera = {
      name: "Camera",
      ...(camera.stream ? { stream: camera.stream } : {}),
      ...(camera.snapshot ? { snapshot: camera.snapshot } : {}),
    };
  }
  if (mqtt.use && mqtt.broker) {
    wish.mqtt = {
      broker: mqtt.broker,
      ...(mqtt.port && mqtt.port !== 1883 ? { port: mqtt.port } : {}),
      ...(mqtt.username ? { username: mqtt.username } : {}),
      ...(mqtt.password ? { password: mqtt.password } : {}),
    };
  }
  return wish;
}

function printerOf(draft: Draft, machine: Machine, present: Present) {
  const replaced = present.printers.find((each) => each.id === draft.replaces);
  const others = present.printers.filter((each) => each !== replaced).map((each) => each.id);
  // The history of a real printer hangs on its id: a better description does not change it.
  const keeps = replaced && replaced.platform === draft.platform;
  const limits = draft.found?.limits ?? {};
  const axes = Object.fromEntries(
    ["x", "y", "z", "e"]
      .filter((axis) => limits[axis.toUpperCase()] > 0)
      .map((axis) => [axis, { speed: Math.round(limits[axis.toUpperCase()] * 60) }]),
  );
  return {
    ...(replaced ? { replaces: replaced.id } : {}),
    id: keeps ? replaced.id : idFrom(machine.name, others),
    name: machine.name,
    platform: draft.platform,
    ...(draft.platform === "serial" && draft.found
      ? { port: draft.found.port, baudrate: draft.found.baudrate ?? "auto" }
      : {}),
    profile: {
      volume: {
        width: machine.width,
        depth: machine.depth,
        height: machine.height,
        ...(machine.center ? { origin: "center" } : {}),
      },
      extruders: machine.extruders,
      heated_bed: machine.heated_bed,
      ...(machine.heated_chamber ? { heated_chamber: true } : {}),
      max_tool_temperature: machine.max_tool,
      max_bed_temperature: machine.max_bed,
      ...(draft.platform === "serial" && Object.keys(axes).length ? { axes } : {}),
    },
  };
}

// What the server tells, as far as the page reads it.

export type Objects = Record<string, Record<string, any>>;

export interface Sample {
  time: number; // unix seconds
  heaters: Record<string, { temperature: number | null; target: number | null }>;
}

export interface Job {
  id: string;
  file: string;
  origin: string;
  user: string | null;
  started_at: number;
  elapsed_s: number;
  printing_s: number;
  left_s: number | null;
  completion: number | null;
  layer: number | null;
  layers: number | null;
  height_mm: number | null;
  pause_source: string | null;
  result: "complete" | "cancelled" | "failed" | "interrupted" | null;
  cause: string | null;
  resumable: boolean;
}

export interface PrinterInfo {
  id: string;
  name: string;
  link: "offline" | "detecting" | "opening" | "handshaking" | "online" | "halted" | "failed";
  phase: string;
  profile: {
    volume: { width: number; depth: number; height: number; origin: string; form_factor: string };
    extruders: { nozzle_mm: number }[];
    heated_bed: boolean;
    max_tool_c: number;
    max_bed_c: number;
    max_chamber_c: number;
  };
  connection: { port: string | null; baudrate: number | null };
  fault: { reason: string; message: string; advice: string | null; halted: boolean } | null;
  firmware: { name: string; machine: string | null } | null;
  prompt: { text: string; buttons: string[] } | null;
  waiting_for_user: boolean;
  busy: boolean;
  message: string | null;
  notification: string | null;
  job: Job | null;
  health: Record<string, number | null>;
}

// The cameras of the printer, all through our own server.
import { ask } from "./api";

export interface Camera {
  id: string;
  name: string;
  stream: string | null;
  snapshot: string | null;
  flip_horizontal: boolean;
  flip_vertical: boolean;
  rotation: number;
  aspect_ratio: string;
}

export const cameras = async (): Promise<Camera[]> =>
  (await ask<{ cameras: Camera[] }>("GET", "api/gantry/cameras")).cameras;

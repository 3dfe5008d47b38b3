// What a file looks like when it is printed: the picture that its slicer put into it.
import { ask, encoded, Refusal } from "./api";
import type { Job } from "./types";

const found = new Map<string, Promise<string>>();
let edition = 0; // another file of the same name has its picture at the same place

// The largest, as a path of the server; "" if there is none.
export async function pictureOfJob(job: Job | null): Promise<string> {
  if (job?.origin !== "local") return "";
  const { file } = job;
  let picture = found.get(file);
  if (picture === undefined) {
    picture = find(file);
    found.set(file, picture);
    // Where nobody answers it is asked for again; a refusal stays one.
    picture.catch(() => found.get(file) === picture && found.delete(file));
  }
  return picture.catch(() => "");
}

async function find(file: string): Promise<string> {
  const mine = edition;
  const query = `filename=${encodeURIComponent(file)}`;
  const answer = await ask<{ result: { thumbnail_path: string }[] }>(
    "GET", `server/files/thumbnails?${query}`,
  ).catch((error) => {
    if (error instanceof Refusal && error.status >= 400 && error.status < 500) return null;
    throw error;
  });
  const best = answer?.result.at(-1)?.thumbnail_path;
  if (!best) return "";
  return `server/files/gcodes/${encoded(best)}?edition=${mine}`;
}

// Files were written or read anew, or are for another reader: their pictures may be others.
export function forgetPictures(): void {
  edition++;
  found.clear();
}

// What a file looks like when it is printed: the picture that its slicer put into it.
import { ask } from "./api";
import type { Job } from "./types";

const found = new Map<string, string>();

// The largest, as a path of the server; "" if there is none.
export async function pictureOf(job: Job | null): Promise<string> {
  if (job?.origin !== "local") return "";
  const known = found.get(job.file);
  if (known !== undefined) return known;
  const query = `filename=${encodeURIComponent(job.file)}`;
  const answer = await ask<{ result: { thumbnail_path: string }[] }>(
    "GET", `server/files/thumbnails?${query}`,
  ).catch(() => null);
  if (answer === null) return "";
  const best = answer.result.at(-1)?.thumbnail_path;
  const path = best ? `server/files/gcodes/${best.split("/").map(encodeURIComponent).join("/")}` : "";
  found.set(job.file, path);
  return path;
}

// A file was written or read anew: its picture may be another.
export const forgetPictures = (): void => found.clear();

// G-code files as the server lists them, and what can be done with several at once.
import { ask, encoded } from "./api";
import { t } from "./i18n";
import { store } from "./store";
import { withToken } from "./token";

export interface GcodeFile {
  filename: string;
  modified: number;
  size: number;
  estimated_time?: number;
  filament_total?: number;
  filament_weight_total?: number;
  slicer?: string;
  slicer_version?: string;
  filament_type?: string;
  print_start_time?: number | null;
  layer_count?: number;
  layer_height?: number;
  thumbnails?: { width: number; relative_path: string }[];
}

export interface Folder {
  dirname: string;
  modified: number;
}

// Files and folders by their paths below the root.
export type Picked = ReadonlyMap<string, "file" | "folder">;

const PRINTABLE = /\.(gcode|gco|g|nc|bgcode|gcode\.gz|ufp)$/i;
export const isPrintable = (name: string): boolean => PRINTABLE.test(name);
export const join = (folder: string, name: string): string => (folder ? `${folder}/${name}` : name);
export const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf("/"), 0));

export interface Listing {
  files: GcodeFile[];
  folders: Folder[];
  room: { total: number; free: number };
}

export async function list(folder: string): Promise<Listing> {
  const path = `gcodes/${folder}`.replace(/\/$/, "");
  const found = await store.call("server.files.get_directory", { path, extended: true });
  return {
    files: found.files.filter((file: GcodeFile) => isPrintable(file.filename)),
    folders: found.dirs.filter((dir: Folder) => !dir.dirname.startsWith(".")),
    room: found.disk_usage,
  };
}

// Where a picture of a file is; the largest is the last.
export function pictureOf(folder: string, file: GcodeFile): string {
  const relative = file.thumbnails?.at(-1)?.relative_path;
  if (!relative) return "";
  // Another file of the same name has its picture at the same place.
  return `server/files/gcodes/${encoded(join(folder, relative))}?modified=${file.modified}`;
}

// Does it with one after the other; goes on when one fails, and tells of the failures.
async function each(paths: Iterable<string>, work: (path: string) => Promise<unknown>) {
  const failures: string[] = [];
  let all = 0;
  for (const path of paths) {
    all++;
    await work(path).catch((error: Error) => failures.push(`${nameOf(path)}: ${error.message}`));
  }
  if (failures.length) {
    const why = failures.slice(0, 3).join("; ");
    throw new Error(all === 1 ? why : t("files.partly", { failed: failures.length, all, why }));
  }
}

export const moveAll = (picked: Picked, folder: string): Promise<void> =>
  each(picked.keys(), (path) =>
    store.call("server.files.move", {
      source: `gcodes/${path}`, dest: `gcodes/${join(folder, nameOf(path))}` }));

export async function copyAll(picked: Picked, folder: string): Promise<void> {
  const taken = await namesIn(folder);
  await each(picked.keys(), (path) =>
    store.call("server.files.copy", {
      source: `gcodes/${path}`, dest: `gcodes/${join(folder, free(nameOf(path), taken))}` }));
}

// "bracket (2).gcode" where there is a bracket.gcode.
export function free(name: string, taken: ReadonlySet<string>): string {
  const [, stem, ending] = /^(.*?)((?:\.gcode)?\.[^.]*|)$/.exec(name)!;
  let number = 2;
  let found = name;
  while (taken.has(found)) found = `${stem} (${number++})${ending}`;
  return found;
}

// All names in a folder; none, if there is no such folder yet.
export async function namesIn(folder: string): Promise<Set<string>> {
  const path = `gcodes/${folder}`.replace(/\/$/, "");
  const found = await store.call("server.files.get_directory", { path })
    .catch(() => ({ files: [], dirs: [] }));
  return new Set([
    ...found.files.map(({ filename }: GcodeFile) => filename),
    ...found.dirs.map(({ dirname }: Folder) => dirname),
  ]);
}

export interface Weight {
  files: number;
  folders: number;
  bytes: number;
}

// How much it is, with everything in the folders.
export async function weigh(picked: Picked): Promise<Weight> {
  const all: { path: string; size: number }[] = await store.call("server.files.list");
  const folders = [...picked.keys()].filter((path) => picked.get(path) === "folder");
  const meant = all.filter(({ path }) =>
    picked.get(path) === "file" || folders.some((folder) => path.startsWith(`${folder}/`)));
  const bytes = meant.reduce((sum, { size }) => sum + size, 0);
  return { files: meant.length, folders: folders.length, bytes };
}

export const deleteAll = (picked: Picked): Promise<void> =>
  each(picked.keys(), (path) =>
    picked.get(path) === "folder"
      ? store.call("server.files.delete_directory", { path: `gcodes/${path}`, force: true })
      : store.call("server.files.delete_file", { path: `gcodes/${path}` }));

export async function queueAll(paths: string[], first = false): Promise<number> {
  const queue = await store.call("server.job_queue.post_job", { filenames: paths });
  const mine = queue.queued_jobs.slice(-paths.length).reverse();
  for (const job of first ? mine : []) {
    await store.call("server.job_queue.jump", { job_id: job.job_id });
  }
  return queue.queued_jobs.length;
}

// One file as it is; several, or a folder, as one archive that is packed on its way.
export async function download(picked: Picked): Promise<void> {
  const paths = [...picked.keys()];
  if (paths.length === 1 && picked.get(paths[0]) === "file") {
    return save(`downloads/files/local/${encoded(paths[0])}`);
  }
  const { url } = await ask<{ url: string }>("POST", "api/gantry/archive", { paths });
  await save(url);
}

async function save(path: string): Promise<void> {
  const link = document.createElement("a");
  link.href = await withToken(path);
  link.download = "";
  link.click();
}

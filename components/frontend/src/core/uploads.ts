// Files on their way to the server, one after the other, each with its progress.
import { upload } from "./api";
import { isPrintable, join } from "./gcodes";
import { store } from "./store";

export interface Coming {
  file: File;
  folder: string; // below the root
}

interface Entry {
  isDirectory: boolean;
  name: string;
  file?: (take: (file: File) => void, fail: (why: unknown) => void) => void;
  createReader?: () => {
    readEntries(take: (entries: Entry[]) => void, fail: (why: unknown) => void): void;
  };
}

class Uploads extends EventTarget {
  present: { name: string; share: number } | null = null;
  waiting: Coming[] = [];
  private stopper: AbortController | null = null;

  add(coming: Coming[]): Promise<void> {
    this.waiting.push(...coming);
    return this.present ? Promise.resolve() : this.work();
  }

  // Stops the one that is under way.
  stop(): void {
    this.stopper?.abort();
  }

  stopAll(): void {
    this.waiting = [];
    this.stop();
  }

  private async work(): Promise<void> {
    let next: Coming | undefined;
    const problems: string[] = [];
    while ((next = this.waiting.shift())) {
      const { file, folder } = next;
      this.stopper = new AbortController();
      const progress = (share: number) => this.now({ name: file.name, share });
      progress(0);
      const { signal } = this.stopper;
      await upload(file, folder, progress, signal)
        .catch((error: Error) => problems.push(`${file.name}: ${error.message}`));
      this.dispatchEvent(new Event("done"));
    }
    this.now(null);
    if (problems.length) await store.attempt(() => Promise.reject(new Error(problems.join("\n"))));
  }

  private now(present: Uploads["present"]): void {
    this.present = present;
    this.dispatchEvent(new Event("change"));
  }
}

// They go on while somebody looks at another page.
export const uploads = new Uploads();

// What was dropped: files, and folders with all that can be printed in them.
export async function dropped(data: DataTransfer, folder: string): Promise<[Coming[], number]> {
  // All at once: after the first wait the browser has forgotten what was dropped.
  const items = [...data.items].filter((item) => item.kind === "file").map((item) => ({
    entry: item.webkitGetAsEntry?.() as Entry | null, file: item.getAsFile(),
  }));
  const found: Coming[] = [];
  const count = { left: 0 };
  for (const { entry, file } of items) {
    if (entry?.isDirectory) await walk(entry, join(folder, entry.name), found, count);
    else if (file) found.push({ file, folder });
  }
  return [found, count.left];
}

async function walk(entry: Entry, folder: string, found: Coming[], count: { left: number }) {
  const reader = entry.createReader!();
  const some = () => new Promise<Entry[]>((take, fail) => reader.readEntries(take, fail));
  for (let entries = await some(); entries.length; entries = await some()) {
    for (const each of entries) {
      if (each.isDirectory) await walk(each, join(folder, each.name), found, count);
      else if (!isPrintable(each.name)) count.left++;
      else {
        const file = await new Promise<File>((take, fail) => each.file!(take, fail));
        found.push({ file, folder });
      }
    }
  }
}

// What was chosen by a dialog; files of a folder say where in it they are.
export function chosen(files: Iterable<File>, folder: string): [Coming[], number] {
  const all = [...files];
  const kept = all.filter((file) => !file.webkitRelativePath || isPrintable(file.name));
  const coming = kept.map((file) => {
    const below = file.webkitRelativePath.split("/").slice(0, -1).join("/");
    return { file, folder: below ? join(folder, below) : folder };
  });
  return [coming, all.length - kept.length];
}

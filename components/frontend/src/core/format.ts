// Numbers as people read them.
import { language } from "./i18n";

export const number = (value: number, digits = 0) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const percent = (share: number) =>
  Math.min(share, 1).toLocaleString(language, { style: "percent", maximumFractionDigits: 0 });

export const degrees = (value: number | null | undefined, digits = 0) =>
  value === null || value === undefined ? "–" : `${number(value, digits)} °C`;

export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export function clock(unix: number): string {
  const date = new Date(unix * 1000);
  const sameDay = date.toDateString() === new Date().toDateString();
  return date.toLocaleString(language, {
    ...(sameDay ? {} : { weekday: "short" }),
    hour: "2-digit",
    minute: "2-digit",
  });
}

export const dateTime = (unix: number) =>
  new Date(unix * 1000).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });

export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let index = 0;
  while (size >= 1000 && index < units.length - 1) {
    size /= 1000;
    index++;
  }
  return `${number(size, index && size < 10 ? 1 : 0)} ${units[index]}`;
}

export const metres = (mm: number) => `${number(mm / 1000, 2)} m`;

export const fileName = (path: string) => path.slice(path.lastIndexOf("/") + 1);

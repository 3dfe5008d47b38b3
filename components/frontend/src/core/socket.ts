// JSON-RPC over Moonraker's websocket: calls, notifications, and noticing within five
// seconds that nobody is there any more.
import { at, key, Refusal } from "./api";

type Call = { resolve: (value: any) => void; reject: (error: Error) => void };
type Hear = (method: string, params: any[]) => void;

// After so much silence we ask whether anybody is there; looked at twice a second, both take
// less than five seconds.
const QUIET_MS = 2000;
const ANSWER_MS = 1900;
const RETRY_MS = [300, 700, 1500, 3000];

export class Socket {
  private socket: WebSocket | null = null;
  private calls = new Map<number, Call>();
  private number = 0;
  private heard = 0;
  private asked = 0; // when, whether anybody is there
  private attempts = 0;
  private watch: number | undefined;
  private retry: number | undefined;
  private wanted = false;

  constructor(
    private readonly onOpen: () => Promise<void>,
    private readonly onHear: Hear,
    private readonly onLost: () => void,
  ) {}

  // Connects at once, also where it would have waited a little longer.
  start(): void {
    if (this.socket !== null) return;
    this.wanted = true;
    clearTimeout(this.retry);
    this.connect();
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.retry);
    clearInterval(this.watch);
    this.socket?.close();
    this.socket = null;
    this.giveUp();
  }

  call<T = any>(method: string, params: object = {}): Promise<T> {
    const socket = this.socket;
    if (socket?.readyState !== WebSocket.OPEN) {
      return Promise.reject(new Refusal(0, "no connection"));
    }
    const id = ++this.number;
    return new Promise((resolve, reject) => {
      this.calls.set(id, { resolve, reject });
      socket.send(JSON.stringify({ jsonrpc: "2.0", method, params, id }));
    });
  }

  private connect(): void {
    const url = new URL(at("websocket"));
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url);
    this.socket = socket;
    socket.onmessage = (event) => this.take(event.data as string);
    socket.onclose = () => this.lost(socket);
    socket.onopen = () => void this.opened(socket);
  }

  private async opened(socket: WebSocket): Promise<void> {
    this.heard = Date.now();
    this.asked = 0;
    clearInterval(this.watch);
    this.watch = window.setInterval(() => this.look(), 500);
    const mine = key.get();
    try {
      await this.call("server.connection.identify", {
        client_name: "Gantry page",
        version: "1",
        type: "web",
        url: location.origin,
        ...(mine === null ? {} : { api_key: mine }),
      });
      await this.onOpen();
      this.attempts = 0;
    } catch {
      socket.close();
    }
  }

  // A computer that slept has heard nothing for long, and asks before it takes that ill.
  private look(): void {
    const now = Date.now();
    if (this.asked) {
      if (now - this.asked > ANSWER_MS) this.drop();
    } else if (now - this.heard > QUIET_MS) {
      // Also while a call is under way: G28 takes minutes, and nothing may be said meanwhile.
      this.asked = now;
      void this.call("server.websocket.id").catch(() => undefined);
    }
  }

  private drop(): void {
    const socket = this.socket;
    if (socket === null) return;
    socket.onclose = null;
    socket.close();
    this.lost(socket);
  }

  private take(text: string): void {
    this.heard = Date.now();
    this.asked = 0;
    const message = JSON.parse(text);
    if (message.id !== undefined && message.id !== null) {
      const call = this.calls.get(message.id);
      this.calls.delete(message.id);
      if (message.error) call?.reject(new Refusal(message.error.code, message.error.message));
      else call?.resolve(message.result);
    } else if (message.method) {
      this.onHear(message.method, message.params ?? []);
    }
  }

  private lost(socket: WebSocket): void {
    if (this.socket !== socket) return;
    this.socket = null;
    clearInterval(this.watch);
    this.giveUp();
    this.onLost();
    if (!this.wanted) return;
    const wait = RETRY_MS[Math.min(this.attempts++, RETRY_MS.length - 1)];
    this.retry = window.setTimeout(() => this.connect(), wait);
  }

  private giveUp(): void {
    for (const call of this.calls.values()) call.reject(new Refusal(0, "the connection was lost"));
    this.calls.clear();
  }
}

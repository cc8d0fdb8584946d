/** All runs of the server, over REST. */
import { besidePage } from "./pack";
import { Signal } from "./signal";
import { tokenHeaders } from "./token";

export interface RunInfo {
  id: string;
  name: string;
  seed: number;
  state: "preparing" | "ready" | "stopped" | "failed" | "crashed";
  error: string;
  parent: string;
  parent_tick: number;
  private: boolean;
  created: number;
  clients: number;
  driver: string;
  tick: number;
  head: number;
  live: boolean;
  playing: boolean;
  speed: number | "max";
}

interface Listing {
  runs: RunInfo[];
  scenes: string[];
}

interface Watched {
  client: string;
  seconds: number;
  watching: string[];
}

export class Runs {
  list: RunInfo[] = [];
  scenes: string[] = [];
  readonly onList = new Signal<void>();

  /** The run with a name; a short one of its letters is unique enough for people. */
  find(id: string): RunInfo | undefined {
    return this.list.find((run) => run.id === id);
  }

  async refresh(): Promise<void> {
    const listing = await call<Listing>("GET", "runs");
    this.list = listing.runs.sort((a, b) => a.created - b.created);
    this.scenes = listing.scenes;
    this.onList.emit();
  }

  async create(scene: string, seed: number): Promise<RunInfo> {
    return (await call<{ run: RunInfo }>("POST", "runs", { scene, seed })).run;
  }

  /** A run that goes on by itself from what is shown; with a seed its future is drawn anew. */
  async fork(id: string, seed: number | null): Promise<RunInfo> {
    return (await call<{ run: RunInfo }>("POST", `runs/${id}/fork`, seed === null ? {} : { seed })).run;
  }

  start = (id: string): Promise<unknown> => call("POST", `runs/${id}/start`);
  stop = (id: string): Promise<unknown> => call("POST", `runs/${id}/stop`);
  delete = (id: string): Promise<unknown> => call("DELETE", `runs/${id}`);
  info = (id: string): Promise<RunInfo> => call<RunInfo>("GET", `runs/${id}`);
  watched = (id: string): Promise<Watched> => call<Watched>("GET", `runs/${id}/driver`);
}

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const headers = { ...tokenHeaders(), ...(body && { "Content-Type": "application/json" }) };
  const options = { method, headers, body: body && JSON.stringify(body) };
  const answer = await fetch(besidePage(`api/${path}`), options);
  if (answer.status === 204) return undefined as T;
  const told = (await answer.json()) as T & { message?: string };
  if (!answer.ok) throw new Error(told.message ?? `the server answered ${answer.status}`);
  return told;
}

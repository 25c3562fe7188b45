// Jobs that run later: at once after what has arrived by then, or after a time.

/** A timer of 0 ms waits for 4 in a browser, where one sets the next; messages to oneself do not. */
const channel = new MessageChannel();
const waiting = new Map<number, () => void>();
let next = 0;

channel.port1.onmessage = ({ data }: MessageEvent<number>) => {
  const job = waiting.get(data);
  waiting.delete(data);
  job?.();
};

/** Runs a job later; the returned function takes it back. */
export function later(milliseconds: number, job: () => void): () => void {
  if (milliseconds === 0) {
    const id = next++;
    waiting.set(id, job);
    channel.port2.postMessage(id);
    return () => void waiting.delete(id);
  }
  const timer = setTimeout(job, milliseconds);
  return () => clearTimeout(timer);
}

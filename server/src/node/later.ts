// Jobs that run later: at once after what has arrived by then, or after a time.

/** Runs a job later; the returned function takes it back. */
export function later(milliseconds: number, job: () => void): () => void {
  if (milliseconds === 0) {
    const immediate = setImmediate(job);
    return () => clearImmediate(immediate);
  }
  const timer = setTimeout(job, milliseconds);
  return () => clearTimeout(timer);
}

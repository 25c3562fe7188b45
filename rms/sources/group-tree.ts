// Who is in which group, also through groups in groups.

export class GroupTree {
  /** Group or person → the groups that it is in itself. */
  private readonly above = new Map<string, string[]>();
  private readonly all = new Map<string, ReadonlySet<string>>();

  add(member: string, group: string): void {
    const groups = this.above.get(member);
    if (groups === undefined) this.above.set(member, [group]);
    else groups.push(group);
  }

  /** To be asked once all is added. */
  groupsOf(member: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const group of this.above.get(member) ?? []) for (const one of this.upFrom(group)) found.add(one);
    return found;
  }

  /** The group and all above it; groups that contain each other come to an end. */
  private upFrom(group: string): ReadonlySet<string> {
    const known = this.all.get(group);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const waiting = [group];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      for (const one of this.above.get(next) ?? []) waiting.push(one);
    }
    this.all.set(group, found);
    return found;
  }
}

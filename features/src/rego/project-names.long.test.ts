// The names of a project, asked for one place and for a whole text.
import { expect, test } from "vitest";
import { memoryHost } from "#workspace/host.ts";
import { openProject } from "#workspace/workspace.ts";
import { namesOf } from "./project-names.ts";

const text = `package p.q

import data.lib as l
import data.other.helper

f(x) := y if {
	y := helper(x) + l.g(count(x))
	some i, z in input.list
	every v in z { v > i; r[v] }
}

r["a.b"] := 1
r[k] := { u | some u in data.p.q.f(k); not input.off with input.off as true }

chained(a) if { a.b } { a.c }

other if r
else := x if { x := "else" } else := 3

broken := { f(1
	more := r.z
`;

test("what stands at a place is the same for one who asks about it alone, and for one who knows the whole text", async () => {
  const files = { "/p/a.rego": text, "/p/b.rego": "package p.q\n\nelsewhere := 1\n\nr.z := f(elsewhere)\n" };
  for (const path of Object.keys(files)) {
    const whole = await openProject(memoryHost(files), "/p");
    const all = namesOf(whole).names(whole.files.get(path)!);
    expect(all.occurrences.length).toBeGreaterThan(3);
    for (const { range } of all.occurrences) {
      for (const offset of [range.start, range.end]) {
        const project = await openProject(memoryHost(files), "/p");
        const file = project.files.get(path)!;
        const names = namesOf(project);
        const alone = names.occurrenceAt(file, offset);
        expect(alone).toEqual(namesOf(whole).occurrenceAt(whole.files.get(path)!, offset));
        expect(names.targetOf(file, alone!)).toEqual(namesOf(whole).targetOf(whole.files.get(path)!, alone!));
      }
    }
  }
});

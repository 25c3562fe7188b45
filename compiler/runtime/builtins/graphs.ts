// walk and graph.*.

import { depth, pop, push, stackAt } from "../memory";
import { TAG_ARRAY, TAG_OBJECT, TAG_SET, UNDEFINED, smallInteger, tagOf } from "../word";
import {
  arrayAppend, arrayAt, countOf, makeArray, makeSet, objectGet, setAdd, setAddNew, setHas, sortedItems,
} from "../collection";
import { equal } from "../compare";
import { needObject, operandError } from "../operands";

function extended(path: u64, key: u64): u64 {
  const n = countOf(path);
  const longer = makeArray(n + 1);
  for (let i: u32 = 0; i < n; i++) arrayAppend(longer, arrayAt(path, i));
  arrayAppend(longer, key);
  return longer;
}

function pair(path: u64, value: u64): u64 {
  const p = makeArray(2);
  arrayAppend(p, path);
  arrayAppend(p, value);
  return p;
}

/** Every [path, value] below a value and the value itself, outer before inner, as an array. */
export function builtin_walk(value: u64): u64 {
  const result = makeArray(0);
  const root = makeArray(0);
  arrayAppend(result, pair(root, value));
  const bottom = depth();
  open(root, value);
  while (depth() > bottom) {
    // A frame of 32 bytes: path, next item, items left, tag, position.
    const frame = stackAt(depth());
    const left = load<u32>(frame, 12);
    if (left == 0) {
      pop(32);
      continue;
    }
    const path = load<u64>(frame);
    const item = <usize>load<u32>(frame, 8);
    const tag = load<u32>(frame, 16);
    const position = load<u32>(frame, 20);
    store<u32>(frame, <u32>item + (tag == TAG_OBJECT ? 16 : 8), 8);
    store<u32>(frame, left - 1, 12);
    store<u32>(frame, position + 1, 20);
    const key = tag == TAG_ARRAY ? smallInteger(position) : load<u64>(item);
    const inner = tag == TAG_OBJECT ? load<u64>(item, 8) : load<u64>(item);
    const below = extended(path, key);
    arrayAppend(result, pair(below, inner));
    open(below, inner);
  }
  return result;
}

function open(path: u64, value: u64): void {
  if (tagOf(value) < TAG_ARRAY) return;
  const items = sortedItems(value);
  const frame = push(32);
  store<u64>(frame, path);
  store<u32>(frame, <u32>items, 8);
  store<u32>(frame, countOf(value), 12);
  store<u32>(frame, tagOf(value), 16);
  store<u32>(frame, 0, 20);
}

function isList(v: u64): bool {
  return tagOf(v) == TAG_ARRAY || tagOf(v) == TAG_SET;
}

/** The nodes of the graph that can be reached from the initial ones. */
export function builtin_graph_reachable(graph: u64, initial: u64): u64 {
  if (!needObject(1, graph)) return UNDEFINED;
  if (!isList(initial)) return operandError(2, initial, "{array, set}");
  const reached = makeSet(0);
  const queue = makeArray(0);
  enqueue(queue, reached, graph, initial);
  for (let i: u32 = 0; i < countOf(queue); i++) {
    const edges = objectGet(graph, arrayAt(queue, i));
    if (isList(edges)) enqueue(queue, reached, graph, edges);
  }
  return reached;
}

function enqueue(queue: u64, reached: u64, graph: u64, nodes: u64): void {
  const items = sortedItems(nodes);
  for (let i: u32 = 0; i < countOf(nodes); i++) {
    const node = load<u64>(items + (<usize>i << 3));
    if (objectGet(graph, node) != UNDEFINED && setAddNew(reached, node)) arrayAppend(queue, node);
  }
}

/** All paths from the initial nodes to where they end or would turn in a circle. */
export function builtin_graph_reachable_paths(graph: u64, initial: u64): u64 {
  if (!needObject(1, graph)) return UNDEFINED;
  if (!isList(initial)) return operandError(2, initial, "{array, set}");
  const result = makeSet(0);
  const items = sortedItems(initial);
  for (let i: u32 = 0; i < countOf(initial); i++) {
    const node = load<u64>(items + (<usize>i << 3));
    const edges = objectGet(graph, node);
    if (edges == UNDEFINED) continue;
    const path = makeArray(1);
    arrayAppend(path, node);
    if (!isList(edges) || countOf(edges) == 0) {
      setAdd(result, path);
      continue;
    }
    const next = sortedItems(edges);
    for (let j: u32 = 0; j < countOf(edges); j++) follow(result, graph, path, load<u64>(next + (<usize>j << 3)));
  }
  return result;
}

function follow(result: u64, graph: u64, before: u64, node: u64): void {
  const edges = objectGet(graph, node);
  if (edges == UNDEFINED) {
    setAdd(result, before);
    return;
  }
  const path = extended(before, node);
  if (!isList(edges) || countOf(edges) == 0) {
    setAdd(result, path);
    return;
  }
  const items = sortedItems(edges);
  for (let i: u32 = 0; i < countOf(edges); i++) {
    const next = load<u64>(items + (<usize>i << 3));
    if (contains(path, next)) setAdd(result, path);
    else follow(result, graph, path, next);
  }
}

function contains(path: u64, node: u64): bool {
  for (let i: u32 = 0; i < countOf(path); i++) if (equal(arrayAt(path, i), node)) return true;
  return false;
}

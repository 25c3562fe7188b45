// Entry of the runtime.
export { stringCopy, sortItems, objectPut, objectGet, makeObject, setAdd, makeSet, compare, hash, makeArray, arrayAppend, keyAt, valueAt, sortedItems, builtinError } from "./value";

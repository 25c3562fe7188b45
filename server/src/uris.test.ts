// URIs of files: spaces, percent signs, umlauts, Windows drives, shares, other schemes.
import { expect, test } from "vitest";
import { pathOf, UriBook, uriOf } from "./uris.ts";

test.each([
  ["file:///a/b%20c.rego", "/a/b c.rego"],
  ["file:///a/100%25%23.rego", "/a/100%#.rego"],
  ["file:///gr%C3%BC%C3%9Fe.rego", "/grüße.rego"],
  ["file://server/share/a.rego", "//server/share/a.rego"],
  ["untitled:Untitled-1", "untitled:Untitled-1"],
])("%s is %s and back", (uri, path) => {
  expect(pathOf(uri)).toBe(path);
  expect(uriOf(path)).toBe(uri);
});

test.each([
  ["vscode-vfs://github/acme/rules/a%20b.rego", "/vscode-vfs:github/acme/rules/a b.rego"],
  ["vscode-remote://localhost:8080/p/a.rego", "/vscode-remote:localhost:8080/p/a.rego"],
  ["memfs:/p/a.rego", "/memfs:/p/a.rego"],
  ["file:///p/a.rego", "/p/a.rego"],
  ["git:/p/a.rego?ref=HEAD", "git:/p/a.rego?ref=HEAD"],
  ["other:/p/a.rego", "other:/p/a.rego"],
])("with file systems of the client, %s is %s and back", (uri, path) => {
  const book = new UriBook();
  book.fileSystems = new Set(["vscode-vfs", "vscode-remote", "memfs", "git"]);
  expect(pathOf(uri, book.fileSystems)).toBe(path);
  expect(book.uri(path)).toBe(uri);
  expect(book.isOfClient(path)).toBe(path.startsWith("/") && !path.startsWith("/p"));
});

test("a path says which file system of the client it is in", () => {
  const book = new UriBook();
  book.fileSystems = new Set(["vscode-vfs", "file"]);
  expect(book.fileSystemOf("/vscode-vfs:github/acme/a.rego")).toBe("/vscode-vfs:github");
  expect(book.fileSystemOf("/other:x/a.rego")).toBe("");
});

test("the topmost folder of a file system has an address", () => {
  const fileSystems = new Set(["memfs", "mount"]);
  expect([pathOf("memfs:/", fileSystems), uriOf("/memfs:", fileSystems)]).toEqual(["/memfs:/", "memfs:/"]);
  expect([pathOf("mount://m", fileSystems), uriOf("/mount:m", fileSystems)]).toEqual(["/mount:m", "mount://m/"]);
});

test("drive letters are the same in either case, and the client's spelling is kept", () => {
  expect(pathOf("file:///C%3A/a.rego")).toBe("/c:/a.rego");
  const book = new UriBook();
  const path = book.path("file:///C:/a.rego");
  expect(book.uri(path)).toBe("file:///C:/a.rego");
});

test("a stray percent sign is taken as it stands", () => {
  expect(pathOf("file:///a%zz")).toBe("/a%zz");
});

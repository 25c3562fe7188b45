// Time zones: offsets and abbreviations at instants of the past, of now and of later.
import { expect, test } from "vitest";
import { zoneOf } from "./zones.ts";

test.each([
  ["Asia/Tokyo", "2024-01-02T00:00:00Z", "32400 JST"],
  ["Australia/Sydney", "2024-01-02T00:00:00Z", "39600 AEDT"],
  ["Australia/Sydney", "2024-07-02T00:00:00Z", "36000 AEST"],
  ["Asia/Kolkata", "1942-09-01T00:00:00Z", "23400 +0630"],
  ["Africa/Monrovia", "1970-01-01T00:00:00Z", "-2670 MMT"],
  ["Europe/Berlin", "1850-01-01T00:00:00Z", "3208 LMT"],
  // Behind the last change that is known a rule holds.
  ["Europe/Berlin", "2200-03-30T00:59:59Z", "3600 CET"],
  ["Europe/Berlin", "2200-03-30T01:00:00Z", "7200 CEST"],
  ["Europe/Dublin", "2200-07-01T00:00:00Z", "3600 IST"],
  ["America/Sao_Paulo", "2200-01-01T00:00:00Z", "-10800 -03"],
  ["Asia/Jerusalem", "2200-03-28T00:00:00Z", "10800 IDT"],
  ["EST", "1920-01-01T00:00:00Z", "-18000 EST"],
])("%s at %s", (name, instant, shown) => {
  const zone = zoneOf(name);
  if ("fault" in zone) throw new Error(zone.fault);
  const { offset, abbreviation } = zone(Date.parse(instant) / 1000);
  expect(`${offset} ${abbreviation}`).toBe(shown);
});

test.each([
  ["asia/tokyo", "unknown time zone asia/tokyo"],
  ["+05:00", "unknown time zone +05:00"],
  ["Asia", "is a directory"],
  ["America/Indiana/", "is a directory"],
  ["Asia/Tokyo/", "not a directory"],
  ["UTC/x", "not a directory"],
  ["Asia/../UTC", "time: invalid location name"],
  ["/etc", "time: invalid location name"],
  ["é".repeat(128), "file name too long"],
  ["Asia/x/".repeat(700), "file name too long"],
  ["\u0000", "invalid argument"],
])("%s is no zone", (name, fault) => {
  expect(zoneOf(name)).toEqual({ fault });
});

test.each(["Asia//Tokyo", "./Asia/./Tokyo"])("%s is a path of a zone", (name) => {
  expect(zoneOf(name)).toBeTypeOf("function");
});

// What pages ask for beside themselves; each has its content's digest in its address, so that browsers may keep it.
import { sha256 } from "../store/blobs.ts";
import { assetTexts } from "./assets.generated.ts";

interface Asset {
  readonly path: string;
  readonly address: string;
  readonly type: string;
  readonly text: string;
}

function asset(file: keyof typeof assetTexts, type: string): Asset {
  const text = assetTexts[file];
  const path = `/console/assets/${file}`;
  return { path, address: `${path}?v=${sha256(text).slice(0, 16)}`, type, text };
}

export const assets = {
  style: asset("console.css", "text/css; charset=utf-8"),
  script: asset("console.mjs", "text/javascript; charset=utf-8"),
  icon: asset("icon.svg", "image/svg+xml"),
};

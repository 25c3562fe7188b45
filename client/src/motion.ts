// Icons that turn stand still where the reader wants no motion.
import * as vscode from "vscode";

/** The name of an icon that says "at work", turning unless motion is to be reduced. */
export function turning(icon: string): string {
  return vscode.workspace.getConfiguration("workbench").get("reduceMotion") === "on" ? icon : `${icon}~spin`;
}

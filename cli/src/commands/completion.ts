// `rw completion`: scripts that make shells complete `rw`.
import { type Command, usageError } from "../command.ts";
import { type Shell, scripts } from "../completion/scripts.ts";

const shells = Object.keys(scripts) as readonly Shell[];

export const completion: Command = {
  name: "completion",
  usage: `completion {${shells.join("|")}}`,
  summary: "Print a script that makes a shell complete commands, flags and their values",
  details: `
Load it where the shell starts:

    bash         source <(rw completion bash)                                 in ~/.bashrc
    zsh          source <(rw completion zsh)                                  in ~/.zshrc, behind compinit
    fish         rw completion fish > ~/.config/fish/completions/rw.fish      once
    PowerShell   rw completion powershell | Out-String | Invoke-Expression    in $PROFILE
`,
  flags: [],
  run: async ({ io, positionals }) => {
    const [name, ...more] = positionals;
    const shell = shells.find((one) => one === name);
    if (shell === undefined || more.length > 0) {
      io.err(usageError(completion, `name one shell: ${shells.join(", ")}`));
      return 1;
    }
    io.out(scripts[shell]);
    return 0;
  },
};

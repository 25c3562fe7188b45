// What shells run to complete `rw`: each asks `rw __complete` for what can stand at the cursor, and completes paths itself.

/** `rw __complete` prints a line for each candidate, its value and a tab and what it is about; or this line alone. */
export const filesLine = ":files";

const programs = ["rw", "rulewright"];

// Bash takes "=" for a word of its own: the words are put together again, and what stands before "=" is taken off what comes back.
const bash = `# bash completion for rw
_rw() {
  local IFS=$'\\n' line word join="" cut="" words=()
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ $word == "=" || $join == "=" ]] && ((\${#words[@]})); then
      words[\${#words[@]}-1]+="$word"
    else
      words+=("$word")
    fi
    join="$word"
  done
  word="\${words[\${#words[@]}-1]}"
  [[ $word == --*=* ]] && cut="\${word%%=*}="
  while read -r line; do
    line="\${line%%$'\\t'*}"
    [[ $line == "${filesLine}" ]] && return
    COMPREPLY+=("\${line#"$cut"}")
  done < <("\${COMP_WORDS[0]}" __complete -- "\${words[@]}" 2>/dev/null)
}
complete -o bashdefault -o default -F _rw ${programs.join(" ")}
`;

const zsh = `#compdef ${programs.join(" ")}
_rw() {
  local -a candidates
  local line value
  while IFS= read -r line; do
    if [[ $line == "${filesLine}" ]]; then
      _files
      return
    fi
    value=\${line%%$'\\t'*}
    candidates+=("\${value//:/\\\\:}:\${line#*$'\\t'}")
  done < <("\${words[1]}" __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  _describe -t candidates 'rw' candidates
}
if [[ \${funcstack[1]} == _rw ]]; then _rw "$@"; else compdef _rw ${programs.join(" ")}; fi
`;

const fish = `# fish completion for rw
function __rw_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l lines ($words[1] __complete -- $words[2..-1] "$typed" 2>/dev/null)
    if test "$lines[1]" = "${filesLine}"
        __fish_complete_path "$typed"
    else
        printf '%s\\n' $lines
    end
end
${programs.map((program) => `complete -c ${program} -f -a '(__rw_complete)'`).join("\n")}
`;

const powershell = `# PowerShell completion for rw
Register-ArgumentCompleter -Native -CommandName ${programs.join(", ")} -ScriptBlock {
    param($typed, $line, $cursor)
    $words = @($line.CommandElements | Where-Object { $_.Extent.EndOffset -le $cursor } | ForEach-Object { $_.ToString() })
    $before = @($words | Select-Object -Skip 1)
    $mark = if ($typed -eq '') { '--next' } else { '--' }
    foreach ($one in @(& $words[0] __complete $mark @before 2>$null)) {
        if ($one -eq '${filesLine}') { return }
        $value, $about = $one -split "\\t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`;

export const scripts = { bash, zsh, fish, powershell } as const;
export type Shell = keyof typeof scripts;

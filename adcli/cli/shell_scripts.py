"""The completion scripts of the shells: click's, repaired where a shell would lose words or file names."""

from __future__ import annotations

import os

from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete, split_arg_string

# bash splits words at = and :, so the script hands over the line and the end of the word that bash replaces.
BASH = r"""%(complete_func)s() {
    local IFS=$'\n' response type value
    response=$(env COMP_WORDS="${COMP_LINE:0:COMP_POINT}" COMP_CWORD="${COMP_WORDS[COMP_CWORD]}" \
%(complete_var)s=bash_complete "$1")
    COMPREPLY=()
    while IFS=',' read -r type value; do
        if [[ $type == file ]]; then
            compopt -o filenames 2>/dev/null
            COMPREPLY+=($(compgen -f -- "$value"))
        elif [[ $type == plain ]]; then
            COMPREPLY+=("$value")
            [[ $value == *[=/] ]] && compopt -o nospace 2>/dev/null
        fi
    done <<< "$response"
    return 0
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


class Bash(BashComplete):
    """Completion for bash, by the line instead of its words."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words, and the last one, which is being typed."""
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)
        incomplete = words.pop() if words and not line[-1:].isspace() else ""
        return words[1:], incomplete

    def complete(self) -> str:
        """Return the answers without the beginning of the word that bash keeps."""
        words, typed = self.get_completion_args()
        end = os.environ["COMP_CWORD"].lstrip("=:")
        kept = len(typed) - len(end) if typed.endswith(end) else 0
        if kept and typed[kept - 1] == "@":  # readline counts it to the word, although it begins a new one
            kept -= 1
        return "\n".join(f"{item.type},{item.value[kept:]}" for item in self.get_completions(words, typed))


class Zsh(ZshComplete):
    """Completion for zsh, also without compinit in ~/.zshrc. No space follows ``x=`` and folders."""

    source_template = ZshComplete.source_template.replace(
        "    compdef ", "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }\n    compdef "
    ).replace(
        """if [[ "$descr" == "_" ]]; then""",
        """if [[ "$key" == *[=/] ]]; then
                compadd -U -V open -S '' -- "$key"
            elif [[ "$descr" == "_" ]]; then""",
    )


class Fish(FishComplete):
    """Completion for fish, whose descriptions may have commas."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split -m 1 ","')


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def register_shells() -> None:
    """Let click answer the scripts with these classes."""
    from click.shell_completion import add_completion_class

    for name, shell in SHELLS.items():
        add_completion_class(shell, name)

"""The completion scripts of the shells: click's, repaired where a shell would lose words or file names."""

from __future__ import annotations

import os
import re
from typing import cast

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

# bash splits words at = and :, so the script hands over the line and the end of the word that readline replaces.
# bash 3.2, as on macOS, has no compopt: there a blank is part of what is offered, except behind x= and folders.
BASH = r"""%(complete_func)s() {
    local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" response type value before files= end i
    response=$(env COMP_WORDS="$line" COMP_CWORD="$2" %(complete_var)s=bash_complete "$1")
    COMPREPLY=()
    while IFS=',' read -r type value; do
        if [[ $type == file ]]; then
            files=1
            compopt -o filenames 2>/dev/null
            before=
            [[ $value == --*=* ]] && before="${value%%%%=*}="
            COMPREPLY+=($(compgen -f -P "$before" -- "${value#"$before"}"))
        elif [[ $type == plain ]]; then
            COMPREPLY+=("$value")
            [[ $value == *[=/] ]] && compopt -o nospace 2>/dev/null
        fi
    done <<< "$response"
    before="${line:0:${#line}-${#2}}"
    [[ $before == *[\"\'] ]] && return 0
    end=" "
    if type compopt >/dev/null 2>&1; then
        [[ $files ]] && return 0
        end=
    fi
    for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
        value=${COMPREPLY[i]}
        [[ $files && -d $value ]] && value+=/
        [[ $value == *[[:space:]]* ]] && printf -v value %%q "$value"
        [[ $value == *[=/] ]] || value+=$end
        COMPREPLY[i]=$value
    done
    return 0
}
if type compopt >/dev/null 2>&1; then
    complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
else
    complete -o nospace -F %(complete_func)s %(prog_name)s
fi
"""


class WholeWords(ShellComplete):
    """What the shells have in common: each answer is the whole word, also that of ``--name=value``."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return the answers for a word. Click would leave out ``--name=``, and the shells then delete it."""
        name, equals, value = incomplete.partition("=")
        if not (equals and name.startswith("--")):
            return super().get_completions(args, incomplete)
        with click.Context(self.cli) as root:
            command = cast("click.Group", self.cli).get_command(root, args[0]) if args else None
        if command is None:
            return []
        with command.make_context(args[0], args[1:], parent=root, resilient_parsing=True) as ctx:
            options = [param for param in command.get_params(ctx) if name in param.opts and not _is_flag(param)]
            items = [item for option in options for item in option.shell_complete(ctx, value)]
        for item in items:
            item.value = f"{name}={item.value}"
        return items


def _is_flag(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and param.is_flag


class Bash(WholeWords, BashComplete):
    """Completion for bash, by the line instead of its words."""

    source_template = BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the whole words, and the last one, which is being typed."""
        words = split_arg_string(os.environ["COMP_WORDS"] + "_")  # belongs to the word that is being typed, if any
        return words[1:-1], words[-1][:-1]

    def complete(self) -> str:
        """Return the answers without the beginning of the word that bash keeps."""
        words, typed = self.get_completion_args()
        end = os.environ["COMP_CWORD"]
        if not typed.endswith(end):  # outside quotes
            end = re.sub(r"\\(.)", r"\1", end)
        kept = len(typed) - len(end) if typed.endswith(end) else 0
        return "\n".join(f"{item.type},{item.value[kept:]}" for item in self.get_completions(words, typed))


class Zsh(WholeWords, ZshComplete):
    """Completion for zsh, also without compinit in ~/.zshrc. No space follows ``x=`` and folders."""

    source_template = (
        ZshComplete.source_template.replace(
            "    compdef ", "    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }\n    compdef "
        )
        .replace(
            """if [[ "$descr" == "_" ]]; then""",
            """if [[ "$key" == *[=/] ]]; then
                compadd -U -V open -S '' -- "$key"
            elif [[ "$descr" == "_" ]]; then""",
        )
        .replace("_path_files -f", """[[ "$key" == --*=* ]] && compset -P 1 '--*='\n            _path_files -f""")
    )


class Fish(WholeWords, FishComplete):
    """Completion for fish, whose descriptions may have commas."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split -m 1 ","').replace(
        "__fish_complete_path $metadata[2];",
        """set -l before (string match -r -- '^--[^=]*=' $metadata[2]);
            set -l path (string replace -r -- '^--[^=]*=' '' $metadata[2]);
            set -l home (string match -r -- '^~/' $path);
            for found in (__fish_complete_path (string replace -r -- '^~/' ~/ $path));
                test -n "$home"; and set found (string replace -- ~/ '~/' $found);
                echo "$before$found";
            end;""",
    )


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def register_shells() -> None:
    """Let click answer the scripts with these classes."""
    from click.shell_completion import add_completion_class

    for name, shell in SHELLS.items():
        add_completion_class(shell, name)
